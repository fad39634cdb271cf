import { sql, type Queryable } from "../../db/db.ts";
import { COUNTED, LEFT, LEFT_EARLY } from "../definition/definition.ts";

/** Where runs ended before the end of the flow: answered by automation_runs__left alone, in one version by a look at each. */
export async function countLeft(
  db: Queryable,
  workspace_id: string,
  automation_id: string,
  version: number | undefined,
): Promise<Map<string, { left: number; goal: number }>> {
  const rows = await db.rows<{ node_id: string; left: number; goal: number }>(sql`
    select r.node_id, (count(*) filter (where ${LEFT}))::integer as "left",
      (count(*) filter (where ${COUNTED.goal}))::integer as goal
    from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = ${automation_id} and ${LEFT_EARLY} and r.node_id is not null
      and ${version === undefined ? sql`true` : sql`r.version = ${version}`}
    group by r.node_id`);
  return new Map(rows.map(({ node_id, ...counts }) => [node_id, counts]));
}
