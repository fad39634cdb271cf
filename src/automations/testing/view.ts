import type { Clock } from "../../base/base.ts";
import type { TestRun } from "../../contract/automation-runs.ts";
import type { Flow } from "../../contract/automations.ts";
import { found, sql, type Queryable } from "../../db/db.ts";
import { messagesByIds } from "../../inbox/inbox.ts";
import { getRun } from "../activity/activity.ts";
import { readVersion } from "../definition/definition.ts";
import { nodeById } from "../flow/flow.ts";
import { aheadOf, type TestClock } from "../engine/engine.ts";

interface Row {
  automation_id: string;
  run_id: string;
  message_id: string | null;
  test: TestClock;
  /** What it rests for, by the clock; null: nothing, or it is about to go on. */
  rests_until: Date | null;
}

/** By the keys of automation_tests, automation_runs and automation_waits. Throws NOT_FOUND. */
export const readTest = async (db: Queryable, workspace_id: string, id: string): Promise<Row> =>
  found(
    await db.first<Row>(sql`
      select t.automation_id, t.run_id, r.message_id, r.test,
        case when w.wake_at > '-infinity' and w.wake_at < 'infinity' then w.wake_at end as rests_until
      from automation_tests t
      join automation_runs r on r.workspace_id = t.workspace_id and r.id = t.run_id
      left join automation_waits w on w.workspace_id = t.workspace_id and w.run_id = t.run_id
      where t.workspace_id = ${workspace_id} and t.id = ${id}`),
  );

/** How far it has come. Throws NOT_FOUND. */
export async function getTest(
  { db, clock }: { db: Queryable; clock: Clock },
  workspace_id: string,
  id: string,
): Promise<TestRun> {
  const row = await readTest(db, workspace_id, id);
  const { automation_id, run_id, message_id, test } = row;
  const run = await getRun(db, workspace_id, run_id);
  const flow = await readVersion(db, workspace_id, id, 1);
  const [message] = message_id === null ? [] : await messagesByIds(db, workspace_id, [message_id]);
  return {
    id,
    automation_id,
    run: { ...run, automation_id },
    flow: found(flow ?? undefined),
    now: new Date(clock.now() + aheadOf(test)).toISOString(),
    can: whatNext(run, row, flow),
    message: message_id === null ? null : { id: message_id, status: message?.status ?? null },
  };
}

function whatNext(run: TestRun["run"], { test, rests_until }: Row, flow: Flow | null): TestRun["can"] {
  if (run.state === "PAUSED") return run.reason === "test" ? ["next", "run", "end"] : ["next", "end"];
  if (run.state !== "ACTIVE") return [];
  const status = run.activity.at(-1)?.status;
  const node = flow && run.node_id !== null ? nodeById(flow, run.node_id) : undefined;
  const calls = node?.type === "action" && node.act?.kind === "call_url";
  // WhatsApp's word for a message is not over by the clock.
  const skips = rests_until !== null && (status === "SCHEDULED" || (status === "PENDING" && calls));
  return [...(skips ? (["skip"] as const) : []), ...(test.by_steps ? (["run"] as const) : []), "end"];
}
