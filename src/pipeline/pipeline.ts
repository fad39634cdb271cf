/**
 * From the journal to effects. One transaction a batch: claim → read → route → new events → rooms → deliveries →
 * record → live. Committed together or not at all, so a crash leaves the webhooks waiting and nothing half done.
 *
 * A batch that fails by its own fault is halved until the webhook to blame is alone, and that one is taken through
 * item by item (process-batch.ts). One that failed before doesn't get near a batch again.
 */
import { metrics, recordSpans, startLoop, type Clock, type Logger, type StepLoop } from "../base/base.ts";
import { isCollision, isInfrastructure, type Database, type Tx } from "../db/db.ts";
import type { Journal, JournalRow } from "../journal/journal.ts";
import { reasonOf } from "./failures.ts";
import { processBatch, type Apply, type Rooms, type Taken } from "./process-batch.ts";

export type { Apply };
export { replays } from "./replay.ts";
export { createSubjectFill } from "./subject-fill.ts";

export interface Pipeline {
  /** One batch. Returns how many webhooks it completed. Throws when the database can't be worked with; nothing is lost then. */
  step(): Promise<number>;
  /** The journal has something: look now. */
  wake(): void;
  start(): void;
  /** Resolves when no due row is left unclaimed. */
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface PipelineDeps {
  db: Database;
  journal: Pick<Journal, "claim" | "claimThese" | "record">;
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

/** How often a batch that collided with another transaction is tried again at once. */
const COLLISIONS = 5;

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { db, journal, log, clock, idle_ms = 1_000 } = deps;
  const batch = deps.batch ?? { webhooks: 1_000, bytes: 4 * 2 ** 20 };
  const rooms: Rooms = {
    apply: deps.apply,
    fanOut: (tx, webhooks) => deps.delivery.fanOut(tx, webhooks),
    record: (tx, outcomes) => journal.record(tx, outcomes),
  };
  const workers = Array.from({ length: deps.workers ?? 2 }, (): Worker => ({
    turn: Promise.resolve(),
    loop: null,
  }));

  /** One transaction over what `claim` gives, and what is counted after its commit. */
  const run = async (
    claim: (tx: Tx) => Promise<JournalRow[]>,
    work: (tx: Tx, rows: JournalRow[]) => Promise<Taken>,
  ): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const timer = metrics.pipeline_batch_seconds.startTimer();
      const start_ms = Date.now();
      try {
        let rows: JournalRow[] = [];
        const taken = await db.transaction(async (tx) => {
          rows = await claim(tx);
          return rows.length === 0 ? null : work(tx, rows);
        });
        if (taken && taken.outcomes.length > 0) {
          timer();
          count(taken, rows, clock);
          recordSpans("process webhook", () =>
            taken.outcomes.map(({ id, state }) => ({
              webhook_id: id,
              start_ms,
              attributes: { "wharf.outcome": state, "wharf.batch.webhooks": rows.length },
            })),
          );
        }
        return;
      } catch (error) {
        if (!isCollision(error) || attempt === COLLISIONS) throw error;
      }
    }
  };

  const together = (tx: Tx, rows: readonly JournalRow[]) => processBatch(tx, rows, rooms, false);

  const halve = async (rows: readonly JournalRow[]): Promise<void> => {
    if (rows.length <= 1) {
      for (const row of rows) await alone(row);
      return;
    }
    const middle = rows.length >> 1;
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      const ids = half.map((row) => row.id);
      try {
        await run((tx) => journal.claimThese(tx, ids), together);
      } catch (error) {
        if (isInfrastructure(error)) throw error;
        await halve(half);
      }
    }
  };

  const alone = async ({ id, attempts }: JournalRow): Promise<void> => {
    const claim = async (tx: Tx) => {
      const rows = await journal.claimThese(tx, [id]);
      // Another process may have tried it in between.
      return rows.filter((row) => row.attempts === attempts);
    };
    try {
      await run(claim, (tx, rows) => processBatch(tx, rows, rooms, true));
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      // Not one item's fault: the webhook as a whole waits for a better day, or for a better Wharf.
      log.error(
        { journal_id: id, code: (error as { code?: unknown }).code },
        "a webhook could not be taken through",
      );
      const outcome = { id, state: "pending", error: reasonOf(error), attempts: attempts + 1 } as const;
      await run(claim, async (tx) => {
        await journal.record(tx, [outcome]);
        return { outcomes: [outcome], events: [] };
      });
    }
  };

  const stepOnce = async (): Promise<number> => {
    let claimed: JournalRow[] = [];
    const fresh = () => claimed.filter((row) => row.attempts === 0);
    try {
      await run(
        async (tx) => (claimed = await journal.claim(tx, batch.webhooks, batch.bytes)),
        (tx) => together(tx, fresh()),
      );
    } catch (error) {
      if (isInfrastructure(error) || claimed.length === 0) throw error;
      log.warn(
        { webhooks: claimed.length, code: (error as { code?: unknown }).code },
        "a batch failed; looking for the webhook to blame",
      );
      await halve(fresh());
    }
    for (const row of claimed) if (row.attempts > 0) await alone(row);
    return claimed.length;
  };

  const step = (worker: Worker): Promise<number> => {
    const result = worker.turn.then(stepOnce);
    worker.turn = result.catch(() => {});
    return result;
  };

  return {
    step: () => step(workers[0]!),
    wake() {
      for (const { loop } of workers) loop?.wake();
    },
    start() {
      for (const worker of workers) {
        worker.loop ??= startLoop(() => step(worker), {
          idle_ms,
          onError: (error) => log.error({ err: error }, "the pipeline can't work; trying again"),
        });
      }
    },
    async drain() {
      const drain = async (worker: Worker) => {
        while ((await step(worker)) > 0);
      };
      await Promise.all(workers.map(drain));
    },
    async stop() {
      await Promise.all(workers.map(async ({ loop }) => loop?.stop()));
      for (const worker of workers) worker.loop = null;
      await Promise.all(workers.map((worker) => worker.turn));
    },
  };
}

function count({ outcomes, events }: Taken, rows: readonly JournalRow[], clock: Clock): void {
  for (const { state } of outcomes) metrics.pipeline_webhooks.inc({ outcome: state });
  const completed = new Set(outcomes.flatMap(({ id, state }) => (state === "pending" ? [] : id)));
  for (const row of rows)
    if (completed.has(row.id))
      metrics.pipeline_lag_seconds.observe(Math.max(0, clock.now() - row.received_at.getTime()) / 1_000);
  const totals = new Map<string, number>();
  for (const { kind, outcome } of events) {
    const name = `${kind} ${outcome}`;
    totals.set(name, (totals.get(name) ?? 0) + 1);
  }
  for (const [name, total] of totals) {
    const [kind = "", outcome = ""] = name.split(" ");
    metrics.pipeline_events.inc({ kind, outcome }, total);
  }
}
