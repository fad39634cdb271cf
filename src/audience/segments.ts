import { newId } from "../base/base.ts";
import type { z } from "zod";
import type * as shapes from "../contract/audience.ts";
import { found, iso, sql, type Database, type Queryable, type Sql, type Tx, uniqueName } from "../db/db.ts";
import { contactsByIds } from "../inbox/inbox.ts";
import { checkRule, readFieldKinds } from "./rule-check.ts";
import { RULE_TABLES, ruleSql } from "./rule-sql.ts";

type Segment = z.infer<typeof shapes.Segment>;
type SegmentRule = shapes.SegmentRule;

const columns = sql`s.id, s.name, s.rule, ${iso(sql`s.created_at`)} as created_at, ${iso(sql`s.updated_at`)} as updated_at`;
const SHOWN = 10;
/** How long a count may take: a workspace of a million contacts answers in far less. */
const COUNT_MS = 10_000;
/** What a condition finds fits into it for a million contacts; in less it would be looked through for each of them. */
const WORK_MEM = "128MB";

/** By name; a workspace has some hundreds at most. */
export async function listSegments(db: Queryable, workspace_id: string): Promise<{ data: Segment[] }> {
  return {
    data: await db.rows<Segment>(sql`
      select ${columns} from segments s where s.workspace_id = ${workspace_id} order by lower(s.name), s.id`),
  };
}

export async function getSegment(db: Queryable, workspace_id: string, id: string): Promise<Segment> {
  return found(
    (
      await db.rows<Segment>(sql`
        select ${columns} from segments s where s.workspace_id = ${workspace_id} and s.id = ${id}`)
    )[0],
  );
}

export async function addSegment(
  db: Queryable,
  workspace_id: string,
  { name, rule }: z.infer<typeof shapes.NewSegment>,
): Promise<Segment> {
  await checkRule(db, workspace_id, rule, await readFieldKinds(db, workspace_id));
  const id = newId();
  await uniqueName(name, () =>
    db.run(sql`
      insert into segments (workspace_id, id, name, rule) values (${workspace_id}, ${id}, ${name}, ${JSON.stringify(rule)}::jsonb)`),
  );
  return getSegment(db, workspace_id, id);
}

export async function changeSegment(
  db: Queryable,
  workspace_id: string,
  id: string,
  { name, rule }: z.infer<typeof shapes.SegmentChange>,
): Promise<Segment> {
  if (rule) await checkRule(db, workspace_id, rule, await readFieldKinds(db, workspace_id));
  await uniqueName(name ?? "", () =>
    db.run(sql`
      update segments set name = coalesce(${name ?? null}, name),
        rule = coalesce(${rule ? JSON.stringify(rule) : null}::jsonb, rule), updated_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`),
  );
  return getSegment(db, workspace_id, id);
}

export async function removeSegment(db: Queryable, workspace_id: string, id: string): Promise<null> {
  found(
    (await db.run(sql`delete from segments where workspace_id = ${workspace_id} and id = ${id}`)) ||
      undefined,
  );
  return null;
}

/** How many contacts a rule has now, and the newest of them. Groups and people who were erased are never among them. */
export async function previewRule(
  db: Database,
  workspace_id: string,
  rule: SegmentRule,
  today: string,
): Promise<z.infer<typeof shapes.SegmentPreview>> {
  const fields = await readFieldKinds(db, workspace_id);
  await checkRule(db, workspace_id, rule, fields);
  return db.transaction(async (tx) => {
    await forSegments(tx);
    const where = inRule(rule, { workspace_id, fields, today });
    // Once through the contacts for both.
    const [found] = await tx.rows<{ count: number; newest: string[] }>(sql`
      with found as materialized (select c.id, c.created_at from ${RULE_TABLES} where ${where})
      select (select count(*)::integer from found) as count,
        array(select id from found order by created_at desc, id desc limit ${SHOWN}) as newest`);
    const { count, newest } = found!;
    const contacts = await contactsByIds(tx, workspace_id, newest);
    const by_id = new Map(contacts.map((contact) => [contact.id, contact]));
    return { count, contacts: newest.flatMap((id) => by_id.get(id) ?? []) };
  });
}

/** For the rest of the transaction: how long a rule may take, and the memory in which it is quick. Compiling it takes longer than it saves. */
export async function forSegments(tx: Tx): Promise<void> {
  await tx.run(
    sql`select set_config('statement_timeout', ${String(COUNT_MS)}, true), set_config('work_mem', ${WORK_MEM}, true),
      set_config('jit', 'off', true)`,
  );
}

/** Whether a contact `c` is a person, and no group. */
export const people = (workspace_id: string): Sql => sql`c.id not in (
  select g.contact_id from contact_identities g where g.workspace_id = ${workspace_id} and g.kind = 'group')`;

/** The contacts of a rule, as a condition over RULE_TABLES. */
export function inRule(rule: SegmentRule, about: Parameters<typeof ruleSql>[1]) {
  return sql`c.workspace_id = ${about.workspace_id} and c.marketing_state <> 'REDACTED' and ${people(about.workspace_id)}
    and ${ruleSql(rule, about)}`;
}
