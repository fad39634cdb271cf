import type { Reply, Seen } from "../contract/contract.ts";
import {
  decodeCursor,
  encodeCursor,
  isMoment,
  isText,
  isUuid,
  sql,
  uuidArray,
  type Database,
  type List,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import { readContacts } from "../inbox/inbox.ts";
import { filterSql, type ContactFilter } from "./contact-filter.ts";
import { RULE_TABLES } from "./rule-sql.ts";
import { forSegments } from "./segments.ts";

type Asked = Omit<Seen<"GET /api/v1/contacts">["query"], "sort"> & { sort?: Order };
type Order = "newest" | "last_inbound" | "name";
type Listed = Reply<"GET /api/v1/contacts">["data"][number];
interface Row {
  id: string;
  key: (string | number | boolean)[];
}

/**
 * The contacts that a filter finds, in an order: each has an index (contacts__created_at,
 * contact_activity__last_inbound_day, contacts__name). A page at a million contacts takes some milliseconds without a
 * filter, and what counting takes where a filter leaves few.
 */
export async function listContacts(
  db: Database,
  workspace_id: string,
  { cursor, limit, sort = "newest", ...filter }: Asked,
  today: string,
): Promise<List<Listed>> {
  return db.transaction(async (tx) => {
    await forSegments(tx);
    const where = await filterSql(tx, workspace_id, filter, today);
    const rows = await ORDERS[sort](tx, where, cursor, limit + 1);
    const shown = rows.slice(0, limit);
    return {
      data: await listed(
        tx,
        workspace_id,
        shown.map(({ id }) => id),
      ),
      next_cursor: rows.length > limit ? encodeCursor(shown.at(-1)!.key as (string | number)[]) : null,
    };
  });
}

export async function countContacts(
  db: Database,
  workspace_id: string,
  filter: ContactFilter,
  today: string,
): Promise<{ count: number }> {
  return db.transaction(async (tx) => {
    await forSegments(tx);
    const where = await filterSql(tx, workspace_id, filter, today);
    const row = await tx.first<{ count: number }>(sql`
      select count(*)::integer as count from ${RULE_TABLES} where ${where}`);
    return row!;
  });
}

type Read = (tx: Tx, where: Sql, cursor: string | undefined, limit: number) => Promise<Row[]>;

const newest: Read = (tx, where, cursor, limit) => {
  const at = decodeCursor<[string, string]>(cursor, [isMoment, isUuid]);
  return tx.rows<Row>(sql`
    select c.id, json_build_array(c.created_at::text, c.id) as key from ${RULE_TABLES}
    where ${where} and ${at ? sql`(c.created_at, c.id) < (${at[0]}::timestamptz, ${at[1]}::uuid)` : sql`true`}
    order by c.created_at desc, c.id desc limit ${limit}`);
};

const NAMELESS = sql`(coalesce(c.name, c.book_name, c.profile_name, c.username) is null)`;
const NAME = sql`(lower(left(coalesce(c.name, c.book_name, c.profile_name, c.username, ''), 100)))`;
const isTruth = (value: unknown): value is number => value === 0 || value === 1;

const byName: Read = (tx, where, cursor, limit) => {
  const at = decodeCursor<[number, string, string]>(cursor, [isTruth, isText, isUuid]);
  return tx.rows<Row>(sql`
    select c.id, json_build_array(${NAMELESS}::integer, ${NAME}, c.id) as key from ${RULE_TABLES}
    where ${where}
      and ${at ? sql`(${NAMELESS}, ${NAME}, c.id) > (${at[0] === 1}, ${at[1]}, ${at[2]}::uuid)` : sql`true`}
    order by ${NAMELESS}, ${NAME}, c.id limit ${limit}`);
};

/** Those who wrote, the last first; then those who never did, newest first. */
const byInbound: Read = async (tx, where, cursor, limit) => {
  const at = decodeCursor<[number, string, string]>(cursor, [isTruth, isMoment, isUuid]);
  const wrote =
    at?.[0] === 0
      ? []
      : await tx.rows<Row>(sql`
          select c.id, json_build_array(1, a.last_inbound_at::text, c.id) as key
          from contact_activity a
          join contacts c on c.workspace_id = a.workspace_id and c.id = a.contact_id
          where ${where} and a.workspace_id = c.workspace_id and a.last_inbound_day is not null
            and ${
              at
                ? sql`a.last_inbound_day <= (${at[1]}::timestamptz at time zone 'UTC')::date
                    and (a.last_inbound_at, c.id) < (${at[1]}::timestamptz, ${at[2]}::uuid)`
                : sql`true`
            }
          order by a.last_inbound_day desc, a.last_inbound_at desc, c.id desc limit ${limit}`);
  if (wrote.length === limit) return wrote;
  const never = await tx.rows<Row>(sql`
    select c.id, json_build_array(0, c.created_at::text, c.id) as key from ${RULE_TABLES}
    left join contact_activity a on a.workspace_id = c.workspace_id and a.contact_id = c.id
    where ${where} and a.last_inbound_at is null
      and ${at?.[0] === 0 ? sql`(c.created_at, c.id) < (${at[1]}::timestamptz, ${at[2]}::uuid)` : sql`true`}
    order by c.created_at desc, c.id desc limit ${limit - wrote.length}`);
  return [...wrote, ...never];
};

const ORDERS: Record<Order, Read> = { newest, last_inbound: byInbound, name: byName };

/** With what the workspace keeps of them. */
async function listed(db: Queryable, workspace_id: string, ids: readonly string[]): Promise<Listed[]> {
  if (ids.length === 0) return [];
  const contacts = await readContacts(db, workspace_id, ids);
  const kept = await db.rows<Pick<Listed, "id" | "country" | "tags">>(sql`
    select due.id,
      coalesce(p.country, (
        select i.country from contact_identities i
        where i.workspace_id = ${workspace_id} and i.contact_id = due.id and i.country is not null
        order by i.former, i.kind desc, i.value desc limit 1)) as country,
      (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by lower(t.name), t.id), '[]')
        from contact_tags m join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
        where m.workspace_id = ${workspace_id} and m.contact_id = due.id) as tags
    from unnest(${uuidArray([...ids])}::uuid[]) as due (id)
    left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = due.id`);
  const by_id = new Map(kept.map((row) => [row.id, row]));
  return contacts.map((contact) => ({ ...contact, country: null, tags: [], ...by_id.get(contact.id) }));
}
