import { newId } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import { type ConversationRef, placeDisputed, rebuildConversations, takeDisputed } from "../folds/folds.ts";
import type { ContactRef } from "./identity-rows.ts";

/** Identities went from one contact to another. */
export interface Regrouping {
  workspace_id: string;
  from: string;
  to: string;
}

interface Thread {
  workspace_id: string;
  id: string;
  phone_number_id: string;
  contact_id: string;
  status: "OPEN" | "PENDING" | "RESOLVED";
  assignee_id: string | null;
  unread_count: number;
  read_at: Date | null;
  resolved_at: Date | null;
  late_at: Date | null;
  late_message_id: string | null;
}

/**
 * After identities moved between contacts: every message goes to the thread of the contact that its identity now
 * leads to, threads are folded again, and contacts without an identity are removed. Runs while the structure lock is
 * held alone, so only people write to these threads meanwhile, whose updates wait for the row.
 * Answers the threads and contacts that remain.
 */
export async function regroupThreads(
  tx: Tx,
  regroupings: readonly Regrouping[],
): Promise<{ threads: ConversationRef[]; contacts: ContactRef[]; joined: boolean }> {
  if (regroupings.length === 0) return { threads: [], contacts: [], joined: false };
  const contacts = contactsOf(regroupings);
  const due = rowsOf(
    contacts.map(({ workspace_id, id }) => ({ workspace_id, contact_id: id })),
    { workspace_id: "uuid", contact_id: "uuid" },
  );
  await keepNames(tx, regroupings);
  const threads = await tx.rows<Thread>(sql`
    select c.workspace_id, c.id, c.phone_number_id, c.contact_id, c.status, c.assignee_id, c.unread_count, c.read_at, c.resolved_at,
      c.late_at, c.late_message_id
    from ${due} join conversations c using (workspace_id, contact_id)
    order by c.workspace_id, c.id for update of c`);
  const remaining = await placeMessages(tx, threads, contacts);
  await rebuildConversations(tx, [...threads, ...remaining]);
  const gone = await tx.rows<{ id: string }>(sql`
    delete from contacts c using ${due}
    where c.workspace_id = due.workspace_id and c.id = due.contact_id
      and not exists (select from contact_identities i where i.workspace_id = c.workspace_id and i.contact_id = c.id)
    returning c.id`);
  const gone_ids = new Set(gone.map(({ id }) => id));
  await noteJoins(
    tx,
    regroupings.filter(({ from }) => gone_ids.has(from)),
  );
  return {
    threads: remaining,
    contacts: contacts.filter(({ id }) => !gone_ids.has(id)),
    joined: gone_ids.size > 0,
  };
}

const ENDS = { workspace_id: "uuid", from_id: "uuid", to_id: "uuid" } as const;
const endsOf = ({ workspace_id, from, to }: Regrouping) => ({ workspace_id, from_id: from, to_id: to });

/** For what hangs on a contact's id outside of this module: who it is now, see `takeJoins`. */
async function noteJoins(tx: Tx, joins: readonly Regrouping[]): Promise<void> {
  if (joins.length === 0) return;
  await tx.run(sql`
    insert into contact_joins (workspace_id, id, from_id, to_id)
    select workspace_id, id, from_id, to_id
    from ${rowsOf(
      joins.map((join) => ({ ...endsOf(join), id: newId() })),
      { ...ENDS, id: "uuid" },
    )}`);
}

/** Contacts that are another one by now, the earliest first; each is given once, to the transaction that commits. */
export async function takeJoins(tx: Tx, limit: number): Promise<Regrouping[]> {
  const taken = await tx.rows<Regrouping & { id: string }>(sql`
    delete from contact_joins j using (
      select workspace_id, id from contact_joins order by workspace_id, id limit ${limit} for update skip locked) due
    where j.workspace_id = due.workspace_id and j.id = due.id
    returning j.workspace_id, j.id, j.from_id as "from", j.to_id as "to"`);
  return taken.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function contactsOf(regroupings: readonly Regrouping[]): ContactRef[] {
  const contacts = regroupings.flatMap(({ workspace_id, from, to }) => [
    { workspace_id, id: from },
    { workspace_id, id: to },
  ]);
  return [...new Map(contacts.map((contact) => [contact.id, contact])).values()];
}

/** A contact that goes leaves the name that people gave it to the one which takes its identities. */
async function keepNames(tx: Tx, regroupings: readonly Regrouping[]): Promise<void> {
  await tx.run(sql`
    update contacts c set name = given.name
    from (
      select distinct on (gone.workspace_id, due.to_id) gone.workspace_id, due.to_id, gone.name
      from ${rowsOf(regroupings.map(endsOf), ENDS)}
      join contacts gone on gone.workspace_id = due.workspace_id and gone.id = due.from_id
      where gone.name is not null and not exists (
        select from contact_identities i where i.workspace_id = gone.workspace_id and i.contact_id = gone.id)
      order by gone.workspace_id, due.to_id, gone.id
    ) as given
    where c.workspace_id = given.workspace_id and c.id = given.to_id and c.name is null`);
}

/** Makes or takes over a thread for each contact and number that now has messages, and moves these there. */
async function placeMessages(
  tx: Tx,
  threads: readonly Thread[],
  contacts: readonly ContactRef[],
): Promise<Thread[]> {
  const by_id = new Map(threads.map((thread) => [thread.id, thread]));
  const disputed = await takeDisputed(tx, threads, contacts);
  const shares = await tx.rows<{ conversation_id: string; contact_id: string }>(sql`
    select distinct m.conversation_id, i.contact_id
    from ${rowsOf(threads, { workspace_id: "uuid", id: "uuid" })}
    join messages m on m.workspace_id = due.workspace_id and m.conversation_id = due.id
    join contact_identities i on (i.workspace_id, i.kind, i.value) = (m.workspace_id, m.identity_kind, m.identity_value)
    order by 1, 2`);
  const beside = disputed.flatMap(({ thread_ids, contact_id }) =>
    thread_ids.map((conversation_id) => ({ conversation_id, contact_id })),
  );
  const sources = new Map<string, Thread[]>();
  for (const { conversation_id, contact_id } of [...shares, ...beside]) {
    const thread = by_id.get(conversation_id)!;
    const name = `${thread.workspace_id} ${thread.phone_number_id} ${contact_id}`;
    const from = sources.get(name) ?? [];
    if (!from.includes(thread)) sources.set(name, [...from, thread]);
  }
  const nameOf = (thread: Thread) => `${thread.workspace_id} ${thread.phone_number_id} ${thread.contact_id}`;
  // A thread that is its contact's own stays; the others are free to become a new contact's.
  const own = new Map(
    threads.filter((thread) => sources.has(nameOf(thread))).map((thread) => [nameOf(thread), thread]),
  );
  const taken = new Set([...own.values()].map(({ id }) => id));
  const targets: { thread: Thread; is_new: boolean; from: Thread[] }[] = [];
  for (const [name, from] of sources) {
    const kept = own.get(name) ?? from.find(({ id }) => !taken.has(id));
    const id = kept?.id ?? newId();
    taken.add(id);
    const contact_id = name.split(" ")[2]!;
    targets.push({ thread: { ...merged(kept, from), id, contact_id }, is_new: !kept, from });
  }
  await writeThreads(
    tx,
    targets.filter(({ is_new }) => is_new).map(({ thread }) => thread),
    targets.filter(({ is_new }) => !is_new).map(({ thread }) => thread),
  );
  const moves = targets.flatMap(({ thread, from }) =>
    from
      .filter(({ id }) => id !== thread.id)
      .map(({ workspace_id, id }) => ({
        workspace_id,
        from_id: id,
        contact_id: thread.contact_id,
        to_id: thread.id,
      })),
  );
  await tx.run(sql`
    update messages m set conversation_id = due.to_id
    from ${rowsOf(moves, { ...ENDS, contact_id: "uuid" })}
    join contact_identities i on i.workspace_id = due.workspace_id and i.contact_id = due.contact_id
    where m.workspace_id = due.workspace_id and m.conversation_id = due.from_id
      and m.identity_kind = i.kind and m.identity_value = i.value`);
  const placed = new Map(targets.map(({ thread }) => [nameOf(thread), thread.id]));
  await placeDisputed(tx, disputed, (row) =>
    placed.get(`${row.workspace_id} ${row.number} ${row.contact_id}`)!,
  );
  return targets.map(({ thread }) => thread);
}

async function writeThreads(tx: Tx, made: readonly Thread[], kept: readonly Thread[]): Promise<void> {
  const columns = {
    workspace_id: "uuid",
    id: "uuid",
    phone_number_id: "uuid",
    contact_id: "uuid",
    status: "text",
    assignee_id: "uuid",
    read_at: "timestamptz",
    resolved_at: "timestamptz",
    late_at: "timestamptz",
    late_message_id: "uuid",
  } as const;
  // First the threads that change hands: a new one may take the place that they leave.
  await tx.run(sql`
    update conversations c set contact_id = due.contact_id, status = due.status, assignee_id = due.assignee_id,
      read_at = due.read_at, resolved_at = due.resolved_at, late_at = due.late_at, late_message_id = due.late_message_id
    from ${rowsOf(kept, columns)} where c.workspace_id = due.workspace_id and c.id = due.id`);
  await tx.run(sql`
    insert into conversations (workspace_id, id, phone_number_id, contact_id, status, assignee_id, read_at, resolved_at,
      late_at, late_message_id)
    select * from ${rowsOf(made, columns)}`);
}

/** What people did to threads that become one: the most open status, an assignee, and nothing unread gets lost. */
function merged(kept: Thread | undefined, from: readonly Thread[]): Thread {
  const all = [...(kept ? [kept] : []), ...from];
  const status =
    (["OPEN", "PENDING"] as const).find((one) => all.some((thread) => thread.status === one)) ?? "RESOLVED";
  const reads = (threads: readonly Thread[]) =>
    threads.map(({ read_at }) => read_at?.getTime() ?? 0).toSorted((a, b) => a - b);
  const unread = all.filter(({ unread_count }) => unread_count > 0);
  const late = all
    .filter(({ late_at }) => late_at !== null)
    .toSorted((a, b) => b.late_at!.getTime() - a.late_at!.getTime())[0];
  const read_ms = unread.length > 0 ? reads(unread)[0]! : reads(all).at(-1)!;
  return {
    ...all[0]!,
    status,
    resolved_at:
      status === "RESOLVED" ? (all.find(({ resolved_at }) => resolved_at)?.resolved_at ?? null) : null,
    assignee_id: all.find(({ assignee_id }) => assignee_id !== null)?.assignee_id ?? null,
    late_at: late?.late_at ?? null,
    late_message_id: late?.late_message_id ?? null,
    read_at: read_ms === 0 ? null : new Date(read_ms),
  };
}
