import type { z } from "zod";
import { inSegment, RULE_TABLES } from "../audience/audience.ts";
import type { ContactExportFilter } from "../contract/imports.ts";
import { and, sql, type Queryable, type Sql } from "../db/db.ts";

export { RULE_TABLES };
export type ContactFilter = z.infer<typeof ContactExportFilter>;

/**
 * Which contacts are written out, as a condition over RULE_TABLES. Groups are never among them, and people who were erased
 * only where their state is what is asked for. Throws NOT_FOUND for a segment that is not the workspace's.
 */
export async function filterSql(
  db: Queryable,
  workspace_id: string,
  { tag, list, segment, marketing_state }: ContactFilter,
  today: string,
): Promise<Sql> {
  const conditions = [
    sql`c.workspace_id = ${workspace_id}`,
    marketing_state ? sql`c.marketing_state = ${marketing_state}` : sql`c.marketing_state <> 'REDACTED'`,
    sql`not exists (select from contact_identities g
      where g.workspace_id = c.workspace_id and g.contact_id = c.id and g.kind = 'group')`,
  ];
  if (tag)
    conditions.push(sql`exists (select from contact_tags m
      where m.workspace_id = c.workspace_id and m.tag_id = ${tag} and m.contact_id = c.id)`);
  if (list)
    conditions.push(sql`exists (select from list_contacts m
      where m.workspace_id = c.workspace_id and m.list_id = ${list} and m.contact_id = c.id)`);
  if (segment) conditions.push(await inSegment(db, workspace_id, segment, today));
  return and(...conditions);
}
