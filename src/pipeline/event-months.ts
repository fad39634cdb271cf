import { dayOf, firstDatedId, firstIdAt, type Clock, type Logger } from "../base/base.ts";
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
const MONTHS_AHEAD = 2;
/** Meta repeats for seven days what was not acknowledged: for as long events are known, however short retention is. */
const REPEATED_DAYS = 8;
const BATCH = 5_000;
/** The month of items without a time. It is never dropped as a whole. */
const UNDATED = monthOf(0);

export interface EventMonths {
  /** Makes the months of these events that are missing, in a transaction of its own. */
  ensureFor(ids: readonly string[]): Promise<void>;
  /** What was known of them is no longer true. */
  forget(): void;
  /** Makes the months to come, and drops those in which nothing arrived for `days`; null: none. Returns their names. */
  retain(days: number | null): Promise<string[]>;
}

/** Events by the month (UTC) of Meta's time, which their ids begin with; named `events_202611`. */
export function createEventMonths(deps: { db: Database; clock: Clock; log: Logger }): EventMonths {
  const { db, clock, log } = deps;
  const known = new Set<string>();
  /** Days whose month is there, as ids begin with them: each event asks. */
  const knownDays = new Set<string>();
  const forget = () => {
    known.clear();
    knownDays.clear();
  };

  const ensure = async (months: readonly Partition[]): Promise<void> => {
    const unknown = [...new Map(months.map((month) => [month.name, month])).values()].filter(
      ({ name }) => !known.has(name),
    );
    if (unknown.length === 0) return;
    await ensurePartitions(db, "events", unknown);
    for (const { name } of unknown) known.add(name);
  };

  const drop = async (name: string, keep_from_id: string): Promise<boolean> => {
    const month = monthOf(dayOf(startOf(name)));
    const isNeeded = async (tx: Queryable) => {
      const arrived = await tx.first(
        sql`select from events where id >= ${month.from_id} and id < ${month.to_id} and journal_id >= ${keep_from_id} limit 1`,
      );
      return arrived !== undefined;
    };
    // Asked first without a lock, by events__arrived.
    const result = (await isNeeded(db)) ? "needed" : await dropPartition(db, "events", month, isNeeded);
    if (result === "dropped") log.info({ partition: name }, "a month of events was dropped by retention");
    return result === "dropped";
  };

  return {
    async ensureFor(ids) {
      const unknown = new Set(ids.map((id) => id.slice(0, 4)).filter((day) => !knownDays.has(day)));
      if (unknown.size === 0) return;
      await ensure([...unknown].map((day) => monthOf(Number.parseInt(day, 16))));
      for (const day of unknown) knownDays.add(day);
    },
    forget,
    async retain(days) {
      const now_ms = clock.now();
      const ahead = Array.from({ length: MONTHS_AHEAD + 1 }, (_, i) =>
        monthOf(dayOf(now_ms + i * 30 * DAY_MS)),
      );
      await ensure(ahead);
      if (days === null) return [];
      const keep_from_id = firstIdAt(now_ms - Math.max(days, REPEATED_DAYS) * DAY_MS);
      const dropped: string[] = [];
      for (const name of await partitionNames(db, "events")) {
        if (name === UNDATED.name || ahead.some((month) => month.name === name)) continue;
        if (await drop(name, keep_from_id)) dropped.push(name);
      }
      if (dropped.length > 0) forget();
      while ((await deleteUndated(db, keep_from_id)) === BATCH);
      return dropped;
    },
  };
}

/** Of items without a time, by events__arrived. */
function deleteUndated(db: Database, keep_from_id: string): Promise<number> {
  return db.run(sql`
    delete from events where (workspace_id, id) in (
      select workspace_id, id from events where id < ${UNDATED.to_id} and journal_id < ${keep_from_id} limit ${BATCH})
      and id < ${UNDATED.to_id}`);
}

function monthOf(day: number): Partition {
  const date = new Date(day * DAY_MS);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const next = Date.UTC(year, month + 1) / DAY_MS;
  return {
    name: `events_${date.toISOString().slice(0, 7).replace("-", "")}`,
    from_id: firstDatedId(Date.UTC(year, month) / DAY_MS),
    to_id: next > 0xffff ? "ffffffff-ffff-ffff-ffff-ffffffffffff" : firstDatedId(next),
  };
}

function startOf(name: string): number {
  return Date.parse(name.replace(/^events_(\d{4})(\d\d)$/, "$1-$2-01T00:00:00Z"));
}
