import { setTimeout as pause } from "node:timers/promises";
import { firstIdAt, startLoop, type Clock, type Logger, type StepLoop } from "../../base/base.ts";
import { sql, type Database, type Queryable } from "../../db/db.ts";
import { createLogDays, type LogDays } from "../tables/tables.ts";
import { PURGE_BATCH, removeDeliveries } from "./purge.ts";

/**
 * Makes the days of the log ahead, and lets go of what is older than so many days: deliveries that were completed before,
 * with their attempts; minutes; history; recoveries that ended. Whole days are dropped; of a day in which something
 * waits or ended since, what is past goes row by row. Pending and held deliveries stay, however old they are. In
 * batches, each a short statement that passes over locked rows, with pauses between them, so that nothing waits for it.
 */
export interface Retention {
  /** One batch. Returns how many rows went; 0: all of it is done. */
  step(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const IDLE_MS = 3_600_000;
/** Between two batches, in multiples of what the last one took: most of the time belongs to others. */
const REST = 2;
const MAX_REST_MS = 1_000;

export function createRetention(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  retention_days: number;
}): Retention {
  const { db, clock } = deps;
  const days = createLogDays(deps);
  let pass: AsyncGenerator<number> | null = null;
  let loop: StepLoop | null = null;

  const step = async () => {
    pass ??= batches(db, days, new Date(clock.now() - deps.retention_days * 86_400_000));
    try {
      const { value, done } = await pass.next();
      if (done) pass = null;
      return done ? 0 : value;
    } catch (error) {
      pass = null;
      throw error;
    }
  };

  return {
    step,
    start() {
      const rested = async () => {
        const began_ms = performance.now();
        const seen = await step();
        if (seen > 0) await pause(Math.min(MAX_REST_MS, REST * (performance.now() - began_ms)));
        return seen;
      };
      loop ??= startLoop(rested, {
        idle_ms: IDLE_MS,
        onError: (err) => deps.log.error({ err }, "old deliveries could not be removed; it is tried again"),
      });
    },
    stop: async () => loop?.stop(),
  };
}

/** One pass over everything, workspace by workspace; yields after each batch how many rows it removed. */
async function* batches(db: Database, days: LogDays, before: Date): AsyncGenerator<number> {
  await days.ensureAhead();
  await days.dropBefore(before);
  const workspaces = await db.rows<{ id: string }>(sql`select id from workspaces order by id`);
  for (const workspace of workspaces) {
    yield* deliveries(db, workspace.id, before);
    yield* minutes(db, workspace.id, before);
    yield* history(db, workspace.id, before);
    yield* recoveries(db, workspace.id, before);
  }
}

/** A delivery made before may have ended since; then its time has not come. By delivery_log__completed_at. */
const deliveries = (db: Database, workspace_id: string, before: Date): AsyncGenerator<number> =>
  whileAny(() =>
    removeDeliveries(
      db,
      "delivery_log",
      sql`workspace_id = ${workspace_id} and id < ${firstIdAt(before.getTime())}
          and coalesce(completed_at, created_at) < ${before}`,
      PURGE_BATCH,
    ),
  );

async function* minutes(db: Database, workspace_id: string, before: Date): AsyncGenerator<number> {
  const endpoints = await db.rows<{ id: string }>(
    sql`select id from endpoints where workspace_id = ${workspace_id} order by id`,
  );
  for (const { id } of endpoints)
    yield* whileAny(() =>
      db.run(sql`
        delete from endpoint_minutes where ctid = any(array(
          select ctid from endpoint_minutes
           where workspace_id = ${workspace_id} and endpoint_id = ${id} and minute < ${before}
           order by minute limit ${PURGE_BATCH} for update skip locked))`),
    );
}

const history = (db: Database, workspace_id: string, before: Date): AsyncGenerator<number> =>
  whileAny(() =>
    db.run(sql`
      delete from endpoint_history where ctid = any(array(
        select ctid from endpoint_history
         where workspace_id = ${workspace_id} and id < ${firstIdAt(before.getTime())}
         order by id limit ${PURGE_BATCH} for update skip locked))`),
  );

const recoveries = (db: Database, workspace_id: string, before: Date): AsyncGenerator<number> =>
  whileAny(() =>
    db.run(sql`
      delete from recoveries where ctid = any(array(
        select ctid from recoveries
         where workspace_id = ${workspace_id} and id < ${firstIdAt(before.getTime())}
           and finished_at < ${before}
         order by id limit ${PURGE_BATCH} for update skip locked))`),
  );

async function* whileAny(remove: () => Promise<number>): AsyncGenerator<number> {
  for (let removed = await remove(); removed > 0; removed = await remove()) yield removed;
}

/**
 * Whether any webhook from `from_id` up to, but without, `to_id` must be kept because a delivery will still send its
 * bytes. The journal's retention asks it with the journal locked. delivery_queue__journal_id serves it.
 */
export async function isReferenced(db: Queryable, from_id: string, to_id: string): Promise<boolean> {
  const row = await db.first<{ referenced: boolean }>(sql`
    select exists (select from delivery_queue
                    where journal_id >= ${from_id} and journal_id < ${to_id} and body is null) as referenced`);
  return row!.referenced;
}
