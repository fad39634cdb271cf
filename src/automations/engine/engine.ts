/**
 * How people go through automations. What happened has left entries, which become runs; a run rests at a node with a row of
 * automation_waits until its clock, or what happens to it, wakes it. A step takes some hundred of those who are to wake, in
 * one transaction under the locks of their runs, as far as they go. So a process may die at any point, and another goes on:
 * each visit of a node is written, with all that it did, or not at all.
 */
import type { Happened } from "../../audience/audience.ts";
import { grouped, type Clock, type Logger, startLoop, type StepLoop } from "../../base/base.ts";
import { isCollision, isInfrastructure, sql, uuidArray, type Database, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { addCounts, endVisits } from "../counts/counts.ts";
import { enterDue } from "./enter.ts";
import { lockRuns, type RunRow } from "./run-rows.ts";
import { travel } from "./rounds.ts";
import { workStep } from "./work.ts";
import { writeStep } from "./write.ts";

export { payloadOf } from "./load-messages.ts";
export type { TriggerFacts } from "./run-rows.ts";
export { cancelRuns, forgetRuns, landsOf, moveRuns, resumeResolved, resumeRuns, retryRuns } from "./verbs.ts";
export { actOn, leaveWork, STEP_RUNS, type Asked, type Verb } from "./work.ts";
export { followAutomationJoins } from "./joins.ts";
export { aheadOf, type TestClock } from "./test-clock.ts";
export { wakeCalled, wakeEngine, wakeRuns, type Stir } from "./wake.ts";

/** How often those who are due are looked for; a NOTIFY wakes the engine at once. */
const IDLE_MS = 250;
/** So many runs a transaction: some 100 ms for those that pass few nodes (bench/automations.ts). */
const AT_ONCE = 1_000;
/** So many such transactions side by side. */
const SIDES = 2;
/** A run whose step failed is tried again after so long, and so often; then it has failed. */
const RETRY_S = 5;
const TRIES = 5;

export interface Engine {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
  /** One step; 0: nothing was due. */
  step(): Promise<number>;
  /** Until nothing is due. */
  drain(): Promise<void>;
}

interface Parts {
  db: Database;
  clock: Clock;
  log: Logger;
  happened: Happened;
  /** How often the step of a run has failed in this process. */
  failures: Map<string, number>;
}

export function createEngine(deps: { db: Database; clock: Clock; log: Logger; happened: Happened }): Engine {
  const parts: Parts = { ...deps, failures: new Map() };
  let loop: StepLoop | null = null;
  const work = () => workStep({ db: deps.db, log: deps.log, now: new Date(deps.clock.now()) });
  const step = async () => (await enterStep(parts)) + (await work()) + (await wakeStep(parts));
  return {
    step,
    start() {
      loop ??= startLoop(step, {
        idle_ms: IDLE_MS,
        onError: (err) => deps.log.error({ err }, "automations could not be looked at; it is tried again"),
      });
    },
    wake: () => loop?.wake(),
    stop: async () => loop?.stop(),
    async drain() {
      while ((await step()) > 0);
    },
  };
}

/** Entries of the workspace whose oldest is due the longest, by automation_entries__due. */
async function enterStep({ db, clock }: Parts): Promise<number> {
  const now = new Date(clock.now());
  const first = await db.first<{ workspace_id: string }>(sql`
    select workspace_id from automation_entries where due_at <= ${now} order by due_at limit 1`);
  if (first === undefined) return 0;
  return db.transaction(async (tx) => {
    const { looked, entered } = await enterDue(tx, first.workspace_id, now);
    await publish(
      tx,
      entered.map(({ workspace_id, ...data }) => ({
        workspace_id,
        name: "AutomationActivityRecorded",
        data,
      })),
    );
    return looked;
  });
}

/**
 * Those who are to wake, by automation_waits__due, and those for which word was left: each workspace by itself, and of each two
 * batches side by side, so that one is decided while the other's statements run. A person's runs are in one batch: what
 * they lock is locked in one order.
 */
async function wakeStep(parts: Parts): Promise<number> {
  const now = new Date(parts.clock.now());
  const due = await parts.db.rows<{ workspace_id: string; run_id: string; side: number }>(sql`
    (select workspace_id, run_id, get_byte(uuid_send(contact_id), 15) % ${SIDES} as side from automation_waits
      where wake_at <= ${now} order by wake_at limit ${AT_ONCE * SIDES})
    union all
    (select workspace_id, run_id, 0 from automation_wakes order by id limit ${AT_ONCE})`);
  const batches = [...grouped(due, ({ workspace_id, side }) => `${workspace_id} ${side}`).values()];
  const waiting = batches.values();
  let done = 0;
  const work = async () => {
    for (const batch of waiting) {
      const ids = [...new Set(batch.map(({ run_id }) => run_id))];
      done += await goOn(parts, batch[0]!.workspace_id, ids, now);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: SIDES }, work));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return done;
}

/** One that fails harms only itself: the others are gone on with by halves. Answers how many were taken. */
async function goOn(parts: Parts, workspace_id: string, ids: readonly string[], now: Date): Promise<number> {
  try {
    const done = await parts.db.transaction((tx) => goOnIn(tx, parts, workspace_id, ids, now));
    for (const id of ids) parts.failures.delete(id);
    return done;
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    if (ids.length === 1) {
      await putOff(parts, workspace_id, ids[0]!, now, error);
      return 1;
    }
    const half = Math.ceil(ids.length / 2);
    const first = await goOn(parts, workspace_id, ids.slice(0, half), now);
    return first + (await goOn(parts, workspace_id, ids.slice(half), now));
  }
}

async function goOnIn(
  tx: Tx,
  { happened }: Parts,
  workspace_id: string,
  ids: readonly string[],
  now: Date,
): Promise<number> {
  const locked = await lockRuns(tx, workspace_id, ids);
  if (locked.length < ids.length) await tidy(tx, workspace_id, ids);
  const runs = await stillDue(tx, workspace_id, locked, now);
  if (runs.length === 0) return 0;
  const { travellers, changes } = await travel(tx, workspace_id, runs, { now, happened });
  const told = await writeStep(tx, workspace_id, travellers, now);
  await publish(tx, [...changes, ...told]);
  return runs.length;
}

/**
 * Those that no other process has gone on with since they were found. Word that was left for them is taken: what it tells
 * of is committed, and read behind this.
 */
async function stillDue(tx: Tx, workspace_id: string, runs: readonly RunRow[], now: Date): Promise<RunRow[]> {
  if (runs.length === 0) return [];
  const ids = uuidArray(runs.map(({ id }) => id));
  const due = await tx.rows<{ run_id: string }>(sql`
    with told as (
      delete from automation_wakes where workspace_id = ${workspace_id} and run_id = any(${ids}::uuid[]) returning run_id)
    select run_id from told
    union
    select run_id from automation_waits
    where workspace_id = ${workspace_id} and run_id = any(${ids}::uuid[]) and wake_at <= ${now}`);
  const still = new Set(due.map(({ run_id }) => run_id));
  return runs.filter(({ id }) => still.has(id));
}

/** Rows of runs that have ended meanwhile: nothing waits for these. */
async function tidy(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<void> {
  const over = sql`workspace_id = ${workspace_id} and run_id in (
    select r.id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray([...ids])}::uuid[]) and r.state not in ('ACTIVE', 'PAUSED'))`;
  await tx.run(sql`delete from automation_wakes where ${over}`);
  await tx.run(sql`delete from automation_waits where ${over}`);
}

async function putOff(
  { db, log, failures }: Parts,
  workspace_id: string,
  run_id: string,
  now: Date,
  error: unknown,
): Promise<void> {
  const tries = (failures.get(run_id) ?? 0) + (isCollision(error) ? 0 : 1);
  failures.set(run_id, tries);
  log.error({ err: error, run_id, tries }, "a step of a run failed; it is tried again");
  if (tries < TRIES) {
    await db.run(sql`
      update automation_waits set wake_at = ${now}::timestamptz + ${RETRY_S} * interval '1 second'
      where workspace_id = ${workspace_id} and run_id = ${run_id} and wake_at <= ${now}`);
    await db.run(
      sql`delete from automation_wakes where workspace_id = ${workspace_id} and run_id = ${run_id}`,
    );
    return;
  }
  failures.delete(run_id);
  await db.transaction((tx) => giveUp(tx, workspace_id, run_id, now));
}

/** It can be retried, once what is wrong was found. */
async function giveUp(tx: Tx, workspace_id: string, run_id: string, now: Date): Promise<void> {
  const [run] = await lockRuns(tx, workspace_id, [run_id]);
  if (run === undefined) return;
  const counts = await endVisits(tx, workspace_id, [run_id], {
    status: "FAILED",
    reason: "internal",
    at: now,
  });
  await tx.run(sql`
    update automation_runs set state = 'FAILED', reason = 'internal', ended_at = ${now}
    where workspace_id = ${workspace_id} and id = ${run_id}`);
  await tx.run(sql`delete from automation_waits where workspace_id = ${workspace_id} and run_id = ${run_id}`);
  await addCounts(tx, counts);
  await publish(tx, [
    { workspace_id, name: "AutomationActivityRecorded", data: { automation_id: run.automation_id, run_id } },
  ]);
}
