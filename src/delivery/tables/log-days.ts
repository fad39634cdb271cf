import { firstIdAt, type Clock, type Logger } from "../../base/base.ts";
import { sql, Sql, type Database, type Queryable, type Tx } from "../../db/db.ts";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 3;
/** Deliveries first: what moves a delivery needs their lock, so that nothing of the day moves while it is dropped. */
const TABLES = ["delivery_log", "attempts", "delivery_wamids"] as const;

interface Day {
  /** `20261130` */
  name: string;
  from_id: string;
  to_id: string;
  end_ms: number;
}

/** The partitions of the log, its attempts and what finds them: one a day (UTC), by the time in the delivery's id. */
export interface LogDays {
  /** Makes those of today and the next three days. Returns the names of those that were missing. */
  ensureAhead(): Promise<string[]>;
  /**
   * Drops the days that ended before, unless one of their deliveries waits or ended since. Returns their names; what
   * is left of that time is removed row by row (log/log-retention.ts).
   */
  dropBefore(before: Date): Promise<string[]>;
}

export function createLogDays({ db, clock, log }: { db: Database; clock: Clock; log: Logger }): LogDays {
  return {
    async ensureAhead() {
      const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => dayOf(clock.now() + i * DAY_MS));
      const made: string[] = [];
      for (const day of days) if (!(await isThere(db, day)) && (await make(db, day))) made.push(day.name);
      return made;
    },
    async dropBefore(before) {
      const dropped: string[] = [];
      for (const day of await daysThere(db)) {
        if (day.end_ms > before.getTime()) continue;
        try {
          // Asked first without a lock, so that a day that is kept for long holds up no one.
          if ((await isNeeded(db, day, before)) || !(await drop(db, day, before))) continue;
          dropped.push(day.name);
          log.info({ day: day.name }, "a day of the delivery log was dropped by retention");
        } catch (error) {
          if ((error as { code?: unknown }).code !== "55P03") throw error;
          log.info({ day: day.name }, "the delivery log is in use; this day will be dropped at a later try");
        }
      }
      return dropped;
    },
  };
}

/**
 * Made apart and then attached, which goes on beside readers and writers. What came before its day was made lies with
 * the rest, from where it is moved. False when another process has just made it.
 */
const make = (db: Database, day: Day): Promise<boolean> =>
  db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf delivery log days', 0))`);
    if (await isThere(tx, day)) return false;
    for (const table of TABLES) {
      const key = table === "delivery_log" ? "id" : "delivery_id";
      const range = `'${day.from_id}' and ${key} < '${day.to_id}'`;
      await tx.run(plain(`create table ${table}_${day.name} (like ${table} including all)`));
      await tx.run(plain(`lock table ${table}_other in access exclusive mode`));
      await tx.run(
        plain(`with strays as (delete from ${table}_other where ${key} >= ${range} returning *)
               insert into ${table}_${day.name} select * from strays`),
      );
      await tx.run(
        plain(
          `alter table ${table} attach partition ${table}_${day.name} for values from ('${day.from_id}') to ('${day.to_id}')`,
        ),
      );
    }
    return true;
  });

const drop = (db: Database, day: Day, before: Date): Promise<boolean> =>
  db.transaction(async (tx) => {
    // Results queue up behind these locks: rather try again in an hour than hold them up.
    await tx.run(sql`set local lock_timeout = '300ms'`);
    for (const table of TABLES) {
      await tx.run(plain(`lock table only ${table} in access exclusive mode`));
      await tx.run(plain(`lock table ${table}_${day.name} in access exclusive mode`));
    }
    if (await isNeeded(tx, day, before)) return false;
    for (const table of TABLES) await tx.run(plain(`drop table ${table}_${day.name}`));
    return true;
  });

/** By a look through the queue, which is small, and delivery_log__completed_at. */
async function isNeeded(db: Queryable, day: Day, before: Date): Promise<boolean> {
  const row = await db.first<{ needed: boolean }>(sql`
    select exists (select from delivery_queue where id >= ${day.from_id} and id < ${day.to_id})
           or exists (select from delivery_log where id >= ${day.from_id} and id < ${day.to_id}
                        and coalesce(completed_at, created_at) >= ${before}) as needed`);
  return row!.needed;
}

async function isThere(db: Database | Tx, day: Day): Promise<boolean> {
  return (
    (await db.first(sql`select from pg_class where oid = to_regclass(${`delivery_log_${day.name}`})`)) !==
    undefined
  );
}

async function daysThere(db: Queryable): Promise<Day[]> {
  const rows = await db.rows<{ name: string }>(sql`
    select substr(relname, length('delivery_log_') + 1) as name from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'delivery_log'::regclass and relname ~ '^delivery_log_[0-9]{8}$' order by relname`);
  return rows.map(({ name }) =>
    dayOf(Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3T00:00:00Z"))),
  );
}

function dayOf(at_ms: number): Day {
  const start_ms = Math.floor(at_ms / DAY_MS) * DAY_MS;
  return {
    name: new Date(start_ms).toISOString().slice(0, 10).replaceAll("-", ""),
    from_id: firstIdAt(start_ms),
    to_id: firstIdAt(start_ms + DAY_MS),
    end_ms: start_ms + DAY_MS,
  };
}

/** Names and bounds can't be parameters of DDL; these are made of digits by `dayOf`. */
function plain(text: string): Sql {
  return new Sql([text], []);
}
