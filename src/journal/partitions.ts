import { firstIdAt, type Clock, type Logger } from "../base/base.ts";
import {
  dropPartition,
  ensurePartitions,
  partitionNames,
  sql,
  type Database,
  type Partition,
  type Queryable,
} from "../db/db.ts";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 3;

interface Day extends Partition {
  end_ms: number;
}

export interface Partitions {
  ensureAhead(): Promise<string[]>;
  /** The days of these ids, whenever they are. */
  ensureFor(ids: readonly string[]): Promise<string[]>;
  retain(days: number): Promise<string[]>;
}

/** One partition a day (UTC), bounded by the time inside the UUIDv7 and named `journal_20261122`. */
export function createPartitions(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  isReferenced: (from_id: string, to_id: string, tx: Queryable) => Promise<boolean>;
}): Partitions {
  const { db, clock, log } = deps;
  const ensure = (days: readonly Day[]) => ensurePartitions(db, "journal", days);

  const isNeeded = async (tx: Queryable, day: Day): Promise<boolean> => {
    const waiting = await tx.first(
      sql`select from journal_queue where journal_id >= ${day.from_id} and journal_id < ${day.to_id} limit 1`,
    );
    return waiting !== undefined || (await deps.isReferenced(day.from_id, day.to_id, tx));
  };

  /** What is said of its webhooks goes with it. */
  const drop = (day: Day) =>
    dropPartition(db, "journal", day, async (tx) => {
      if (await isNeeded(tx, day)) return true;
      await tx.run(
        sql`delete from journal_outcomes where journal_id >= ${day.from_id} and journal_id < ${day.to_id}`,
      );
      return false;
    });

  return {
    ensureAhead() {
      const today_ms = clock.now();
      return ensure(Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => dayOf(today_ms + i * DAY_MS)));
    },
    ensureFor: (ids) => ensure(uniqueDays(ids.map(timeOf))),
    async retain(days) {
      const newest_end_ms = clock.now() - days * DAY_MS;
      const dropped: string[] = [];
      for (const name of await partitionNames(db, "journal")) {
        const day = dayOf(startOf(name));
        if (day.end_ms > newest_end_ms) continue;
        // Asked first without a lock, so that a day that is kept for long pauses no one.
        const result = (await isNeeded(db, day)) ? "needed" : await drop(day);
        if (result === "in use") {
          log.info({ partition: name }, "the journal is in use; this day will be dropped at a later try");
          break;
        }
        if (result === "dropped") dropped.push(name);
        log.info(
          { partition: name },
          result === "dropped"
            ? "a day of the journal was dropped by retention"
            : "a day of the journal is past its retention but still needed; kept",
        );
      }
      return dropped;
    },
  };
}

function dayOf(at_ms: number): Day {
  const start_ms = Math.floor(at_ms / DAY_MS) * DAY_MS;
  return {
    name: `journal_${new Date(start_ms).toISOString().slice(0, 10).replaceAll("-", "")}`,
    from_id: firstIdAt(start_ms),
    to_id: firstIdAt(start_ms + DAY_MS),
    end_ms: start_ms + DAY_MS,
  };
}

function startOf(name: string): number {
  return Date.parse(name.replace(/^journal_(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3T00:00:00Z"));
}

function uniqueDays(moments_ms: number[]): Day[] {
  return [...new Map(moments_ms.map((ms) => [dayOf(ms).name, dayOf(ms)])).values()];
}

/** The milliseconds inside a UUIDv7. */
function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
