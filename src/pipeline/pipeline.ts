/**
 * From the journal to effects. One transaction a batch: claim (or what this process has just stored) → read → route →
 * new events → rooms → deliveries → record → live. Committed together or not at all, so a crash leaves the webhooks waiting and nothing half done.
 *
 * A batch that fails by its own fault is halved until the webhook to blame is alone, and that one is taken through
 * item by item (process-batch.ts). One that failed before doesn't get near a batch again.
 */
import { startLoop, type Clock, type Logger, type StepLoop } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import type { HandOff, Journal } from "../journal/journal.ts";
import { stepOnce, type Processing } from "./batches.ts";
import { createEventMonths } from "./event-months.ts";
import { createHanded } from "./handed.ts";
import type { Apply, Rooms } from "./process-batch.ts";

export type { Apply };
export { replays } from "./replay.ts";
export { createSubjectFill } from "./subject-fill.ts";

export interface Pipeline {
  /** One batch. Returns how many webhooks it completed. Throws when the database can't be worked with; nothing is lost then. */
  step(): Promise<number>;
  /** Makes the months of events to come, and drops those in which nothing arrived for `days` (null: none); their names. */
  retain(days: number | null): Promise<string[]>;
  /** The journal has something: look now. */
  wake(): void;
  /** For the journal of the same process (`handTo`): what it stores is processed without a claim. */
  readonly handOff: HandOff;
  start(): void;
  /** Resolves when no due row is left unclaimed. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface PipelineDeps {
  db: Database;
  /** Connections for the batches alone, `by_index` and `pipelined`: one a worker. Default: `db`. */
  own_db?: Database;
  journal: Pick<Journal, "claim" | "claimThese" | "record" | "release">;
  /** The rooms, in the order in which they lock. */
  apply: Readonly<Record<string, Apply>>;
  delivery: Pick<Rooms, "fanOut">;
  log: Logger;
  clock: Clock;
  /** The most that one batch takes: by webhooks, and by bytes, since a webhook may have 3 MiB and 1000 items. */
  batch?: { webhooks: number; bytes: number };
  /** Batches under way at once: while PostgreSQL works on one, the next is read. */
  workers?: number;
  idle_ms?: number;
}

interface Worker {
  /** Its loop and drain() take turns. */
  turn: Promise<unknown>;
  loop: StepLoop | null;
}

interface Running extends Processing {
  readonly workers: readonly Worker[];
}

/** How long what was handed over belongs to this process; a crash holds it up for as long. */
const LEASE_MS = 10_000;

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { db, own_db = db, journal, log, clock, idle_ms = 1_000 } = deps;
  const batch = deps.batch ?? { webhooks: 1_000, bytes: 4 * 2 ** 20 };
  const months = createEventMonths({ db, clock, log });
  const workers = Array.from({ length: deps.workers ?? 2 }, (): Worker => ({
    turn: Promise.resolve(),
    loop: null,
  }));
  const wake = () => {
    for (const { loop } of workers) loop?.wake();
  };
  const running: Running = {
    own_db,
    journal,
    log,
    clock,
    batch,
    idle_ms,
    handed: createHanded({ batch, lease_ms: LEASE_MS, wake }),
    months,
    rooms: {
      apply: deps.apply,
      // It may be given a dispatcher of this process later.
      get fanOut() {
        return deps.delivery.fanOut;
      },
      record: (tx, outcomes) => journal.record(tx, outcomes),
      ensureMonths: (ids) => months.ensureFor(ids),
    },
    workers,
    claimed_ms: Number.NEGATIVE_INFINITY,
  };
  return {
    step: async () => (await step(running, workers[0]!)).count,
    handOff: running.handed,
    retain: (days) => months.retain(days),
    wake,
    start: () => start(running),
    drain: () => drain(running),
    stop: () => stop(running),
  };
}

function start(running: Running): void {
  const { workers, idle_ms, log } = running;
  for (const worker of workers) {
    worker.loop ??= startLoop(async () => ((await step(running, worker)).more ? 1 : 0), {
      idle_ms,
      onError: (error) => log.error({ err: error }, "the pipeline can't work; trying again"),
    });
  }
}

async function drain(running: Running): Promise<void> {
  const drainBy = async (worker: Worker) => {
    for (let left = true; left;) {
      const { count, more } = await step(running, worker);
      left = count > 0 || more;
    }
  };
  await Promise.all(running.workers.map(drainBy));
}

async function stop({ workers, journal, handed }: Running): Promise<void> {
  await Promise.all(workers.map(async ({ loop }) => loop?.stop()));
  for (const worker of workers) worker.loop = null;
  await Promise.all(workers.map((worker) => worker.turn));
  await journal.release(handed.close().map((row) => row.id)).catch(() => {});
}

function step(running: Running, worker: Worker): Promise<{ count: number; more: boolean }> {
  const result = worker.turn.then(() => stepOnce(running));
  worker.turn = result.catch(() => {});
  return result;
}
