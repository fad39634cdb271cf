import { appendTo, Problem } from "../base/base.ts";
import { sql, uuidArray, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { filterSql, type ContactFilter } from "./contact-filter.ts";
import { joinedFacts, type Telling } from "./happened.ts";
import { RULE_TABLES } from "./rule-sql.ts";
import { forSegments } from "./segments.ts";

/** Tags and lists that contacts get or lose. */
export interface Memberships {
  add_tags?: readonly string[] | undefined;
  remove_tags?: readonly string[] | undefined;
  add_lists?: readonly string[] | undefined;
  remove_lists?: readonly string[] | undefined;
}

/** How many are told of one by one to those who look at them. */
const TOLD = 200;
/** How many are changed by one statement: a fraction of a second. */
const AT_ONCE = 20_000;

/**
 * The same for many contacts: those of `ids`, or all that a filter finds when it begins. All of it, or nothing. Answers how
 * many contacts were meant and how much changed.
 */
export async function changeMany(
  db: Database,
  workspace_id: string,
  {
    ids,
    filter,
    ...change
  }: Memberships & { ids?: readonly string[] | undefined; filter?: ContactFilter | undefined },
  today: string,
  telling?: Telling,
): Promise<{ contacts: number; changes: number }> {
  return db.transaction(async (tx) => {
    const done = ids
      ? await changeMemberships(tx, workspace_id, ids, change)
      : await changeFound(tx, workspace_id, await filterSql(tx, workspace_id, filter ?? {}, today), change);
    await telling?.happened(tx, joinedFacts({ workspace_id, at: telling.now }, done));
    await publish(
      tx,
      done.told.map((contact_id) => ({ workspace_id, name: "ContactUpdated", data: { contact_id } })),
    );
    return { contacts: done.contacts, changes: done.changes };
  });
}

/** Who is found first is kept for the rest of the transaction: what changes may be what the filter asks for. */
async function changeFound(tx: Tx, workspace_id: string, where: Sql, change: Memberships): Promise<Changed> {
  await forSegments(tx);
  await tx.run(sql`
    create temporary table people_found on commit drop as
    select c.id, row_number() over (order by c.id) as place from ${RULE_TABLES} where ${where}`);
  const done: Changed = { contacts: 0, changes: 0, told: [], tagged: [], listed: [] };
  for (let from = 0; ; from += AT_ONCE) {
    const rows = await tx.rows<{ id: string }>(sql`
      select f.id from people_found f where f.place > ${from} and f.place <= ${from + AT_ONCE} order by f.id`);
    if (rows.length === 0) return done;
    const part = await changeMemberships(
      tx,
      workspace_id,
      rows.map(({ id }) => id),
      change,
    );
    done.contacts += part.contacts;
    done.changes += part.changes;
    appendTo(done.tagged, part.tagged);
    appendTo(done.listed, part.listed);
    if (done.told.length < TOLD) appendTo(done.told, part.told);
  }
}

interface Changed {
  contacts: number;
  changes: number;
  /** Some of them, to be told of. */
  told: string[];
  /** Who got a tag, and who came onto a list. */
  tagged: Joined[];
  listed: Joined[];
}

interface Joined {
  /** The tag or list. */
  id: string;
  contact_id: string;
}

/**
 * In one statement. Contacts are locked against being erased or merged meanwhile; people who were erased are left out. Throws
 * INVALID_REQUEST where a tag or list isn't the workspace's.
 */
export async function changeMemberships(
  tx: Tx,
  workspace_id: string,
  ids: readonly string[],
  { add_tags = [], remove_tags = [], add_lists = [], remove_lists = [] }: Memberships,
): Promise<Changed> {
  await checkKnown(tx, workspace_id, sql`tags`, "tag", [...add_tags]);
  await checkKnown(tx, workspace_id, sql`lists`, "list", [...add_lists]);
  if ([add_tags, remove_tags, add_lists, remove_lists].every(({ length }) => length === 0))
    return { contacts: 0, changes: 0, told: [], tagged: [], listed: [] };
  const of = (all: readonly string[]) => sql`unnest(${uuidArray([...new Set(all)])}::uuid[])`;
  const row = await tx.first<Changed>(sql`
    with found as materialized (
      select c.id from contacts c
      where c.workspace_id = ${workspace_id} and c.id = any(${uuidArray([...ids])}::uuid[]) and c.marketing_state <> 'REDACTED'
      order by c.id for key share of c),
    tagged as (
      insert into contact_tags (workspace_id, tag_id, contact_id)
      select ${workspace_id}, t.id, found.id from found cross join ${of(add_tags)} as t (id) order by t.id, found.id
      on conflict do nothing returning tag_id as id, contact_id),
    untagged as (
      delete from contact_tags m using found
      where m.workspace_id = ${workspace_id} and m.tag_id = any(${uuidArray([...remove_tags])}::uuid[]) and m.contact_id = found.id
      returning 1),
    listed as (
      insert into list_contacts (workspace_id, list_id, contact_id)
      select ${workspace_id}, l.id, found.id from found cross join ${of(add_lists)} as l (id) order by l.id, found.id
      on conflict do nothing returning list_id as id, contact_id),
    unlisted as (
      delete from list_contacts m using found
      where m.workspace_id = ${workspace_id} and m.list_id = any(${uuidArray([...remove_lists])}::uuid[]) and m.contact_id = found.id
      returning 1)
    select (select count(*) from found)::integer as contacts,
      ((select count(*) from tagged) + (select count(*) from untagged) + (select count(*) from listed)
        + (select count(*) from unlisted))::integer as changes,
      array(select id from found limit ${TOLD}) as told,
      (select coalesce(json_agg(json_build_object('id', id, 'contact_id', contact_id)), '[]') from tagged) as tagged,
      (select coalesce(json_agg(json_build_object('id', id, 'contact_id', contact_id)), '[]') from listed) as listed`);
  return row!;
}

async function checkKnown(
  db: Queryable,
  workspace_id: string,
  table: Sql,
  what: string,
  ids: string[],
): Promise<void> {
  if (ids.length === 0) return;
  const known = await db.rows<{ id: string }>(sql`
    select t.id from ${table} t where t.workspace_id = ${workspace_id} and t.id = any(${uuidArray(ids)}::uuid[]) for key share`);
  const missing = ids.find((id) => !known.some((one) => one.id === id));
  if (missing !== undefined)
    throw new Problem(
      "INVALID_REQUEST",
      `\`add_${what}s\` names ${missing}, which is no ${what} of the workspace.`,
    );
}
