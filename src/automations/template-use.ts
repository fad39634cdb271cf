import type { Flow } from "../contract/automations.ts";
import { sql, uuidArray, type Queryable } from "../db/db.ts";
import { namedTemplates, type TemplateUse } from "../templates/templates.ts";
import { nodesBefore } from "./definition/definition.ts";

/** More of them are told as "more". */
const MOST = 100;

/**
 * Automations that people enter or are inside of, by the templates that their flow names, alone or in a group; people:
 * those inside who are at a node before one that sends it, or at it. A workspace has some hundreds of flows, all of which
 * are looked through.
 */
export const automationUse: TemplateUse = {
  kind: "automations",
  async count(db, workspace_id, templates) {
    const rows = await db.rows<Use>(sql`
      with named_ids as (
        select t.id::text as id from ${namedTemplates(templates)}
        join templates t on t.workspace_id = ${workspace_id} and t.waba_id = named.waba_id and t.name = named.name
          and t.language = named.language
        union select m.group_id::text from ${namedTemplates(templates)}
        join template_groups g on g.workspace_id = ${workspace_id} and g.waba_id = named.waba_id
        join template_group_members m on m.workspace_id = g.workspace_id and m.group_id = g.id
          and m.template_name = named.name and m.language = named.language),
      sending as (
        select v.automation_id, v.version, v.flow, array_agg(node ->> 'id') as nodes
        from automation_versions v cross join lateral jsonb_array_elements(v.flow -> 'nodes') as node
        where v.workspace_id = ${workspace_id}
          and (node #>> '{act,template_id}' in (select id from named_ids)
            or node #>> '{act,template_group_id}' in (select id from named_ids))
        group by v.automation_id, v.version, v.flow)
      select a.id, a.name, s.version, s.flow, s.nodes, a.state = 'ACTIVE' and a.version = s.version as active
      from sending s join automations a on a.workspace_id = ${workspace_id} and a.id = s.automation_id
      order by a.id desc, s.version desc`);
    const inside = await readInside(db, workspace_id, rows);
    const used = new Map<string, { name: string; people: number }>();
    for (const row of rows) {
      const people = inside.get(`${row.id} ${row.version}`) ?? 0;
      if (!row.active && people === 0) continue;
      const before = used.get(row.id)?.people ?? 0;
      used.set(row.id, { name: row.name, people: before + people });
    }
    const all = [...used.values()];
    return {
      count: Math.min(all.length, MOST),
      more: all.length > MOST,
      people: all.reduce((sum, { people }) => sum + people, 0),
      names: all.slice(0, 5).map(({ name }) => name),
    };
  },
  says: (count) => (count === 1 ? "1 automation" : `${count} automations`),
};

/** A version whose flow sends by one of the templates, and the nodes that do. */
interface Use {
  id: string;
  name: string;
  version: number;
  flow: Flow;
  nodes: string[];
  active: boolean;
}

/** How many are inside each and may still come to one of its nodes, by automation_runs__state. */
async function readInside(
  db: Queryable,
  workspace_id: string,
  uses: readonly Use[],
): Promise<Map<string, number>> {
  const runs = await db.rows<{ id: string; version: number; node_id: string | null; people: number }>(sql`
    select r.automation_id as id, r.version, r.node_id, count(*)::integer as people from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = any(${uuidArray(uses.map(({ id }) => id))}::uuid[])
      and r.state in ('ACTIVE', 'PAUSED')
    group by r.automation_id, r.version, r.node_id`);
  const inside = new Map<string, number>();
  for (const use of uses) {
    const before = nodesBefore(use.flow, use.nodes);
    const people = runs
      .filter((run) => run.id === use.id && run.version === use.version)
      .filter(({ node_id }) => node_id === null || before.has(node_id))
      .reduce((sum, run) => sum + run.people, 0);
    inside.set(`${use.id} ${use.version}`, people);
  }
  return inside;
}
