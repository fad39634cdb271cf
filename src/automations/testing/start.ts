import { appendTo, newId, Problem, type Clock } from "../../base/base.ts";
import type { NewTest, TestRun } from "../../contract/automation-runs.ts";
import type { Trigger } from "../../contract/automations.ts";
import { found, sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { publish, type LiveChange } from "../../live/live.ts";
import { lockRow } from "../definition/definition.ts";
import { cancelRuns, wakeEngine, type TriggerFacts } from "../engine/engine.ts";
import { triggerNode } from "../flow/flow.ts";
import { getTest } from "./view.ts";

/**
 * Takes the contact into the draft as it is now, at once: no cap, exclusion or earlier run is asked. A test of the automation
 * that is under way ends. Throws NOT_FOUND, and AUTOMATION_INCOMPLETE where there is no trigger.
 */
export function startTest(
  { db, clock }: { db: Database; clock: Clock },
  { workspace_id, id, user_id }: { workspace_id: string; id: string; user_id: string | null },
  { contact_id, payload, by_steps }: Pick<NewTest, "payload" | "by_steps"> & { contact_id: string },
  keep?: Keep<TestRun>,
): Promise<TestRun> {
  return db.transaction(async (tx) => {
    const { draft } = await lockRow(tx, workspace_id, id);
    const start = triggerNode(draft);
    if (start === undefined)
      throw new Problem(
        "AUTOMATION_INCOMPLETE",
        "The flow has no trigger. Add one, so that people can enter.",
      );
    found(
      await tx.first(sql`
      select from contacts where workspace_id = ${workspace_id} and id = ${contact_id} for key share`),
    );
    const ended = await endTests(tx, workspace_id, id);
    const [test_id, run_id] = [newId(), newId()];
    const now = new Date(clock.now());
    await tx.run(sql`
      insert into automation_tests (workspace_id, id, automation_id, run_id, user_id)
      values (${workspace_id}, ${test_id}, ${id}, ${run_id}, ${user_id})`);
    await tx.run(sql`
      insert into automation_versions (workspace_id, automation_id, version, flow, user_id)
      values (${workspace_id}, ${test_id}, 1, ${JSON.stringify(draft)}::jsonb, ${user_id})`);
    const trigger = factsOf(start.trigger, payload, now);
    await tx.run(sql`
      insert into automation_runs (workspace_id, id, automation_id, version, contact_id, state, node_id, trigger, entered_at, test)
      values (${workspace_id}, ${run_id}, ${test_id}, 1, ${contact_id}, 'ACTIVE', ${start.id},
        ${JSON.stringify(trigger)}::jsonb, ${now}, ${JSON.stringify({ by_steps, skips: [] })}::jsonb)`);
    await tx.run(sql`
      insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id)
      values (${workspace_id}, ${run_id}, 0, '-infinity', ${contact_id})`);
    await wakeEngine(tx);
    const test = await getTest({ db: tx, clock }, workspace_id, test_id);
    await keep?.(tx, test);
    await publish(tx, ended);
    return test;
  });
}

const factsOf = (trigger: Trigger | null, payload: Record<string, unknown>, now: Date): TriggerFacts => {
  return { kind: trigger?.kind ?? "api_event", at: now.toISOString(), payload };
};

/** One at a time: what the customer does would answer both. By automation_tests__automation_id. */
async function endTests(tx: Tx, workspace_id: string, automation_id: string) {
  const running = await tx.rows<{ id: string; run_id: string }>(sql`
    select t.id, t.run_id from automation_tests t
    join automation_runs r on r.workspace_id = t.workspace_id and r.id = t.run_id and r.state in ('ACTIVE', 'PAUSED')
    where t.workspace_id = ${workspace_id} and t.automation_id = ${automation_id}`);
  const changes: LiveChange[] = [];
  for (const { id, run_id } of running)
    appendTo(changes, (await cancelRuns(tx, workspace_id, id, [run_id])).changes);
  return changes;
}
