import type { z } from "zod";
import type * as shapes from "../contract/consent.ts";
import {
  and,
  before,
  found,
  iso,
  keyOf,
  sql,
  toList,
  uuidArray,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../db/db.ts";
import { contactsByIds, contactsSearched } from "../inbox/inbox.ts";
import { messageHash } from "../meta/meta.ts";

export type ConsentEntry = z.infer<typeof shapes.ConsentEntry>;
type Source = z.infer<typeof shapes.ConsentSource>;
type State = ConsentEntry["to"];

export interface LedgerFilter {
  source?: Source | undefined;
  state?: State | undefined;
  since?: string | undefined;
  until?: string | undefined;
  search?: string | undefined;
  contact_id?: string | undefined;
}

const SOURCES: readonly Source[] = [
  "STOP_KEYWORD",
  "START_KEYWORD",
  "BUTTON",
  "DOUBLE_OPT_IN",
  "META_PREFERENCE",
  "META_ERROR_131050",
  "AGENT",
  "API",
  "IMPORT",
];
/** What entries say; REDACTED and INVALID are no statements. */
const STATES: readonly State[] = ["SUBSCRIBED", "PENDING", "NOT_SUBSCRIBED", "UNSUBSCRIBED", "UNKNOWN"];

interface Row extends Omit<ConsentEntry, "contact" | "conversation_id" | "message_id"> {
  contact_id: string;
  wamid: string | null;
  list_key: [string, string];
}

/**
 * Newest first. By consent_events__occurred_at, and of a source or a state by consent_events__source, a probe for each pair
 * that may be asked for; of people by their identities.
 */
export async function listEntries(
  db: Queryable,
  workspace_id: string,
  { cursor, limit, ...filter }: LedgerFilter & Page,
): Promise<List<ConsentEntry>> {
  const entries = await entriesWhere(db, workspace_id, filter, cursor, limit + 1);
  const { data, next_cursor } = toList(await readRows(db, workspace_id, entries), limit);
  return { data: await withPlaces(db, workspace_id, data), next_cursor };
}

/** One entry, for who made it. */
export async function getEntry(db: Queryable, workspace_id: string, id: string): Promise<ConsentEntry> {
  const rows = await readRows(
    db,
    workspace_id,
    sql`select * from consent_events e where e.workspace_id = ${workspace_id} and e.id = ${id}`,
  );
  return found((await withPlaces(db, workspace_id, rows))[0]);
}

async function entriesWhere(
  db: Queryable,
  workspace_id: string,
  filter: LedgerFilter,
  cursor: string | undefined,
  count: number,
): Promise<Sql> {
  const { source, state, since, until, search, contact_id } = filter;
  const conditions = [sql`e.workspace_id = ${workspace_id}`, before(sql`e.occurred_at`, sql`e.id`, cursor)];
  if (since !== undefined) conditions.push(sql`e.occurred_at >= ${since}::timestamptz`);
  if (until !== undefined) conditions.push(sql`e.occurred_at < ${until}::timestamptz`);
  const newest = sql`order by e.occurred_at desc, e.id desc limit ${count}`;
  const searched = await contactsSearched(db, workspace_id, search);
  if (searched || contact_id !== undefined) {
    if (searched) conditions.push(searched);
    if (contact_id !== undefined) conditions.push(sql`c.id = ${contact_id}`);
    if (source !== undefined) conditions.push(sql`e.source = ${source}`);
    if (state !== undefined) conditions.push(sql`e.state = ${state}`);
    return sql`
      select e.* from contacts c
      join contact_identities i on i.workspace_id = c.workspace_id and i.contact_id = c.id
      join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (i.workspace_id, i.kind, i.value)
      where c.workspace_id = ${workspace_id} and ${and(...conditions)} ${newest}`;
  }
  if (source === undefined && state === undefined)
    return sql`select e.* from consent_events e where ${and(...conditions)} ${newest}`;
  const pairs = (source === undefined ? SOURCES : [source]).flatMap((one) =>
    (state === undefined ? STATES : [state]).map((other) => ({ source: one, state: other })),
  );
  const probes = pairs.map(
    (pair) => sql`(
      select e.* from consent_events e
      where ${and(...conditions)} and e.source = ${pair.source} and e.state = ${pair.state} ${newest})`,
  );
  const all = probes.reduce((one, other) => sql`${one} union all ${other}`);
  return sql`select * from (${all}) e ${newest}`;
}

/** What stood before each entry is its contact's statement before it, by consent_events__identity__occurred_at. */
function readRows(db: Queryable, workspace_id: string, entries: Sql): Promise<Row[]> {
  return db.rows<Row>(sql`
    select e.id, i.contact_id, e.state as to, coalesce(earlier.state, 'UNKNOWN') as from, e.source, e.evidence, e.reason,
      e.voided_reason, e.wamid, ${iso(sql`e.occurred_at`)} as occurred_at, ${keyOf(sql`e.occurred_at`, sql`e.id`)} as list_key,
      case when u.id is not null then json_build_object('id', u.id, 'name', coalesce(nullif(u.name, ''), u.email)) end as user
    from (${entries}) e
    join contact_identities i on (i.workspace_id, i.kind, i.value) = (e.workspace_id, e.identity_kind, e.identity_value)
    left join users u on u.id = e.user_id
    left join lateral (
      select last.state from contact_identities own
      cross join lateral (
        select p.state, p.occurred_at, p.id from consent_events p
        where (p.workspace_id, p.identity_kind, p.identity_value) = (own.workspace_id, own.kind, own.value)
          and p.voided_reason is null and (p.occurred_at, p.id) < (e.occurred_at, e.id)
        order by p.occurred_at desc, p.id desc limit 1) last
      where own.workspace_id = ${workspace_id} and own.contact_id = i.contact_id
      order by last.occurred_at desc, last.id desc limit 1) earlier on true
    order by e.occurred_at desc, e.id desc`);
}

/** With the person's name, and the message by Meta's id of it: each of our numbers may have had it (messages__wamid_hash). */
async function withPlaces(
  db: Queryable,
  workspace_id: string,
  rows: readonly Omit<Row, "list_key">[],
): Promise<ConsentEntry[]> {
  if (rows.length === 0) return [];
  const contacts = await contactsByIds(db, workspace_id, [...new Set(rows.map((row) => row.contact_id))]);
  const people = new Map(contacts.map((contact) => [contact.id, contact]));
  const numbers = await db.rows<{ id: string }>(
    sql`select id from phone_numbers where workspace_id = ${workspace_id}`,
  );
  const hashes = new Map(
    rows.flatMap(({ id, wamid }) =>
      wamid === null ? [] : numbers.map((number) => [messageHash(number.id, wamid), id] as const),
    ),
  );
  const messages =
    hashes.size === 0
      ? []
      : await db.rows<{ id: string; conversation_id: string; wamid_hash: string }>(sql`
          select id, conversation_id, wamid_hash from messages
          where workspace_id = ${workspace_id} and wamid_hash = any(${uuidArray([...hashes.keys()])}::uuid[])
            and conversation_id is not null`);
  const places = new Map(messages.map((message) => [hashes.get(message.wamid_hash), message]));
  return rows.flatMap((told) => {
    const { contact_id, wamid: _, ...row } = told;
    const person = people.get(contact_id);
    if (!person) return [];
    const { id, display_name, phone } = person;
    const place = places.get(row.id);
    return [
      {
        ...row,
        contact: { id, display_name, phone },
        conversation_id: place?.conversation_id ?? null,
        message_id: place?.id ?? null,
      },
    ];
  });
}

/** All that was ever said about marketing by one person, or of them. Throws NOT_FOUND. */
export async function proveConsent(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
  now_ms: number,
): Promise<z.infer<typeof shapes.ConsentProof>> {
  const contact = found((await contactsByIds(db, workspace_id, [contact_id]))[0]);
  const { id, display_name, phone, marketing_state } = contact;
  const entries: ConsentEntry[] = [];
  for await (const entry of eachEntry(db, workspace_id, { contact_id })) entries.push(entry);
  return {
    contact: { id, display_name, phone },
    state: marketing_state,
    written_at: new Date(now_ms).toISOString(),
    entries,
  };
}

const AT_ONCE = 500;

/** All entries, a page at a time: for files. */
export async function* eachEntry(
  db: Queryable,
  workspace_id: string,
  filter: LedgerFilter,
): AsyncGenerator<ConsentEntry> {
  let cursor: string | undefined;
  do {
    const page = await listEntries(db, workspace_id, { ...filter, cursor, limit: AT_ONCE });
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
