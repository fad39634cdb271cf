import { Problem } from "../base/base.ts";
import { sql, uuidArray, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { filterSql, type ContactFilter } from "./contact-filter.ts";
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
/** For a million contacts. */
const BULK_MS = 120_000;

/** The same for many contacts: those of `ids`, or all that a filter finds when it begins. All of it, or nothing. */
export async function changeMany(
  db: Database,
  workspace_id: string,
  {
    ids,
    filter,
    ...change
  }: Memberships & { ids?: readonly string[] | undefined; filter?: ContactFilter | undefined },
  today: string,
): Promise<{ contacts: number; changes: number }> {
  return db.transaction(async (tx) => {
    await forSegments(tx, BULK_MS);
    const { told, ...done } = await changeMemberships(
      tx,
      workspace_id,
      ids ? { ids } : { where: await filterSql(tx, workspace_id, filter ?? {}, today) },
      change,
    );
    await publish(
      tx,
      told.map((contact_id) => ({ workspace_id, name: "ContactUpdated", data: { contact_id } })),
    );
    return done;
  });
}

/**
 * In one statement, so that everything is done to those who were found first. Contacts are locked against being erased or
 * merged meanwhile; people who were erased are left out. Answers how many were meant, how much changed, and the ids of
 * some of them. Throws INVALID_REQUEST where a tag or list isn't the workspace's.
 */
export async function changeMemberships(
  tx: Tx,
  workspace_id: string,
  chosen: { ids: readonly string[] } | { where: Sql },
  { add_tags = [], remove_tags = [], add_lists = [], remove_lists = [] }: Memberships,
): Promise<{ contacts: number; changes: number; told: string[] }> {
  await checkKnown(tx, workspace_id, sql`tags`, "tag", [...add_tags]);
  await checkKnown(tx, workspace_id, sql`lists`, "list", [...add_lists]);
  if ([add_tags, remove_tags, add_lists, remove_lists].every(({ length }) => length === 0))
    return { contacts: 0, changes: 0, told: [] };
  const found =
    "ids" in chosen
      ? sql`select c.id from contacts c
          where c.workspace_id = ${workspace_id} and c.id = any(${uuidArray([...chosen.ids])}::uuid[]) and c.marketing_state <> 'REDACTED'
          order by c.id for key share of c`
      : sql`select c.id from ${RULE_TABLES}
          where c.workspace_id = ${workspace_id} and ${chosen.where} and c.marketing_state <> 'REDACTED' order by c.id for key share of c`;
  const of = (ids: readonly string[]) => sql`unnest(${uuidArray([...new Set(ids)])}::uuid[])`;
  const row = await tx.first<{ contacts: number; changes: number; told: string[] }>(sql`
    with found as materialized (${found}),
    tagged as (
      insert into contact_tags (workspace_id, tag_id, contact_id)
      select ${workspace_id}, t.id, found.id from found cross join ${of(add_tags)} as t (id) order by t.id, found.id
      on conflict do nothing returning 1),
    untagged as (
      delete from contact_tags m using found
      where m.workspace_id = ${workspace_id} and m.tag_id = any(${uuidArray([...remove_tags])}::uuid[]) and m.contact_id = found.id
      returning 1),
    listed as (
      insert into list_contacts (workspace_id, list_id, contact_id)
      select ${workspace_id}, l.id, found.id from found cross join ${of(add_lists)} as l (id) order by l.id, found.id
      on conflict do nothing returning 1),
    unlisted as (
      delete from list_contacts m using found
      where m.workspace_id = ${workspace_id} and m.list_id = any(${uuidArray([...remove_lists])}::uuid[]) and m.contact_id = found.id
      returning 1)
    select (select count(*) from found)::integer as contacts,
      ((select count(*) from tagged) + (select count(*) from untagged) + (select count(*) from listed)
        + (select count(*) from unlisted))::integer as changes,
      array(select id from found limit ${TOLD}) as told`);
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
