import type { Logger } from "../../base/base.ts";
import { isInfrastructure, sql, type Database, type Sql, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { cancelRuns, moveRuns, resumeRuns, retryRuns, type Changed } from "./verbs.ts";
import { wakeEngine } from "./wake.ts";

export type Verb = "retry" | "cancel" | "resume" | "move";
/** What a verb is told beside whose runs. */
export interface Asked {
  /** retry: at this node. */
  node_id?: string | undefined;
  /** retry, move: on this version. */
  version?: number | undefined;
  /** move: where people go on, by the node where they are. */
  lands?: Record<string, string> | undefined;
  /** cancel: why. */
  reason?: string | undefined;
}

interface Work {
  workspace_id: string;
  id: string;
  automation_id: string;
  verb: Verb;
  asked: Asked;
  run_ids: string[];
}

/** So many runs a step: their rows are locked together, for a tenth of a second. */
export const STEP_RUNS = 1_000;
/** One whose step failed is tried again after so long. */
const RETRY_S = 5;

/** Does it to these runs, as far as each still is one that it can be done to. */
export function actOn(
  tx: Tx,
  { workspace_id, automation_id, verb, asked, run_ids }: Omit<Work, "id">,
  now: Date,
): Promise<Changed> {
  switch (verb) {
    case "retry":
      return retryRuns(tx, workspace_id, automation_id, run_ids, asked);
    case "cancel":
      return cancelRuns(tx, workspace_id, automation_id, run_ids, asked.reason);
    case "resume":
      return resumeRuns(tx, workspace_id, automation_id, run_ids, now);
    case "move":
      return moveRuns(tx, workspace_id, automation_id, run_ids, asked.version!, asked.lands ?? {});
  }
}

/**
 * Leaves it to be done, in steps, to the runs `r` of the condition as they are now; the newest first, as of one's runs only
 * that goes on. Answers how many they are.
 */
export async function leaveWork(
  tx: Tx,
  { workspace_id, automation_id, verb, asked, those }: Omit<Work, "id" | "run_ids"> & { those: Sql },
): Promise<number> {
  const steps = await tx.rows<{ n: number }>(sql`
    insert into automation_work (workspace_id, id, automation_id, verb, asked, run_ids, place)
    select ${workspace_id}, gen_random_uuid(), ${automation_id}, ${verb}, ${JSON.stringify(asked)}::jsonb,
      array_agg(id), step
    from (
      select r.id, (row_number() over (order by r.entered_at desc, r.id desc) - 1) / ${STEP_RUNS}::bigint as step
      from automation_runs r
      where r.workspace_id = ${workspace_id} and r.automation_id = ${automation_id} and ${those}) chosen
    group by step
    returning cardinality(run_ids) as n`);
  await wakeEngine(tx);
  return steps.reduce((sum, { n }) => sum + n, 0);
}

/**
 * One step of what was left to be done, by automation_work__due; 0: nothing is. Its row is gone with what it did, or stays:
 * one that fails is tried again later, and keeps no other waiting.
 */
export async function workStep(deps: { db: Database; log: Logger; now: Date }): Promise<number> {
  const { db, log, now } = deps;
  if ((await db.first(sql`select from automation_work where due_at <= now() limit 1`)) === undefined)
    return 0;
  const claimed: Pick<Work, "workspace_id" | "id">[] = [];
  try {
    return await db.transaction(async (tx) => {
      const work = await tx.first<Work>(sql`
        select workspace_id, id, automation_id, verb, asked, run_ids from automation_work
        where due_at <= now() order by due_at, place limit 1 for update skip locked`);
      if (work === undefined) return 0;
      claimed.push(work);
      const { changes } = await actOn(tx, work, now);
      await tx.run(
        sql`delete from automation_work where workspace_id = ${work.workspace_id} and id = ${work.id}`,
      );
      await publish(tx, changes);
      return 1;
    });
  } catch (err) {
    const [work] = claimed;
    if (work === undefined || isInfrastructure(err)) throw err;
    log.error({ err, work: work.id }, "what was to be done with runs failed; it is tried again");
    await db.run(sql`
      update automation_work set due_at = now() + ${RETRY_S} * interval '1 second'
      where workspace_id = ${work.workspace_id} and id = ${work.id}`);
    return 1;
  }
}
