import type { z } from "zod";
import { Problem, type Clock } from "../../base/base.ts";
import type { RunMove, RunRetry, ToldRuns } from "../../contract/automation-runs.ts";
import { sql, type Database, type Keep, type Sql, type Tx } from "../../db/db.ts";
import { publish, type LiveChange } from "../../live/live.ts";
import { lockRow } from "../definition/definition.ts";
import { nodeById } from "../flow/flow.ts";
import { actOn, leaveWork, STEP_RUNS, type Asked, type Verb } from "../engine/engine.ts";
import { checkLands, chosen, findPeople, readActive, type Choice } from "./choices.ts";
import { BEGUN, DONE } from "./texts.ts";

/** What people do with the runs of an automation, those chosen at once. Each throws NOT_FOUND. */
export interface AskedRuns {
  workspace_id: string;
  id: string;
}
type Told = z.infer<typeof ToldRuns>;

/**
 * Begun by a person for the runs chosen: few are done at once, of many it is kept which they are, and the engine does it in
 * steps. Answers how many, and what pages are to know at once.
 */
async function begin(
  tx: Tx,
  { workspace_id, id: automation_id }: AskedRuns,
  verb: Verb,
  { those, asked, now }: { those: Sql; asked: Asked; now: Date },
): Promise<{ count: number; is_done: boolean; changes: LiveChange[] }> {
  const about = { workspace_id, automation_id, verb, asked };
  const rows = await tx.rows<{ id: string }>(sql`
    select r.id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.automation_id = ${automation_id} and ${those}
    order by r.entered_at desc, r.id desc limit ${STEP_RUNS + 1}`);
  if (rows.length > STEP_RUNS)
    return { count: await leaveWork(tx, { ...about, those }), is_done: false, changes: [] };
  const { run_ids, changes } = await actOn(tx, { ...about, run_ids: rows.map(({ id }) => id) }, now);
  return { count: run_ids.length, is_done: true, changes };
}

/** It is asked for in the transaction that keeps the answer. */
function tell(
  deps: { db: Database; clock: Clock },
  about: AskedRuns,
  verb: Verb,
  keep: Keep<Told> | undefined,
  choose: (tx: Tx) => Promise<{ those: Sql; asked: Asked }>,
): Promise<Told> {
  return deps.db.transaction(async (tx) => {
    await lockRow(tx, about.workspace_id, about.id);
    const wanted = { ...(await choose(tx)), now: new Date(deps.clock.now()) };
    const { count, is_done, changes } = await begin(tx, about, verb, wanted);
    const told = { count, says: (is_done ? DONE : BEGUN)[verb](count) };
    await keep?.(tx, told);
    await publish(tx, changes);
    return told;
  });
}

interface Deps {
  db: Database;
  clock: Clock;
}

export function retry(
  deps: Deps,
  about: AskedRuns,
  { version, from, ...choice }: RunRetry,
  keep?: Keep<Told>,
): Promise<Told> {
  const { workspace_id, id } = about;
  return tell(deps, about, "retry", keep, async (tx) => {
    const active = version === "active" ? await readActive(tx, workspace_id, id) : null;
    if (active !== null && from !== undefined && nodeById(active.flow, from) === undefined)
      throw new Problem("INVALID_REQUEST", "`from` is no node of the current version.");
    // Where the node is none of the version that a run would be on, it stays as it ended.
    const those = sql`${chosen(about, "retry", await findPeople(tx, workspace_id, choice))} and exists (
      select from automation_versions v where v.workspace_id = r.workspace_id and v.automation_id = r.automation_id
        and v.version = coalesce(${active?.version ?? null}, r.version)
        and v.flow @> jsonb_build_object('nodes', jsonb_build_array(jsonb_build_object('id', coalesce(${from ?? null}, r.node_id)))))`;
    return { those, asked: { node_id: from, version: active?.version } };
  });
}

export const cancel = (deps: Deps, about: AskedRuns, choice: Choice, keep?: Keep<Told>): Promise<Told> =>
  tell(deps, about, "cancel", keep, async (tx) => ({
    those: chosen(about, "cancel", await findPeople(tx, about.workspace_id, choice)),
    asked: {},
  }));

/** In the caller's transaction, which publishes the changes. */
export const cancelAll = async (
  tx: Tx,
  about: AskedRuns,
  reason: string,
  now: Date,
): Promise<LiveChange[]> => {
  const those = chosen(about, "cancel", {});
  return (await begin(tx, about, "cancel", { those, asked: { reason }, now })).changes;
};

export const resume = (deps: Deps, about: AskedRuns, choice: Choice, keep?: Keep<Told>): Promise<Told> =>
  tell(deps, about, "resume", keep, async (tx) => ({
    those: chosen(about, "resume", await findPeople(tx, about.workspace_id, choice)),
    asked: {},
  }));

/** To the version that people enter now; those who land nowhere stay. Throws AUTOMATION_STATE, INVALID_REQUEST. */
export function move(
  deps: Deps,
  about: AskedRuns,
  { lands, ...choice }: RunMove,
  keep?: Keep<Told>,
): Promise<Told> {
  return tell(deps, about, "move", keep, async (tx) => {
    const { version, flow } = await readActive(tx, about.workspace_id, about.id);
    checkLands(flow, lands);
    const those = sql`${chosen(about, "move", await findPeople(tx, about.workspace_id, choice))} and r.version <> ${version}`;
    return { those, asked: { version, lands } };
  });
}
