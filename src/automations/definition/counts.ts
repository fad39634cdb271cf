import type { Flow, ListedAutomation } from "../../contract/automations.ts";
import { sql, uuidArray, type Queryable, type Sql } from "../../db/db.ts";
import { isSendable, templatesOf } from "./check-actions.ts";
import type { Known } from "./known.ts";
import { templateState } from "./texts.ts";

type Counts = ListedAutomation["counts"];

/** The runs `r` behind each count. */
export const COUNTED: Readonly<Record<keyof Counts, Sql>> = {
  entered: sql`r.state <> 'BLOCKED'`,
  active: sql`r.state in ('ACTIVE', 'PAUSED')`,
  completed: sql`r.state = 'COMPLETED'`,
  failed: sql`r.state = 'FAILED'`,
  exited: sql`r.state in ('EXITED', 'CANCELLED')`,
  blocked: sql`r.state = 'BLOCKED'`,
  goal: sql`r.state = 'EXITED' and r.reason in ('goal_segment', 'goal_event')`,
};
/** Those who left before the end of the flow, and did not reach the goal. */
export const LEFT = sql`r.state in ('EXITED', 'FAILED', 'CANCELLED') and r.reason is distinct from 'goal_segment'
  and r.reason is distinct from 'goal_event'`;
/** In the words of automation_runs__left, which answers what is counted of these alone. */
export const LEFT_EARLY = sql`r.state in ('EXITED', 'FAILED', 'CANCELLED')`;

/**
 * How many runs of each automation are in each state: answered by automation_runs__state alone, and who reached the goal by
 * automation_runs__left.
 */
export async function readCounts(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, Counts>> {
  const count = (what: keyof Counts) => sql`(count(*) filter (where ${COUNTED[what]}))::integer`;
  const rows = await db.rows<Omit<Counts, "goal"> & { automation_id: string }>(sql`
    select r.automation_id, ${count("entered")} as entered, ${count("active")} as active, ${count("completed")} as completed,
      ${count("failed")} as failed, ${count("exited")} as exited, ${count("blocked")} as blocked
    from automation_runs r where r.workspace_id = ${workspace_id} and r.automation_id = any(${uuidArray(ids)}::uuid[])
    group by r.automation_id`);
  const goals = await db.rows<{ automation_id: string; goal: number }>(sql`
    select r.automation_id, count(*)::integer as goal from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = any(${uuidArray(ids)}::uuid[]) and ${LEFT_EARLY}
      and ${COUNTED.goal}
    group by r.automation_id`);
  const reached = new Map(goals.map(({ automation_id, goal }) => [automation_id, goal]));
  return new Map(
    rows.map(({ automation_id, ...counts }) => [
      automation_id,
      { ...counts, goal: reached.get(automation_id) ?? 0 },
    ]),
  );
}

export const NO_COUNTS: Counts = {
  entered: 0,
  active: 0,
  completed: 0,
  failed: 0,
  exited: 0,
  blocked: 0,
  goal: 0,
};

/** Who failed at a node because its template could not be sent, and since when. */
export interface StoppedPeople {
  automation_id: string;
  node_id: string;
  people: number;
  since: Date | null;
}

/** By automation_runs__stopped. */
export const readStopped = (
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<StoppedPeople[]> =>
  db.rows(sql`
    select r.automation_id, r.node_id, count(*)::integer as people, min(r.ended_at) as since from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = any(${uuidArray(ids)}::uuid[]) and r.stopped
      and r.node_id is not null
    group by r.automation_id, r.node_id`);

/** Who waits at a node as its number is not connected, and since when. By automation_activities__held. */
export const readHeld = (
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<(Omit<StoppedPeople, "since"> & { since: Date })[]> =>
  db.rows(sql`
    select a.automation_id, a.node_id, count(*)::integer as people, min(a.started_at) as since from automation_activities a
    where a.workspace_id = ${workspace_id} and a.automation_id = any(${uuidArray(ids)}::uuid[])
      and a.ended_at is null and a.reason = 'NOT_CONNECTED'
    group by a.automation_id, a.node_id`);

/** The nodes of a flow whose template can't be sent at the moment: a code and a sentence by the node's id. */
export function unsendable(flow: Flow, known: Known): Map<string, { code: string; says: string }> {
  const found = new Map<string, { code: string; says: string }>();
  for (const node of flow.nodes) {
    if (node.type !== "action" || node.act?.kind !== "send_template") continue;
    const chosen = templatesOf(known, node.act);
    if (chosen?.members.some(isSendable)) continue;
    const { name = "", status = null } = chosen?.members[0] ?? {};
    found.set(node.id, {
      code: `TEMPLATE_${status ?? "GONE"}`,
      says: `${name === "" ? "Its template is gone" : templateState(name, status)}.`,
    });
  }
  return found;
}

/** Nodes that are stopped, or were while people reached them; null: there are none. */
export function stoppedOf(
  nodes: ReadonlyMap<string, unknown>,
  people: readonly StoppedPeople[],
): ListedAutomation["stopped"] {
  const ids = new Set([...nodes.keys(), ...people.map(({ node_id }) => node_id)]);
  if (ids.size === 0) return null;
  return { nodes: ids.size, people: people.reduce((sum, each) => sum + each.people, 0) };
}
