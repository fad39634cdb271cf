import type { SegmentRule } from "../contract/audience.ts";
import { Sql, sql, uuidArray, type Queryable } from "../db/db.ts";
import { readFieldKinds } from "./rule-check.ts";
import { RULE_TABLES } from "./rule-sql.ts";
import { inRule } from "./segments.ts";

/** The rules of segments that there are, by their ids. */
export async function segmentRules(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, SegmentRule>> {
  if (ids.length === 0) return new Map();
  const rows = await db.rows<{ id: string; rule: SegmentRule }>(sql`
    select id, rule from segments where workspace_id = ${workspace_id} and id = any(${uuidArray([...ids])}::uuid[])`);
  return new Map(rows.map(({ id, rule }) => [id, rule]));
}

/** The contacts of a rule, as a condition over RULE_TABLES. */
export const whereRule = async (
  db: Queryable,
  workspace_id: string,
  rule: SegmentRule,
  today: string,
): Promise<Sql> => inRule(rule, { workspace_id, fields: await readFieldKinds(db, workspace_id), today });

/**
 * Which of the rules each of these contacts is in now: by the rule's key those who are. One statement, in which each
 * contact is looked up by the keys of what is asked of.
 */
export async function contactsInRules(
  db: Queryable,
  workspace_id: string,
  contact_ids: readonly string[],
  rules: readonly { key: string; rule: SegmentRule }[],
  today: string,
): Promise<Map<string, Set<string>>> {
  const found = new Map(rules.map(({ key }) => [key, new Set<string>()]));
  if (rules.length === 0 || contact_ids.length === 0) return found;
  const among = uuidArray([...new Set(contact_ids)]);
  const about = { workspace_id, fields: await readFieldKinds(db, workspace_id), today, among };
  const columns = rules.map(({ rule }) => inRule(rule, about));
  const list = new Sql(["", ...columns.slice(1).map(() => ", "), ""], columns);
  const rows = await db.rows<{ id: string; is_in: boolean[] }>(sql`
    select c.id, array[${list}]::boolean[] as is_in from ${RULE_TABLES}
    where c.workspace_id = ${workspace_id} and c.id = any(${among}::uuid[])`);
  for (const { id, is_in } of rows)
    for (const [i, { key }] of rules.entries()) if (is_in[i]) found.get(key)!.add(id);
  return found;
}
