import { metrics, winners } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import {
  and,
  before,
  iso,
  keyOf,
  sql,
  textArray,
  timestamptzArray,
  toList,
  uuidArray,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { isNewer, type Facts, type Handle } from "./facts.ts";
import { STATUSES } from "./ladder.ts";
import { displayName, nameParts, type NameParts } from "./names.ts";
import { identitiesOf } from "./read-people.ts";
import { messageName, type MessageKey } from "./statuses.ts";

type UnmatchedView = Reply<"GET /api/v1/unmatched_messages">["data"][number];

/** More than this are not counted one by one. */
const COUNT_LIMIT = 10_000;

interface Telling extends MessageKey {
  event_id: string;
  at_ms: number;
}

/**
 * Keeps a list of the messages that a batch told something of and that are not there; `found` are those that are. What was
 * told is folded elsewhere under the same hash; here the first telling of each is kept, so the order does not matter.
 */
export async function noteUnmatched(
  tx: Tx,
  facts: Pick<Facts, "statuses" | "edits" | "revokes" | "reactions" | "payments">,
  events: readonly RoutedEvent[],
  found: readonly MessageKey[],
): Promise<void> {
  const told: Telling[] = [
    ...facts.statuses.flatMap((step) => (step.at_ms === null ? [] : [{ ...step, at_ms: step.at_ms }])),
    ...facts.edits,
    ...facts.revokes,
    ...facts.reactions,
    ...facts.payments,
  ];
  const there = new Set(found.map(messageName));
  const missing = told.filter((one) => !there.has(messageName(one)));
  if (missing.length === 0) return;
  const by_id = new Map(events.map((event) => [event.id, event]));
  const rows = winners(missing, messageName, (one, over) => isNewer(over, one)).map((row) => ({
    ...row,
    event: by_id.get(row.event_id),
  }));
  const about = rows.map(({ event }) => (event ? subjectOf(event) : null));
  await tx.run(sql`
    insert into unmatched_messages as u (workspace_id, wamid_hash, wamid, since, event_id, phone_number_id, identity_kind,
      identity_value, journal_id)
    select * from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.wamid_hash))}::uuid[],
      ${textArray(about.map((one) => one?.wamid ?? null))}::text[], ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[],
      ${uuidArray(rows.map((row) => row.event_id))}::uuid[], ${uuidArray(rows.map(({ event }) => event?.phone_number ?? null))}::uuid[],
      ${textArray(about.map((one) => one?.identity?.kind ?? null))}::text[],
      ${textArray(about.map((one) => one?.identity?.value ?? null))}::text[],
      ${uuidArray(rows.map(({ event }) => event?.journal_id ?? null))}::uuid[])
    on conflict (workspace_id, wamid_hash) do update set
      wamid = excluded.wamid, since = excluded.since, event_id = excluded.event_id, phone_number_id = excluded.phone_number_id,
      identity_kind = excluded.identity_kind, identity_value = excluded.identity_value, journal_id = excluded.journal_id
    where (excluded.since, excluded.event_id) < (u.since, u.event_id)`);
}

/** Their messages have come. */
export async function forgetUnmatched(tx: Tx, keys: readonly MessageKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.run(sql`
    delete from unmatched_messages u using unnest(
      ${uuidArray(keys.map((key) => key.workspace_id))}::uuid[], ${uuidArray(keys.map((key) => key.wamid_hash))}::uuid[]
    ) as come (workspace_id, wamid_hash)
    where u.workspace_id = come.workspace_id and u.wamid_hash = come.wamid_hash`);
}

/** What an event calls the message that it is about, and the contact of its conversation. */
function subjectOf({ event: { data } }: RoutedEvent): { wamid: string; identity: Handle | null } | null {
  const person =
    "from" in data ? data.from : "to" in data ? data.to : "recipient" in data ? data.recipient : null;
  const identity = (person && identitiesOf(person)[0]) ?? null;
  if (data.kind === "status" || data.kind === "payment_status")
    return data.wamid === null ? null : { wamid: data.wamid, identity };
  if ("target_wamid" in data) return { wamid: data.target_wamid, identity };
  const reacted = "message" in data ? data.message.content["message_id"] : null;
  return typeof reacted === "string" ? { wamid: reacted, identity } : null;
}

const isMissing = sql`not exists (
  select from messages m where m.workspace_id = u.workspace_id and m.wamid_hash = u.wamid_hash)`;

/** What was told of it, a kind each: statuses by their steps, the reactions, an edit, a revoke, a payment. */
const TOLD: Readonly<Record<UnmatchedView["told"][number]["kind"], Sql>> = {
  status: sql`select 'status' as kind, num_nonnulls(s.accepted_at, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at) as count,
      (${[...STATUSES]}::text[])[1 + s.status] as detail
    from message_statuses s where s.workspace_id = u.workspace_id and s.wamid_hash = u.wamid_hash`,
  reaction: sql`select 'reaction', count(*)::integer, string_agg(distinct r.emoji, ' ')
    from message_reactions r where r.workspace_id = u.workspace_id and r.wamid_hash = u.wamid_hash having count(*) > 0`,
  edit: sql`select 'edit', 1, a.edited_text
    from message_amendments a where a.workspace_id = u.workspace_id and a.wamid_hash = u.wamid_hash and a.edited_at is not null`,
  revoke: sql`select 'revoke', 1, null
    from message_amendments a where a.workspace_id = u.workspace_id and a.wamid_hash = u.wamid_hash and a.revoked_at is not null`,
  payment: sql`select 'payment', 1, p.status
    from message_payments p where p.workspace_id = u.workspace_id and p.wamid_hash = u.wamid_hash`,
};

type UnmatchedRow = Omit<UnmatchedView, "contact_name"> & {
  contact: NameParts | null;
  list_key: [string, string];
};

/**
 * Newest first (unmatched_messages__since); what belongs to a row is looked up for the rows of the page alone. With a
 * million statuses, all of them unmatched: 9 ms, and 18 ms to count.
 */
export async function listUnmatched(
  db: Queryable,
  workspace_id: string,
  { cursor, limit, kind }: Page & { kind?: UnmatchedView["told"][number]["kind"] | undefined },
): Promise<List<UnmatchedView>> {
  const conditions = [
    sql`u.workspace_id = ${workspace_id}`,
    before(sql`u.since`, sql`u.wamid_hash`, cursor),
    isMissing,
    ...(kind === undefined ? [] : [sql`exists (${TOLD[kind]})`]),
  ];
  const rows = await db.rows<UnmatchedRow>(sql`
    with page as materialized (
      select u.* from unmatched_messages u where ${and(...conditions)}
      order by u.since desc, u.wamid_hash desc limit ${limit + 1})
    select u.wamid_hash as id, u.wamid, ${iso(sql`u.since`)} as since, u.journal_id,
      case when n.id is not null then json_build_object('id', n.id, 'phone_number_id', n.phone_number_id,
        'display_phone_number', n.display_phone_number) end as phone_number,
      c.id as conversation_id, case when ct.id is not null then ${nameParts(sql`ct`, sql`'id', ct.id`)} end as contact,
      (select coalesce(json_agg(json_build_object('kind', told.kind, 'count', told.count, 'detail', told.detail)), '[]')
        from (${TOLD.status} union all ${TOLD.reaction} union all ${TOLD.edit} union all ${TOLD.revoke}
          union all ${TOLD.payment}) told) as told,
      ${keyOf(sql`u.since`, sql`u.wamid_hash`)} as list_key
    from page u
    left join phone_numbers n on n.workspace_id = u.workspace_id and n.id = u.phone_number_id
    left join contact_identities i on i.workspace_id = u.workspace_id and i.kind = u.identity_kind and i.value = u.identity_value
    left join contacts ct on ct.workspace_id = i.workspace_id and ct.id = i.contact_id
    left join conversations c on c.workspace_id = i.workspace_id and c.contact_id = i.contact_id and c.phone_number_id = u.phone_number_id
    order by u.since desc, u.wamid_hash desc`);
  return toList(
    rows.map(({ contact, ...row }) => ({ ...row, contact_name: contact && displayName(contact) })),
    limit,
  );
}

/** How many there are, counted up to COUNT_LIMIT, and since when the oldest waits. */
export async function countUnmatched(
  db: Queryable,
  workspace_id: string,
): Promise<{ total: number; is_more: boolean; oldest: string | null }> {
  const counted = await db.first<{ total: number; is_more: boolean; oldest: string | null }>(sql`
    select least(count(*), ${COUNT_LIMIT})::integer as total, count(*) > ${COUNT_LIMIT} as is_more, (
      select ${iso(sql`u.since`)} from unmatched_messages u where u.workspace_id = ${workspace_id} and ${isMissing}
      order by u.since, u.wamid_hash limit 1) as oldest
    from (
      select from unmatched_messages u where u.workspace_id = ${workspace_id} and ${isMissing} limit ${COUNT_LIMIT + 1}) counted`);
  return counted ?? { total: 0, is_more: false, oldest: null };
}

/** Into the gauge, over all workspaces. */
export async function measureUnmatched(db: Queryable): Promise<void> {
  const counted = await db.first<{ total: number }>(sql`
    select count(*)::integer as total from (
      select from unmatched_messages u where ${isMissing} limit ${COUNT_LIMIT}) counted`);
  metrics.unmatched_messages.set(counted?.total ?? 0);
}

/** Those whose webhooks the journal keeps no more, and those whose messages came in the very moment. */
export async function pruneUnmatched(db: Queryable, retention_days: number): Promise<number> {
  return db.run(sql`
    delete from unmatched_messages u where u.since < now() - ${retention_days} * interval '1 day' or not ${isMissing}`);
}
