import { appendTo, idOf, newId } from "../base/base.ts";
import { int4Array, named, sql, textArray, uuidArray, type Queryable, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/change.ts";
import { BELIEVED_SKEW_MS, messageHash } from "../meta/meta.ts";
import {
  ensureConversations,
  foldAmendments,
  foldClosures,
  foldConversations,
  rebuildConversations,
  windowExpiresAt,
} from "./folds/folds.ts";
import {
  BUSINESS,
  type Closure,
  type Consent,
  type Facts,
  type Handle,
  nameless,
  noFacts,
} from "./facts/facts.ts";
import { groupState, marketingStateOf } from "./views/views.ts";
import { resolveIdentities, resolvePeople } from "./identity/identity.ts";
import { searchableMessage, searchColumns } from "./search/search.ts";
import { forgetUnmatched } from "./unmatched.ts";

/** Where a message is going to stand, and what decides whether it may. */
export interface Thread {
  workspace_id: string;
  id: string;
  contact_id: string;
  /** The row of phone_numbers. */
  phone_number: string;
  marketing_state: string;
  /** Null: the person never wrote. */
  window_expires_at: Date | null;
  /** Null: it is no group. */
  group_state: "active" | "suspended" | "deleted" | null;
  /** By what the person can be written to: a number before an id of Meta's, and never a former one. */
  to: Handle | null;
}

/** The thread, its row locked for the rest of the transaction; undefined when there is none. */
export async function lockThread(tx: Tx, workspace_id: string, id: string): Promise<Thread | undefined> {
  return (await lockThreads(tx, [{ workspace_id, id }])).get(id);
}

/** Those that exist, by their ids; locked in the order in which the pipeline locks them (`ensureConversations`). */
export async function lockThreads(
  tx: Tx,
  keys: readonly { workspace_id: string; id: string }[],
): Promise<Map<string, Thread>> {
  if (keys.length === 0) return new Map();
  const due = sql`unnest(${uuidArray(keys.map((key) => key.workspace_id))}::uuid[], ${uuidArray(keys.map((key) => key.id))}::uuid[])
    as due (workspace_id, id)`;
  await tx.run(sql`
    select from ${due} join conversations c using (workspace_id, id)
    order by c.workspace_id, c.contact_id, c.phone_number_id for no key update of c`);
  const rows = await tx.rows<Omit<Thread, "to"> & { kind: Handle["kind"] | null; value: string | null }>(sql`
    select c.workspace_id, c.id, c.contact_id, c.phone_number_id as phone_number,
      ${marketingStateOf(sql`ct`)} as marketing_state, ${groupState(sql`ct`)} as group_state,
      ${windowExpiresAt(sql`c`)} as window_expires_at, i.kind, i.value
    from ${due} join conversations c using (workspace_id, id)
    join contacts ct on ct.workspace_id = c.workspace_id and ct.id = c.contact_id
    left join lateral (
      select kind, value from contact_identities i
      where i.workspace_id = c.workspace_id and i.contact_id = c.contact_id and i.kind in ('wa_id', 'phone', 'bsuid', 'group')
      order by i.former, i.kind = 'bsuid', i.value desc limit 1) i on true`);
  return new Map(
    rows.map(({ kind, value, ...thread }) => {
      const to = kind === null || value === null ? null : { kind: kind === "phone" ? "wa_id" : kind, value };
      return [thread.id, { ...thread, to }];
    }),
  );
}

/** The threads of contacts, by number or id, with our numbers; both are made where they are missing. Ids in the same order. */
export async function openThreads(
  tx: Tx,
  wanted: readonly { workspace_id: string; phone_number: string; to: Handle }[],
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const resolved_ids = await resolveIdentities(tx, {
    ...noFacts(),
    sightings: wanted.map(({ workspace_id, to }) => nameless(ours(workspace_id), [to])),
    // A line is what makes the contact be asked for.
    lines: wanted.map(({ workspace_id, to }) => ({ workspace_id, identity: to }) as Facts["lines"][number]),
  });
  const keys = wanted.map(({ workspace_id, phone_number, to }) => ({
    workspace_id,
    phone_number,
    contact_id: resolved_ids.contactOf(workspace_id, to),
  }));
  return keys.map(await ensureConversations(tx, keys));
}

/** The threads of contacts who are known, with our numbers; made where they are missing. Ids in the same order. */
export async function threadsOfContacts(
  tx: Tx,
  keys: readonly { workspace_id: string; phone_number: string; contact_id: string }[],
): Promise<string[]> {
  return keys.map(await ensureConversations(tx, keys));
}

/** Of each list the first number that WhatsApp gave to a contact who is known here, by contact_identities' key; null when none is. */
export async function knownNumbers(
  db: Queryable,
  lists: readonly { workspace_id: string; numbers: readonly string[] }[],
): Promise<(string | null)[]> {
  const due = lists.flatMap(({ workspace_id, numbers }, list) =>
    numbers.map((number, place) => ({ workspace_id, number, list, place })),
  );
  if (due.length === 0) return lists.map(() => null);
  const rows = await db.rows<{ list: number; value: string }>(sql`
    select distinct on (due.list) due.list, i.value from unnest(
      ${uuidArray(due.map((one) => one.workspace_id))}::uuid[], ${textArray(due.map((one) => one.number))}::text[],
      ${int4Array(due.map((one) => one.list))}::integer[], ${int4Array(due.map((one) => one.place))}::integer[]
    ) as due (workspace_id, value, list, place)
    join contact_identities i on i.workspace_id = due.workspace_id and i.kind in ('wa_id', 'phone') and i.value = due.value
    order by due.list, i.former, due.place`);
  const found = new Map(rows.map((row) => [row.list, row.value]));
  return lists.map((_, list) => found.get(list) ?? null);
}

/** A message that goes out from here, as the thread shows it. */
export interface OutgoingLine {
  workspace_id: string;
  id: string;
  conversation_id: string;
  source: "AGENT" | "CAMPAIGN" | "AUTOMATION" | "API";
  type: string;
  to: Handle;
  text: string | null;
  content: Record<string, unknown>;
  /** Components of the template that it is sent by, for its words to be found. */
  template?: unknown;
  context_wamid: string | null;
  /** When it was asked for; in its thread it stands behind what is there. */
  at_ms: number;
}

/** Puts messages into their threads, whose rows are locked. They get their wamids when Meta has taken them. */
export async function addOutgoing(tx: Tx, lines: readonly OutgoingLine[]): Promise<LiveChange[]> {
  // The clock of Meta may be ahead of ours: what we write is later than what it answers all the same. What stands in a
  // future that can't be, from before such times were corrected, does not count.
  const written = await tx.rows<{ id: string; sent_at: Date }>(sql`
    insert into messages (workspace_id, id, conversation_id, direction, source, origin, event_id, type,
      identity_kind, identity_value, text, content, context_wamid, sent_at, received_at,
      search_text, search_grams)
    select due.workspace_id, due.id, due.conversation_id, 'OUTBOUND', due.source, 'sent', due.id, due.type, kind, value, text,
      content::jsonb, context_wamid, case when c.last_message_at > at + ${BELIEVED_SKEW_MS} * interval '1 millisecond' then at
        else greatest(at, c.last_message_at + interval '1 millisecond') end, at,
      search_text, search_grams::integer[]
    from unnest(
      ${uuidArray(lines.map((line) => line.workspace_id))}::uuid[], ${uuidArray(lines.map((line) => line.id))}::uuid[],
      ${uuidArray(lines.map((line) => line.conversation_id))}::uuid[], ${textArray(lines.map((line) => line.source))}::text[],
      ${textArray(lines.map((line) => line.type))}::text[], ${textArray(lines.map((line) => line.to.kind))}::text[],
      ${textArray(lines.map((line) => line.to.value))}::text[], ${textArray(lines.map((line) => line.text))}::text[],
      ${textArray(lines.map((line) => JSON.stringify(line.content)))}::text[],
      ${textArray(lines.map((line) => line.context_wamid))}::text[],
      ${lines.map((line) => new Date(line.at_ms).toISOString())}::timestamptz[],
      ${searchColumns(lines.map((line) => searchableMessage(line)))}
    ) as due (workspace_id, id, conversation_id, source, type, kind, value, text, content, context_wamid, at,
      search_text, search_grams)
    join conversations c on c.workspace_id = due.workspace_id and c.id = due.conversation_id
    returning id, sent_at`);
  const sent_at = new Map(written.map((row) => [row.id, row.sent_at.getTime()]));
  // A reaction stands at the message that it is about and is no news of its thread.
  const folded = lines.filter(({ type }) => type !== "reaction");
  await foldConversations(
    tx,
    folded.map((line) => ({
      ...line,
      direction: "OUTBOUND",
      origin: "sent",
      sent_at_ms: sent_at.get(line.id)!,
      event_id: line.id,
      position: 0,
      received_at: new Date(line.at_ms),
    })),
  );
  return lines.map(({ workspace_id, id: message_id, conversation_id }) => ({
    workspace_id,
    name: "ConversationMessageCreated",
    data: { conversation_id, message_id },
  }));
}

export interface NamedMessage {
  workspace_id: string;
  id: string;
  /** The row of phone_numbers that it went out from. */
  phone_number: string;
  wamid: string;
}

/**
 * The names that Meta gave to messages of ours: from here on their statuses are found. Should another account of the
 * same message have been told before (the history of a number does), ours takes its place. Where a message goes by a
 * newer try it gets a new name. A reaction that Meta took is shown at the message that it is about.
 */
export async function nameOutgoing(tx: Tx, messages: readonly NamedMessage[]): Promise<LiveChange[]> {
  if (messages.length === 0) return [];
  const rows = messages.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const due = sql`unnest(
    ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.id))}::uuid[],
    ${textArray(rows.map((row) => row.wamid))}::text[], ${uuidArray(rows.map((row) => messageHash(row.phone_number, row.wamid)))}::uuid[]
  ) as due (workspace_id, id, wamid, wamid_hash)`;
  const told = await tx.rows<{ workspace_id: string; id: string }>(named("inbox told before")`
    delete from messages m using ${due}
    where m.workspace_id = due.workspace_id and m.wamid_hash = due.wamid_hash and m.id <> due.id and m.origin <> 'sent'
      and m.conversation_id = (
        select own.conversation_id from messages own where own.workspace_id = due.workspace_id and own.id = due.id)
    returning m.workspace_id, m.conversation_id as id`);
  const renamed = await tx.rows<{
    workspace_id: string;
    id: string;
    wamid_hash: string;
    type: string;
    content: { message_id?: string; emoji?: string };
    sent_at: Date;
    identity: Handle;
  }>(named("inbox name outgoing")`
    update messages m set wamid = due.wamid, wamid_hash = due.wamid_hash from ${due}
    where m.workspace_id = due.workspace_id and m.id = due.id and m.wamid_hash is distinct from due.wamid_hash
    returning m.workspace_id, m.id, m.wamid_hash, m.type, case when m.type = 'reaction' then m.content end as content, m.sent_at,
      json_build_object('kind', m.identity_kind, 'value', m.identity_value) as identity`);
  await rebuildConversations(tx, told);
  await forgetUnmatched(tx, renamed);

  const numberOf = new Map(rows.map(({ id, phone_number }) => [id, phone_number]));
  const reactions = renamed.flatMap(
    ({ workspace_id, id: event_id, type, content, sent_at, identity: party }) =>
      type === "reaction" && content.message_id !== undefined
        ? [
            {
              workspace_id,
              event_id,
              party,
              actor: BUSINESS,
              wamid_hash: messageHash(numberOf.get(event_id)!, content.message_id),
              emoji: content.emoji === "" ? null : (content.emoji ?? null),
              at_ms: sent_at.getTime(),
            },
          ]
        : [],
  );
  if (reactions.length === 0) return [];
  const about = await foldAmendments(tx, { ...noFacts(), reactions });
  const targets = await tx.rows<{ workspace_id: string; id: string }>(sql`
    select m.workspace_id, m.id from unnest(
      ${uuidArray(about.map((key) => key.workspace_id))}::uuid[], ${uuidArray(about.map((key) => key.wamid_hash))}::uuid[]
    ) as due (workspace_id, wamid_hash) join messages m using (workspace_id, wamid_hash)
    where m.conversation_id is not null`);
  return threadsOf(tx, targets);
}

/** What Meta's answers say of people: written first in a transaction, as it locks contacts. */
export interface Answers {
  /** The recipient to which Meta took a message: the number or user id that we gave, and those that it knows the contact by. */
  taken: { workspace_id: string; to: Handle; wa_id: string | null; user_id: string | null; at_ms: number }[];
  /** They stopped marketing (131050). */
  stopped: (Omit<Consent, "event_id" | "state" | "source" | "wamid"> & { message_id: string })[];
  /** They can't be reached (131026). */
  unreachable: { workspace_id: string; identity: Handle; at_ms: number }[];
  /** Their window is closed (131047). */
  closed: Omit<Closure, "wamid_hash">[];
}

export async function recordAnswers(
  tx: Tx,
  { taken, stopped, unreachable, closed }: Answers,
): Promise<LiveChange[]> {
  const consents = stopped.map(({ message_id, ...consent }): Consent => ({
    ...consent,
    event_id: idOf(`${message_id}:131050`),
    state: "UNSUBSCRIBED",
    source: "META_ERROR_131050",
    wamid: null,
  }));
  const sightings = [
    ...consents.map(({ workspace_id, identity }) => nameless(ours(workspace_id), [identity])),
    ...taken.flatMap(seenIn),
  ];
  const changed: { workspace_id: string; id: string }[] = [];
  const changes: LiveChange[] = [];
  if (sightings.length > 0) {
    const people = await resolvePeople(tx, { ...noFacts(), sightings, consents });
    appendTo(changed, people.contacts);
    for (const { workspace_id, id: conversation_id } of people.threads)
      changes.push({ workspace_id, name: "ConversationUpdated", data: { conversation_id } });
  }
  appendTo(changed, await markUnreachable(tx, unreachable));
  await foldClosures(
    tx,
    closed.map((closure) => ({ ...closure, wamid_hash: newId() })),
  );
  for (const { workspace_id, id: contact_id } of changed)
    changes.push({ workspace_id, name: "ContactUpdated", data: { contact_id } });
  return changes;
}

/** Nothing where Meta knows the contact by what we gave, as it mostly does. */
function seenIn({ workspace_id, to, wa_id, user_id, at_ms }: Answers["taken"][number]): Facts["sightings"] {
  const number = wa_id?.replace(/\D/g, "") ?? "";
  const identities: [Handle, ...Handle[]] = [to];
  if (number !== "" && !(to.kind === "wa_id" && to.value === number))
    identities.push({ kind: "wa_id", value: number });
  if (user_id !== null && user_id !== "" && !(to.kind === "bsuid" && to.value === user_id))
    identities.push({ kind: "bsuid", value: user_id });
  return identities.length === 1 ? [] : [nameless(ours(workspace_id, at_ms), identities)];
}

async function markUnreachable(
  tx: Tx,
  people: Answers["unreachable"],
): Promise<{ workspace_id: string; id: string }[]> {
  if (people.length === 0) return [];
  return tx.rows(sql`
    with due as (
      select workspace_id, contact_id, max(at) as at from unnest(
        ${uuidArray(people.map((one) => one.workspace_id))}::uuid[], ${textArray(people.map((one) => one.identity.kind))}::text[],
        ${textArray(people.map((one) => one.identity.value))}::text[],
        ${people.map((one) => new Date(one.at_ms).toISOString())}::timestamptz[]) as due (workspace_id, kind, value, at)
      join contact_identities using (workspace_id, kind, value) group by 1, 2),
    locked as (
      select c.workspace_id, c.id, due.at from due join contacts c on c.workspace_id = due.workspace_id and c.id = due.contact_id
      order by c.workspace_id, c.id for no key update of c)
    update contacts c set unreachable_at = locked.at, updated_at = now() from locked
    where c.workspace_id = locked.workspace_id and c.id = locked.id and locked.at > coalesce(c.unreachable_at, '-infinity')
    returning c.workspace_id, c.id`);
}

/** Threads of messages, for those who are told that something became of them. */
export async function threadsOf(
  db: Queryable,
  messages: readonly { workspace_id: string; id: string }[],
): Promise<LiveChange[]> {
  if (messages.length === 0) return [];
  const rows = await db.rows<{
    workspace_id: string;
    id: string;
    conversation_id: string;
    is_shown: boolean;
  }>(named("inbox threads of")`
    select m.workspace_id, m.id, m.conversation_id, coalesce(c.last_message_id = m.id, false) or d.state in ('failed', 'queued', 'cancelled') as is_shown
    from unnest(${uuidArray(messages.map((one) => one.workspace_id))}::uuid[], ${uuidArray(messages.map((one) => one.id))}::uuid[]) as due (workspace_id, id)
    join messages m using (workspace_id, id)
    left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
    left join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id`);
  return rows.flatMap(({ workspace_id, id: message_id, conversation_id, is_shown }) => [
    { workspace_id, name: "MessageStatusUpdated", data: { conversation_id, message_id } },
    // The list shows the last message, and whether the newest one out has failed (failed-conversations.ts).
    ...(is_shown ? [{ workspace_id, name: "ConversationUpdated", data: { conversation_id } }] : []),
  ]);
}

/** Of our own making: older than all that Meta says. */
function ours(workspace_id: string, at_ms = 0) {
  return { workspace_id, event_id: newId(), at_ms };
}
