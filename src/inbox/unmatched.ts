import { metrics, winners } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import {
  and,
  before,
  iso,
  keyOf,
  named,
  rowsOf,
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
import { type Facts, type Handle, isNewer, keyOf as keyOfHandle, STATUSES } from "./facts/facts.ts";
import { concerns, type MessageKey, messageName } from "./folds/folds.ts";
import { displayName, nameParts, type NameParts } from "./views/views.ts";
import { identitiesOf } from "./reading/reading.ts";

type UnmatchedView = Reply<"GET /api/v1/unmatched_messages">["data"][number];

/** More than this are not counted one by one. */
const COUNT_LIMIT = 10_000;

interface Telling extends MessageKey {
  event_id: string;
  at_ms: number;
  /** Null: a status, which is of whatever we sent under the token. */
  party: Handle | null;
}

/** An account of a message, under the identity whose conversation it is in. */
type Found = MessageKey & { identity: Handle };

const nameOfTelling = (one: MessageKey & { party: Handle | null }): string =>
  `${messageName(one)} ${one.party ? keyOfHandle(one.party) : ""}`;

/**
 * Keeps a list of the messages that a batch told something of and that are not there; `found` are those that are. What was
 * told is folded elsewhere under the same hash; here the first telling of each is kept, so the order does not matter. What
 * was told under another identity than the message is kept, too: they may be of one contact only for now.
 */
export async function noteUnmatched(
  tx: Tx,
  facts: Pick<Facts, "statuses" | "edits" | "revokes" | "reactions" | "payments">,
  events: readonly RoutedEvent[],
  found: readonly Found[],
): Promise<void> {
  const told: Telling[] = [
    ...facts.statuses.flatMap((step) =>
      step.at_ms === null ? [] : [{ ...step, at_ms: step.at_ms, party: null }],
    ),
    ...facts.edits,
    ...facts.revokes,
    ...facts.reactions,
    ...facts.payments.map((payment) => ({ ...payment, party: null })),
  ];
  const there = new Set(
    found.flatMap((one) => [
      nameOfTelling({ ...one, party: null }),
      nameOfTelling({ ...one, party: one.identity }),
    ]),
  );
  const missing = told.filter((one) => !there.has(nameOfTelling(one)));
  if (missing.length === 0) return;
  const by_id = new Map(events.map((event) => [event.id, event]));
  const rows = winners(missing, nameOfTelling, (one, over) => isNewer(over, one)).map((row) => ({
    ...row,
    event: by_id.get(row.event_id),
  }));
  const about = rows.map(({ event }) => (event ? subjectOf(event) : null));
  tx.later(named("note unmatched messages")`
    insert into unmatched_messages as u (workspace_id, wamid_hash, party_kind, party_value, wamid, since, event_id,
      phone_number_id, identity_kind, identity_value, journal_id)
    select * from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.wamid_hash))}::uuid[],
      ${textArray(rows.map(({ party }) => party?.kind ?? ""))}::text[], ${textArray(rows.map(({ party }) => party?.value ?? ""))}::text[],
      ${textArray(about.map((one) => one?.wamid ?? null))}::text[], ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[],
      ${uuidArray(rows.map((row) => row.event_id))}::uuid[], ${uuidArray(rows.map(({ event }) => event?.phone_number ?? null))}::uuid[],
      ${textArray(about.map((one) => one?.identity?.kind ?? null))}::text[],
      ${textArray(about.map((one) => one?.identity?.value ?? null))}::text[],
      ${uuidArray(rows.map(({ event }) => event?.journal_id ?? null))}::uuid[]
    ) as due (workspace_id, wamid_hash, party_kind, party_value, wamid, since, event_id, phone_number_id, identity_kind,
      identity_value, journal_id)
    -- Accounts that stand aside are not among what was found.
    where due.party_kind = '' or not exists (
      select from messages m where m.workspace_id = due.workspace_id and m.wamid_hash = due.wamid_hash
        and m.identity_kind = due.party_kind and m.identity_value = due.party_value)
    on conflict (workspace_id, wamid_hash, party_kind, party_value) do update set
      wamid = excluded.wamid, since = excluded.since, event_id = excluded.event_id, phone_number_id = excluded.phone_number_id,
      identity_kind = excluded.identity_kind, identity_value = excluded.identity_value, journal_id = excluded.journal_id
    where (excluded.since, excluded.event_id) < (u.since, u.event_id)`);
}

/** Their messages have come. */
export async function forgetUnmatched(tx: Tx, keys: readonly Found[]): Promise<void> {
  if (keys.length === 0) return;
  tx.later(named("forget unmatched messages")`
    delete from unmatched_messages u using ${rowsOf(
      keys.map(({ identity, ...key }) => ({ ...key, kind: identity.kind, value: identity.value })),
      { workspace_id: "uuid", wamid_hash: "uuid", kind: "text", value: "text" },
      "come",
    )}
    where u.workspace_id = come.workspace_id and u.wamid_hash = come.wamid_hash
      and (u.party_kind = '' or (u.party_kind = come.kind and u.party_value = come.value))`);
}

/** What an event calls the message that it is about, and the contact of its conversation. */
function subjectOf({ event }: RoutedEvent): { wamid: string; identity: Handle | null } | null {
  // What a listener is told of is about the same.
  const data = event.data.kind === "standby" ? event.data.told : event.data;
  const person =
    "from" in data ? data.from : "to" in data ? data.to : "recipient" in data ? data.recipient : null;
  const identity = (person && identitiesOf(person)[0]) ?? null;
  if (data.kind === "status" || data.kind === "payment_status")
    return data.wamid === null ? null : { wamid: data.wamid, identity };
  if ("target_wamid" in data) return { wamid: data.target_wamid, identity };
  const reacted = "message" in data ? data.message.content["message_id"] : null;
  return typeof reacted === "string" ? { wamid: reacted, identity } : null;
}

/** Of a row `u` of unmatched_messages: there is no message that was meant. */
export const isMissing = sql`not exists (
  select from messages m where m.workspace_id = u.workspace_id and m.wamid_hash = u.wamid_hash
    and m.conversation_id is not null and ${concerns(sql`m`, sql`u`)})`;

/** Where statuses wait, too, one row shows all that was told. */
const isListed = sql`(u.party_kind = '' or not exists (
  select from unmatched_messages s
  where s.workspace_id = u.workspace_id and s.wamid_hash = u.wamid_hash and s.party_kind = ''))`;
const ofRow = (
  told: Sql,
): Sql => sql`${told}.workspace_id = u.workspace_id and ${told}.wamid_hash = u.wamid_hash
  and (u.party_kind = '' or (${told}.party_kind = u.party_kind and ${told}.party_value = u.party_value))`;

/** What was told of it, a kind each: statuses by their steps, the reactions, an edit, a revoke, a payment. */
const TOLD: Readonly<Record<UnmatchedView["told"][number]["kind"], Sql>> = {
  status: sql`select 'status' as kind, num_nonnulls(s.accepted_at, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at) as count,
      (${[...STATUSES]}::text[])[1 + s.status] as detail
    from message_statuses s
    where s.workspace_id = u.workspace_id and s.wamid_hash = u.wamid_hash and u.party_kind = ''`,
  reaction: sql`select 'reaction', count(*)::integer, string_agg(distinct r.emoji, ' ')
    from message_reactions r where ${ofRow(sql`r`)} having count(*) > 0`,
  edit: sql`(select 'edit', 1, case when max(a.revoked_at) over () is null then a.edited_text end
    from message_amendments a where ${ofRow(sql`a`)} and a.edited_at is not null
    order by a.edited_at desc, a.edit_event desc limit 1)`,
  revoke: sql`(select 'revoke', 1, null
    from message_amendments a where ${ofRow(sql`a`)} and a.revoked_at is not null limit 1)`,
  payment: sql`select 'payment', 1, p.status from message_payments p
    where p.workspace_id = u.workspace_id and p.wamid_hash = u.wamid_hash and u.party_kind = ''`,
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
    before(sql`u.since`, sql`u.event_id`, cursor),
    isMissing,
    isListed,
    ...(kind === undefined ? [] : [sql`exists (${TOLD[kind]})`]),
  ];
  const rows = await db.rows<UnmatchedRow>(sql`
    with page as materialized (
      select u.* from unmatched_messages u where ${and(...conditions)}
      order by u.since desc, u.event_id desc limit ${limit + 1})
    select u.event_id as id, u.wamid, ${iso(sql`u.since`)} as since, u.journal_id,
      case when n.id is not null then json_build_object('id', n.id, 'phone_number_id', n.phone_number_id,
        'display_phone_number', n.display_phone_number) end as phone_number,
      c.id as conversation_id, case when ct.id is not null then ${nameParts(sql`ct`, sql`'id', ct.id`)} end as contact,
      (select coalesce(json_agg(json_build_object('kind', told.kind, 'count', told.count, 'detail', told.detail)), '[]')
        from (${TOLD.status} union all ${TOLD.reaction} union all ${TOLD.edit} union all ${TOLD.revoke}
          union all ${TOLD.payment}) told) as told,
      ${keyOf(sql`u.since`, sql`u.event_id`)} as list_key
    from page u
    left join phone_numbers n on n.workspace_id = u.workspace_id and n.id = u.phone_number_id
    left join contact_identities i on i.workspace_id = u.workspace_id and i.kind = u.identity_kind and i.value = u.identity_value
    left join contacts ct on ct.workspace_id = i.workspace_id and ct.id = i.contact_id
    left join conversations c on c.workspace_id = i.workspace_id and c.contact_id = i.contact_id and c.phone_number_id = u.phone_number_id
    order by u.since desc, u.event_id desc`);
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
      order by u.since, u.event_id limit 1) as oldest
    from (
      select from unmatched_messages u where u.workspace_id = ${workspace_id} and ${isMissing} and ${isListed} limit ${COUNT_LIMIT + 1}) counted`);
  return counted ?? { total: 0, is_more: false, oldest: null };
}

/** Into the gauge, over all workspaces. */
export async function measureUnmatched(db: Queryable): Promise<void> {
  const counted = await db.first<{ total: number }>(sql`
    select count(*)::integer as total from (
      select from unmatched_messages u where ${isMissing} and ${isListed} limit ${COUNT_LIMIT}) counted`);
  metrics.unmatched_messages.set(counted?.total ?? 0);
}

/** Those whose webhooks the journal keeps no more, and those whose messages came in the very moment. */
export async function pruneUnmatched(db: Queryable, retention_days: number): Promise<number> {
  return db.run(sql`
    delete from unmatched_messages u where u.since < now() - ${retention_days} * interval '1 day' or not ${isMissing}`);
}
