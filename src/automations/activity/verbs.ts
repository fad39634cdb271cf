import type { z } from "zod";
import { appendTo, Problem, type Clock } from "../../base/base.ts";
import type { RunMove, RunRetry, RunVerb, ToldRuns } from "../../contract/automation-runs.ts";
import { sql, type Database, type Keep, type Sql, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { lockRow } from "../definition/definition.ts";
import { nodeById } from "../flow/flow.ts";
import { cancelRuns, moveRuns, resumeRuns, retryRuns } from "../engine/engine.ts";
import { checkLands, chosen, findPeople, landingsOf, readActive, type Choice } from "./choices.ts";
import { DONE } from "./texts.ts";

/** What people do with the runs of an automation, those chosen at once. Each throws NOT_FOUND. */
export interface AskedRuns {
  workspace_id: string;
  id: string;
}
type Changed = Awaited<ReturnType<typeof cancelRuns>>;
type Told = z.infer<typeof ToldRuns>;
type Verb = z.infer<typeof RunVerb>;

/** How many the verb is done for at once: so many runs' rows are locked together. */
const AT_ONCE = 1_000;

export function retry(
  db: Database,
  asked: AskedRuns,
  { version, from, ...choice }: RunRetry,
  keep?: Keep<Told>,
): Promise<Told> {
  const { workspace_id, id } = asked;
  return tell(db, asked, "retry", keep, async (tx) => {
    const active = version === "active" ? await readActive(tx, workspace_id, id) : null;
    if (active !== null && from !== undefined && nodeById(active.flow, from) === undefined)
      throw new Problem("INVALID_REQUEST", "`from` is no node of the current version.");
    // Where the node is none of the version that a run would be on, it stays as it ended.
    const those = sql`${chosen(asked, "retry", await findPeople(tx, workspace_id, choice))} and exists (
      select from automation_versions v where v.workspace_id = r.workspace_id and v.automation_id = r.automation_id
        and v.version = coalesce(${active?.version ?? null}, r.version)
        and v.flow @> jsonb_build_object('nodes', jsonb_build_array(jsonb_build_object('id', coalesce(${from ?? null}, r.node_id)))))`;
    return forAll(tx, asked, those, (ids) =>
      retryRuns(tx, workspace_id, id, ids, { node_id: from, version: active?.version }),
    );
  });
}

export function cancel(db: Database, asked: AskedRuns, choice: Choice, keep?: Keep<Told>): Promise<Told> {
  return tell(db, asked, "cancel", keep, (tx) => cancelChosen(tx, asked, choice));
}

/** In the caller's transaction, which publishes the changes. */
export const cancelChosen = async (
  tx: Tx,
  asked: AskedRuns,
  choice: Choice,
  reason?: string,
): Promise<Changed> =>
  forAll(tx, asked, chosen(asked, "cancel", await findPeople(tx, asked.workspace_id, choice)), (ids) =>
    cancelRuns(tx, asked.workspace_id, asked.id, ids, reason),
  );

export function resume(
  { db, clock }: { db: Database; clock: Clock },
  asked: AskedRuns,
  choice: Choice,
  keep?: Keep<Told>,
): Promise<Told> {
  return tell(db, asked, "resume", keep, async (tx) =>
    forAll(tx, asked, chosen(asked, "resume", await findPeople(tx, asked.workspace_id, choice)), (ids) =>
      resumeRuns(tx, asked.workspace_id, asked.id, ids, new Date(clock.now())),
    ),
  );
}

/** To the version that people enter now; those who land nowhere stay. Throws AUTOMATION_STATE, INVALID_REQUEST. */
export function move(
  db: Database,
  asked: AskedRuns,
  { lands, ...choice }: RunMove,
  keep?: Keep<Told>,
): Promise<Told> {
  return tell(db, asked, "move", keep, async (tx) => {
    const { version, flow } = await readActive(tx, asked.workspace_id, asked.id);
    checkLands(flow, lands);
    const moved: Changed = { run_ids: [], changes: [] };
    const people = await findPeople(tx, asked.workspace_id, choice);
    const landings = await landingsOf(tx, asked, { version, flow }, { lands, ...choice });
    for (const [from, of_version] of landings) {
      const those = sql`${chosen(asked, "move", people)} and r.version = ${from}`;
      const done = await forAll(tx, asked, those, (ids) =>
        moveRuns(tx, asked.workspace_id, asked.id, ids, version, of_version),
      );
      appendTo(moved.run_ids, done.run_ids);
      appendTo(moved.changes, done.changes);
    }
    return moved;
  });
}

/** Chosen before the first is changed, so that none is taken twice. */
async function forAll(
  tx: Tx,
  { workspace_id }: AskedRuns,
  those: Sql,
  change: (ids: string[]) => Promise<Changed>,
): Promise<Changed> {
  const rows = await tx.rows<{ id: string }>(sql`
    select r.id from automation_runs r where r.workspace_id = ${workspace_id} and ${those} order by r.id`);
  const all: Changed = { run_ids: [], changes: [] };
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const { run_ids, changes } = await change(rows.slice(from, from + AT_ONCE).map(({ id }) => id));
    appendTo(all.run_ids, run_ids);
    appendTo(all.changes, changes);
  }
  return all;
}

function tell(
  db: Database,
  { workspace_id, id }: AskedRuns,
  verb: Verb,
  keep: Keep<Told> | undefined,
  act: (tx: Tx) => Promise<Changed>,
): Promise<Told> {
  return db.transaction(async (tx) => {
    await lockRow(tx, workspace_id, id);
    const { run_ids, changes } = await act(tx);
    const told = { count: run_ids.length, says: DONE[verb](run_ids.length) };
    await keep?.(tx, told);
    await publish(tx, changes);
    return told;
  });
}
