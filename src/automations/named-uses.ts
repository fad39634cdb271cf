import { sql, type Queryable } from "../db/db.ts";

/**
 * Automations whose draft, or version that people enter or are inside of, names one of these things by its id. A workspace
 * has some hundreds of flows, all of which are looked through.
 */
export function automationsNaming(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<{ id: string; name: string; state: string }[]> {
  return db.rows(sql`
    select a.id, a.name, a.state from automations a
    where a.workspace_id = ${workspace_id} and exists (
      select from unnest(${[...ids]}::text[]) as named, (
        select a.draft as flow
        union all
        select v.flow from automation_versions v
        where v.workspace_id = a.workspace_id and v.automation_id = a.id and (
          (v.version = a.version and a.state = 'ACTIVE') or exists (
            select from automation_runs r where r.workspace_id = v.workspace_id and r.automation_id = v.automation_id
              and r.version = v.version and r.state in ('ACTIVE', 'PAUSED')))) flows
      where strpos(flows.flow::text, '"' || named || '"') > 0)
    order by a.id desc limit 100`);
}
