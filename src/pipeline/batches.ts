import { metrics, recordSpans, type Clock, type Logger } from "../base/base.ts";
import type { Database, Tx } from "../db/db.ts";
import type { Journal, JournalRow } from "../journal/journal.ts";
import type { EventMonths } from "./event-months.ts";
import type { Handed } from "./handed.ts";
import { isCollision, isInfrastructure, reasonOf } from "./failures.ts";
import { processBatch, type Rooms, type Taken } from "./process-batch.ts";

/** What a pipeline works with. */
export interface Processing {
  /** What a batch is committed in. */
  readonly own_db: Database;
  readonly journal: Pick<Journal, "claim" | "claimThese" | "record" | "release">;
  readonly log: Logger;
  readonly clock: Clock;
  readonly batch: { webhooks: number; bytes: number };
  readonly idle_ms: number;
  readonly handed: Handed;
  readonly months: EventMonths;
  readonly rooms: Rooms;
  /** When the queue was looked into. */
  claimed_ms: number;
}

/** How often a batch that collided with another transaction is tried again at once. */
const COLLISIONS = 5;

/** A batch of what was handed over, or else of the queue. `more`: there may be work left. */
export async function stepOnce(processing: Processing): Promise<{ count: number; more: boolean }> {
  const { handed, idle_ms } = processing;
  const count = await stepHanded(processing);
  // Under load too the queue is looked into: retries come due there, leases end, and others store. They wake it, so
  // that after one webhook alone there is no need.
  if (count > 0 && performance.now() - processing.claimed_ms < idle_ms)
    return { count, more: handed.size() > 0 };
  processing.claimed_ms = performance.now();
  const looked = handed.look();
  const claimed = await stepClaimed(processing);
  const full = isFull(processing, claimed);
  const passed = looked({ claimed: claimed.length, full });
  if (passed.length > 0) await processing.journal.release(passed.map(({ id }) => id));
  // What a claim that is not full leaves is held by others, or told of when it comes.
  const more = full || handed.isBlocked() || handed.size() > 0;
  return { count: count + claimed.length, more };
}

function isFull({ batch }: Processing, claimed: readonly JournalRow[]): boolean {
  const bytes = claimed.reduce((sum, { body }) => sum + body.length, 0);
  return claimed.length >= batch.webhooks || bytes >= batch.bytes;
}

/** What this process has stored itself. When the database fails it comes due as its lease ends. */
async function stepHanded(processing: Processing): Promise<number> {
  const rows = processing.handed.next();
  if (rows.length === 0) return 0;
  try {
    await run(processing, async () => rows, together);
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    await halve(processing, rows);
  }
  return rows.length;
}

async function stepClaimed(processing: Processing): Promise<JournalRow[]> {
  const { journal, batch, log } = processing;
  let claimed: JournalRow[] = [];
  const fresh = () => claimed.filter((row) => row.attempts === 0);
  try {
    await run(
      processing,
      async (tx) => (claimed = await journal.claim(tx, batch.webhooks, batch.bytes)),
      (tx, _, rooms) => together(tx, fresh(), rooms),
    );
  } catch (error) {
    if (isInfrastructure(error) || claimed.length === 0) throw error;
    log.warn(
      { webhooks: claimed.length, code: (error as { code?: unknown }).code },
      "a batch failed; looking for the webhook to blame",
    );
    await halve(processing, fresh());
  }
  for (const row of claimed) if (row.attempts > 0) await alone(processing, row);
  return claimed;
}

type Work = (tx: Tx, rows: JournalRow[], rooms: Rooms) => Promise<Taken>;

const together: Work = (tx, rows, rooms) => processBatch(tx, rows, rooms, false);

async function halve(processing: Processing, rows: readonly JournalRow[]): Promise<void> {
  if (rows.length <= 1) {
    for (const row of rows) await alone(processing, row);
    return;
  }
  const middle = rows.length >> 1;
  for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
    const ids = half.map((row) => row.id);
    try {
      await run(processing, (tx) => processing.journal.claimThese(tx, ids), together);
    } catch (error) {
      if (isInfrastructure(error)) throw error;
      await halve(processing, half);
    }
  }
}

async function alone(processing: Processing, { id, attempts }: JournalRow): Promise<void> {
  const { journal, log } = processing;
  const claim = async (tx: Tx) => {
    const rows = await journal.claimThese(tx, [id]);
    // Another process may have tried it in between.
    return rows.filter((row) => row.attempts === attempts);
  };
  try {
    await run(processing, claim, (tx, rows, rooms) => processBatch(tx, rows, rooms, true));
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    // Not one item's fault: the webhook as a whole waits for a better day, or for a better Wharf.
    log.error(
      { journal_id: id, code: (error as { code?: unknown }).code },
      "a webhook could not be taken through",
    );
    const outcome = { id, state: "pending", error: reasonOf(error), attempts: attempts + 1 } as const;
    await run(processing, claim, async (tx) => {
      await journal.record(tx, [outcome]);
      return { outcomes: [outcome], events: [] };
    });
  }
}

/** One transaction over what `claim` gives, and what is counted after its commit. */
async function run(
  { own_db, clock, months, rooms }: Processing,
  claim: (tx: Tx) => Promise<JournalRow[]>,
  work: Work,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const timer = metrics.pipeline_batch_seconds.startTimer();
    const start_ms = Date.now();
    try {
      let rows: JournalRow[] = [];
      const taken = await own_db.transaction(async (tx) => {
        rows = await claim(tx);
        return rows.length === 0 ? null : work(tx, rows, rooms);
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
      months.forget();
    }
  }
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
