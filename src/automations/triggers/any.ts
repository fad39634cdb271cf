import { sql, type Queryable } from "../../db/db.ts";

/** Workspaces of which this process knows that an automation was activated or tested there: that stays so. */
const known = new Set<string>();

/**
 * Those of the workspaces in which an automation was ever activated or tested: in the others nothing waits, and nothing starts. Asked
 * anew each time of those that have none, as the next may be activated in any transaction; by the keys of automations
 * and automation_tests.
 */
export async function withAutomations(db: Queryable, workspaces: Iterable<string>): Promise<Set<string>> {
  const wanted = new Set(workspaces);
  const unknown = [...wanted].filter((id) => !known.has(id));
  if (unknown.length > 0) {
    const rows = await db.rows<{ id: string }>(sql`
      select w.id from unnest(${unknown}::uuid[]) as w (id)
      where exists (select from automations a where a.workspace_id = w.id and a.state <> 'DRAFT')
        or exists (select from automation_tests t where t.workspace_id = w.id)`);
    for (const { id } of rows) known.add(id);
  }
  return new Set([...wanted].filter((id) => known.has(id)));
}
