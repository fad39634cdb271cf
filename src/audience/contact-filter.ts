import type { Condition, SegmentRule } from "../contract/audience.ts";
import type { Seen } from "../contract/contract.ts";
import { and, sql, type Queryable, type Sql } from "../db/db.ts";
import { contactsSearched } from "../inbox/inbox.ts";
import { readFieldKinds } from "./rule-check.ts";
import { ruleSql } from "./rule-sql.ts";
import { getSegment, people } from "./segments.ts";

export type ContactFilter = Seen<"GET /api/v1/contacts/count">["query"];

/**
 * Which contacts a list shows, as a condition over RULE_TABLES. Groups are never among them, and people who were erased
 * only where their state is what is asked for. Throws NOT_FOUND for a segment that is not the workspace's.
 */
export async function filterSql(
  db: Queryable,
  workspace_id: string,
  { search, tag, list, segment, marketing_state, country }: ContactFilter,
  today: string,
): Promise<Sql> {
  const conditions: Condition[] = [
    ...(tag ? [{ on: "tag" as const, op: "any" as const, ids: [tag] }] : []),
    ...(list ? [{ on: "list" as const, op: "any" as const, ids: [list] }] : []),
    ...(country
      ? [
          {
            on: "about" as const,
            what: "country" as const,
            test: { op: "is" as const, value: country.toUpperCase() },
          },
        ]
      : []),
  ];
  const rules: SegmentRule[] = conditions.length > 0 ? [{ groups: [conditions] }] : [];
  if (segment) rules.push((await getSegment(db, workspace_id, segment)).rule);
  const about = {
    workspace_id,
    today,
    fields: segment ? await readFieldKinds(db, workspace_id) : new Map(),
  };
  const searched = await contactsSearched(db, workspace_id, search);
  return and(
    sql`c.workspace_id = ${workspace_id}`,
    marketing_state ? sql`c.marketing_state = ${marketing_state}` : sql`c.marketing_state <> 'REDACTED'`,
    people(workspace_id),
    ...(searched ? [searched] : []),
    ...rules.map((rule) => ruleSql(rule, about)),
  );
}
