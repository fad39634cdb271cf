import { sql, uuidArray, type Tx } from "../../db/db.ts";
import type { CountChange } from "./count-changes.ts";

/** `n` visits of a node that are alike in all that is counted. */
interface Visits {
  automation_id: string;
  version: number;
  node_id: string;
  status: string;
  port: string | null;
  n: number;
}

function* visitKeys({ status, port }: Pick<Visits, "status" | "port">): Generator<string> {
  yield `is.${status}`;
  if (port !== null) yield `went.${port}`;
}

/** What these visits add to the counts; `sign` -1: what they were before. */
export const countVisits = (
  workspace_id: string,
  visits: readonly Visits[],
  sign: 1 | -1 = 1,
): CountChange[] =>
  visits.flatMap(({ automation_id, version, node_id, status, port, n }) =>
    [...visitKeys({ status, port })].map((key) => ({
      workspace_id,
      automation_id,
      version,
      node_id,
      key,
      n: sign * n,
    })),
  );

/** How the visits that are under way end where something else than their node ends them. */
interface End {
  status: "SKIPPED" | "FAILED";
  reason: string;
  /** By the injected clock; without it the database's. */
  at?: Date;
}

/** Ends what these runs have under way, in one statement. Their rows are locked by the caller. Answers what is to be counted. */
export async function endVisits(
  tx: Tx,
  workspace_id: string,
  run_ids: readonly string[],
  { status, reason, at }: End,
): Promise<CountChange[]> {
  if (run_ids.length === 0) return [];
  const rows = await tx.rows<Omit<Visits, "status" | "port"> & { before: string }>(sql`
    with under_way as materialized (
      select run_id, visit, status from automation_activities
      where workspace_id = ${workspace_id} and run_id = any(${uuidArray([...run_ids])}::uuid[]) and ended_at is null),
    ended as (
      update automation_activities a set status = ${status}, reason = ${reason},
        ended_at = coalesce(${at ?? null}::timestamptz, now())
      from under_way o
      where a.workspace_id = ${workspace_id} and a.run_id = o.run_id and a.visit = o.visit
      returning a.automation_id, a.version, a.node_id, o.status as before)
    select automation_id, version, node_id, before, count(*)::integer as n from ended group by 1, 2, 3, 4`);
  return rows.flatMap(({ before, ...visits }) => [
    ...countVisits(workspace_id, [{ ...visits, status: before, port: null }], -1),
    ...countVisits(workspace_id, [{ ...visits, status, port: null }]),
  ]);
}
