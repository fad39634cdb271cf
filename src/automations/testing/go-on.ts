import { Problem, type Clock } from "../../base/base.ts";
import type { TestRun, TestStep } from "../../contract/automation-runs.ts";
import { sql, type Database, type Tx } from "../../db/db.ts";
import { giveUpCalls } from "../../delivery/delivery.ts";
import { publish } from "../../live/live.ts";
import { cancelRuns, wakeEngine } from "../engine/engine.ts";
import { getTest, readTest } from "./view.ts";

/** Takes a test on. Throws NOT_FOUND, and AUTOMATION_STATE for what it can't do at this moment. */
export function goOn(
  { db, clock }: { db: Database; clock: Clock },
  workspace_id: string,
  id: string,
  { do: asked }: TestStep,
): Promise<TestRun> {
  return db.transaction(async (tx) => {
    const { automation_id, run_id } = await readTest(tx, workspace_id, id);
    await tx.run(sql`
      select from automation_runs where workspace_id = ${workspace_id} and id = ${run_id} for no key update`);
    const { can } = await getTest({ db: tx, clock }, workspace_id, id);
    if (!can.includes(asked)) throw new Problem("AUTOMATION_STATE", NOT_NOW[asked]);
    const changes = asked === "end" ? (await cancelRuns(tx, workspace_id, id, [run_id])).changes : [];
    if (asked === "skip") await skip(tx, workspace_id, run_id, clock);
    if (asked === "next" || asked === "run") await resume(tx, workspace_id, run_id, asked === "next");
    await wakeEngine(tx);
    await publish(tx, [
      ...changes,
      { workspace_id, name: "AutomationActivityRecorded", data: { automation_id, run_id } },
    ]);
    return getTest({ db: tx, clock }, workspace_id, id);
  });
}

const NOT_NOW: Record<TestStep["do"], string> = {
  next: "The test does not stop before a step now.",
  run: "The test goes on by itself already.",
  skip: "The test waits for no time now.",
  end: "The test is over.",
};

/** Its clock is set ahead to when it would wake by itself. */
async function skip(tx: Tx, workspace_id: string, run_id: string, clock: Clock): Promise<void> {
  const now = new Date(clock.now());
  // A URL that is called is not waited for any longer: that takes no time of the test.
  await tx.run(sql`
    update automation_runs r set test = jsonb_set(r.test, '{skips}', (r.test -> 'skips') || jsonb_build_object(
      'at_ms', ${now.getTime()}::float8,
      'by_ms', greatest(0, ceil(extract(epoch from w.wake_at - ${now}::timestamptz) * 1000))::float8))
    from automation_waits w
    where r.workspace_id = ${workspace_id} and r.id = ${run_id} and w.workspace_id = ${workspace_id} and w.run_id = ${run_id}
      and exists (select from automation_activities a where a.workspace_id = ${workspace_id} and a.run_id = ${run_id}
        and a.visit = w.visit and a.status = 'SCHEDULED')`);
  await giveUpCalls(tx, workspace_id, [run_id], now);
  await wake(tx, workspace_id, run_id);
}

async function resume(tx: Tx, workspace_id: string, run_id: string, by_steps: boolean): Promise<void> {
  await tx.run(sql`
    update automation_runs set state = 'ACTIVE', reason = null, test = jsonb_set(test, '{by_steps}', to_jsonb(${by_steps}::boolean)),
      resumed_at = case when reason = 'answered' then now() else resumed_at end
    where workspace_id = ${workspace_id} and id = ${run_id} and state in ('ACTIVE', 'PAUSED')`);
  // One that rests goes on waiting, and stops no more.
  await tx.run(sql`
    update automation_waits set wake_at = '-infinity'
    where workspace_id = ${workspace_id} and run_id = ${run_id} and wake_at = 'infinity'`);
}

const wake = (tx: Tx, workspace_id: string, run_id: string) =>
  tx.run(sql`
    update automation_waits set wake_at = '-infinity' where workspace_id = ${workspace_id} and run_id = ${run_id}`);
