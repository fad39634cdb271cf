import { firstIdAt, newId } from "../../base/base.ts";
import { int4Array, named, rowsOf, sql, timestamptzArray, uuidArray, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/change.ts";
import { compare, type Line } from "../facts/facts.ts";
import { isMissedCall } from "./fold-calls.ts";
import { orderKey, type WrittenLine } from "./fold-lines.ts";

export interface ConversationKey {
  workspace_id: string;
  phone_number: string;
  contact_id: string;
}

export interface ConversationRef {
  workspace_id: string;
  id: string;
}
const REF = { workspace_id: "uuid", id: "uuid" } as const;

/**
 * How long a person's message lets us answer freely. Any message or call of a person opens the window, also one that we
 * can't read or that another responder was told of, counted from its own time. Reactions, edits, revokes and system lines do not: Meta doesn't say that they do,
 * and a window shown open that is closed costs a failed message, one shown closed only a template.
 */
export const WINDOW_HOURS = 24;

/**
 * The thread of each key, made where missing, its row locked for the rest of the transaction. Locks are taken in one
 * pass in the order of the keys: over what is there where nothing is missing, which is nearly always; else by an insert
 * over all of them.
 */
export async function ensureConversations(
  tx: Tx,
  keys: readonly ConversationKey[],
): Promise<(key: ConversationKey) => string> {
  const unique = [...new Map(keys.map((key) => [nameOf(key), key])).values()].toSorted(byKey);
  if (unique.length === 0) return () => "";
  let rows = await lockConversations(tx, unique);
  if (rows.length < unique.length) {
    makeConversations(tx, unique);
    rows = await readConversations(tx, unique);
  }
  const ids = new Map(rows.map((row) => [nameOf(row), row.id]));
  return (key) => ids.get(nameOf(key))!;
}

type ConversationRow = ConversationKey & { id: string };

function columnsOf(keys: readonly ConversationKey[]) {
  return sql`${uuidArray(keys.map((key) => key.workspace_id))}::uuid[],
    ${uuidArray(keys.map((key) => key.contact_id))}::uuid[], ${uuidArray(keys.map((key) => key.phone_number))}::uuid[]`;
}

/** By the unique key. */
function readConversations(tx: Tx, keys: readonly ConversationKey[]): Promise<ConversationRow[]> {
  return tx.rows(named("read conversations")`
    select c.workspace_id, c.contact_id, c.phone_number_id as phone_number, c.id
    from unnest(${columnsOf(keys)}) as due (workspace_id, contact_id, phone_number_id)
    join conversations c using (workspace_id, contact_id, phone_number_id)`);
}

/**
 * All of them, locked; when one is missing, fewer, and none is locked: the look comes first, without a lock. One that goes
 * between the look and the lock is missing, too, and the others stay locked.
 */
function lockConversations(tx: Tx, keys: readonly ConversationKey[]): Promise<ConversationRow[]> {
  return tx.rows(named("lock conversations")`
    with there as materialized (
      select c.workspace_id, c.contact_id, c.phone_number_id, c.id, count(*) over () as found
      from unnest(${columnsOf(keys)}) as due (workspace_id, contact_id, phone_number_id)
      join conversations c using (workspace_id, contact_id, phone_number_id)
    )
    select c.workspace_id, c.contact_id, c.phone_number_id as phone_number, c.id
    from there known join conversations c using (workspace_id, contact_id, phone_number_id, id)
    where known.found = ${keys.length}::integer
    order by c.workspace_id, c.contact_id, c.phone_number_id for no key update of c`);
}

/** An update that never holds still locks what is there, in the same order as what is made. */
function makeConversations(tx: Tx, keys: readonly ConversationKey[]): void {
  tx.later(named("make conversations")`
    insert into conversations (workspace_id, contact_id, phone_number_id, id)
    select * from unnest(${columnsOf(keys)}, ${uuidArray(keys.map(() => newId()))}::uuid[])
    on conflict (workspace_id, contact_id, phone_number_id) do update set id = excluded.id where false`);
}

/** Of a line, what its thread looks at. What we send is its own event. */
export type FoldedLine = Pick<
  WrittenLine,
  | "workspace_id"
  | "id"
  | "conversation_id"
  | "direction"
  | "sent_at_ms"
  | "position"
  | "event_id"
  | "received_at"
  | "content"
> & { origin: Line["origin"] | "sent" };

/**
 * Folds new lines into their threads. A person's live message is unread and opens a thread that was pending or
 * resolved, however late it comes: it is news. So does the word of another responder that the conversation is ours now.
 * History is not news, and no other system line asks for an answer.
 * One that comes late where everything newer is read already brings its thread to the top of the list.
 */
export async function foldConversations(tx: Tx, lines: readonly FoldedLine[]): Promise<void> {
  if (lines.length === 0) return;
  const folds = new Map<
    string,
    { last: FoldedLine; unread: number; inbound_at_ms: number | null; late: FoldedLine | null }
  >();
  for (const line of lines) {
    const fold = folds.get(line.conversation_id) ?? {
      last: line,
      unread: 0,
      inbound_at_ms: null,
      late: null,
    };
    if (isLater(line, fold.last)) fold.last = line;
    if (isUnread(line)) fold.unread++;
    if (isLate(line) && (!fold.late || line.received_at > fold.late.received_at)) fold.late = line;
    if (opensWindow(line)) fold.inbound_at_ms = Math.max(fold.inbound_at_ms ?? -Infinity, line.sent_at_ms);
    folds.set(line.conversation_id, fold);
  }
  const rows = [...folds.values()];
  tx.later(named("fold conversations")`
    update conversations c set
      unread_count = c.unread_count + due.unread,
      status = case when due.unread > 0 then 'OPEN' else c.status end,
      resolved_at = case when due.unread > 0 then null else c.resolved_at end,
      last_message_at = case when ${isLast} then due.last_at else c.last_message_at end,
      last_message_key = case when ${isLast} then due.last_key else c.last_message_key end,
      last_message_id = case when ${isLast} then due.last_id else c.last_message_id end,
      late_at = case when ${isNotSeen} then greatest(c.late_at, due.late_at) else c.late_at end,
      late_message_id = case when ${isNotSeen} then due.late_id else c.late_message_id end,
      last_inbound_at = greatest(c.last_inbound_at, due.inbound_at),
      window_expires_at = greatest(c.last_inbound_at, due.inbound_at) + make_interval(hours => ${WINDOW_HOURS}),
      updated_at = now()
    from unnest(
      ${uuidArray(rows.map(({ last }) => last.workspace_id))}::uuid[], ${uuidArray(rows.map(({ last }) => last.conversation_id))}::uuid[],
      ${int4Array(rows.map(({ unread }) => unread))}::integer[],
      ${timestamptzArray(rows.map(({ last }) => last.sent_at_ms))}::timestamptz[],
      ${uuidArray(rows.map(({ last }) => orderKey(last)))}::uuid[], ${uuidArray(rows.map(({ last }) => last.id))}::uuid[],
      ${timestamptzArray(rows.map(({ inbound_at_ms }) => inbound_at_ms))}::timestamptz[],
      ${timestamptzArray(rows.map(({ late }) => late?.sent_at_ms ?? null))}::timestamptz[],
      ${timestamptzArray(rows.map(({ late }) => late?.received_at.getTime() ?? null))}::timestamptz[],
      ${uuidArray(rows.map(({ late }) => late?.id ?? null))}::uuid[]
    ) as due (workspace_id, id, unread, last_at, last_key, last_id, inbound_at, late_sent_at, late_at, late_id)
    where c.workspace_id = due.workspace_id and c.id = due.id`);
}

const isLast = sql`(c.last_message_at is null or (due.last_at, due.last_key) > (c.last_message_at, c.last_message_key))`;

/** A late message stands above what was read or resolved already. */
const isNotSeen = sql`(due.late_sent_at < c.last_message_at and (c.unread_count = 0 or c.status = 'RESOLVED'))`;

/**
 * Folds threads again from their lines; a thread without a line is removed. What was read stays read: a line is unread
 * when it appeared (its id tells when) after the thread was last read.
 */
export async function rebuildConversations(tx: Tx, refs: readonly ConversationRef[]): Promise<void> {
  if (refs.length === 0) return;
  const unique = [...new Map(refs.map((ref) => [ref.id, ref])).values()];
  const rows = await tx.rows<ConversationRef & { read_at: Date | null }>(sql`
    select c.workspace_id, c.id, c.read_at
    from ${rowsOf(unique, REF)}
    join conversations c using (workspace_id, id)
    order by c.workspace_id, c.id for update of c`);
  const due = rowsOf(
    rows.map((row) => ({ ...row, unread_from: firstIdAt(row.read_at?.getTime() ?? 0) })),
    { ...REF, unread_from: "uuid" },
  );
  await tx.run(sql`
    update conversations c set
      unread_count = folds.unread, last_message_at = folds.last_at, last_message_key = folds.last_key,
      last_message_id = folds.last_id, last_inbound_at = folds.inbound_at,
      window_expires_at = folds.inbound_at + make_interval(hours => ${WINDOW_HOURS}), updated_at = now()
    from (
      select due.workspace_id, due.id, last.sent_at as last_at, last.order_key as last_key, last.id as last_id,
        (select count(*) from messages m where m.workspace_id = due.workspace_id and m.conversation_id = due.id
          and m.id >= due.unread_from and (m.origin = 'message' or ${isMissedCall(sql`m`)}
            or (m.origin = 'system' and m.content ->> 'type' = ${PASSED_TO_US}))) as unread,
        (select max(m.sent_at) from messages m where m.workspace_id = due.workspace_id and m.conversation_id = due.id
          and m.direction = 'INBOUND' and m.origin <> 'system') as inbound_at
      from ${due}
      left join lateral (
        -- A reaction of ours stands at the message that it is about and is no news of its thread.
        select m.sent_at, m.order_key, m.id from messages m
        where m.workspace_id = due.workspace_id and m.conversation_id = due.id
          and (m.type <> 'reaction' or m.origin <> 'sent')
        order by m.sent_at desc, m.order_key desc limit 1) as last on true
    ) as folds
    where c.workspace_id = folds.workspace_id and c.id = folds.id`);
  await tx.run(sql`
    delete from conversations c using ${due}
    where c.workspace_id = due.workspace_id and c.id = due.id
      and not exists (select from messages m where m.workspace_id = c.workspace_id and m.conversation_id = c.id)`);
}

/** Opens threads that were pending or resolved: something in them waits for an answer. */
export async function reopenConversations(tx: Tx, refs: readonly ConversationRef[]): Promise<void> {
  if (refs.length === 0) return;
  await tx.run(sql`
    update conversations c set status = 'OPEN', resolved_at = null, updated_at = now()
    from ${rowsOf(refs, REF)}
    where c.workspace_id = due.workspace_id and c.id = due.id and c.status <> 'OPEN'`);
}

/** What a person does with a thread; undefined leaves as is. The changes to publish; null when there is no such thread. */
export async function updateConversation(
  tx: Tx,
  workspace_id: string,
  id: string,
  {
    status,
    assignee_id,
    read,
    by_automation = false,
  }: {
    status?: "OPEN" | "PENDING" | "RESOLVED" | undefined;
    assignee_id?: string | null | undefined;
    read?: boolean | undefined;
    /** No person assigns it. */
    by_automation?: boolean | undefined;
  },
): Promise<LiveChange[] | null> {
  const touched = await tx.run(sql`
    update conversations set
      status = coalesce(${status ?? null}, status),
      resolved_at = case coalesce(${status ?? null}, '') when '' then resolved_at when 'RESOLVED' then coalesce(resolved_at, now()) end,
      assignee_id = case when ${assignee_id !== undefined} then ${assignee_id ?? null}::uuid else assignee_id end,
      assigned_at = case when ${assignee_id === undefined} then assigned_at
        when ${!by_automation && assignee_id !== null} then now() end,
      unread_count = case when ${read === true} then 0 else unread_count end,
      read_at = case when ${read === true} then clock_timestamp() else read_at end,
      updated_at = now()
    where workspace_id = ${workspace_id} and id = ${id}`);
  return touched === 0
    ? null
    : [{ workspace_id, name: "ConversationUpdated", data: { conversation_id: id } }];
}

/** Meta delivers within seconds; what comes a minute after it was written was held up. */
const LATE_MS = 60_000;

function isLate(line: FoldedLine): boolean {
  return line.origin === "message" && line.received_at.getTime() - line.sent_at_ms >= LATE_MS;
}

/** A handover's type (meta/events.ts). */
const PASSED_TO_US = "control_passed";

function isUnread({ origin, content }: Pick<FoldedLine, "origin" | "content">): boolean {
  return origin === "message" || (origin === "system" && content["type"] === PASSED_TO_US);
}

function opensWindow(line: Pick<FoldedLine, "origin" | "direction">): boolean {
  return line.direction === "INBOUND" && line.origin !== "system";
}

function isLater(a: FoldedLine, b: FoldedLine): boolean {
  return (
    a.sent_at_ms > b.sent_at_ms || (a.sent_at_ms === b.sent_at_ms && compare(orderKey(a), orderKey(b)) > 0)
  );
}

function byKey(a: ConversationKey, b: ConversationKey): number {
  return (
    compare(a.workspace_id, b.workspace_id) ||
    compare(a.contact_id, b.contact_id) ||
    compare(a.phone_number, b.phone_number)
  );
}

function nameOf(key: ConversationKey): string {
  return `${key.workspace_id} ${key.phone_number} ${key.contact_id}`;
}
