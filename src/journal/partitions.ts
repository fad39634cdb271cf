import { firstIdAt, type Clock, type Logger } from "../base/base.ts";
import { sql, Sql, type Database, type Queryable, type Tx } from "../db/db.ts";

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 3;

interface Day {
  name: string;
  from_id: string;
  to_id: string;
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

  const ensure = async (days: readonly Day[]): Promise<string[]> => {
    if ((await missing(db, days)).length === 0) return [];
    return db.transaction(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf journal partitions', 0))`);
      const made = await missing(tx, days);
      for (const { name, from_id, to_id } of made) {
        // Made apart and then attached: `create table … partition of` would wait for every reader and writer of the
        // journal and hold up those behind it; attaching goes on beside them.
        await tx.run(plain(`create table ${name} (like journal including all)`));
        await tx.run(
          plain(
            `alter table journal attach partition ${name} for values from ('${from_id}') to ('${to_id}')`,
          ),
        );
      }
      return made.map((day) => day.name);
    });
  };

  /** In the transaction that drops it, with the journal locked, so that nothing can come to need it in between. */
  const drop = (day: Day): Promise<boolean> =>
    db.transaction(async (tx) => {
      // Appends queue up behind this lock: rather try again in an hour than hold them up.
      await tx.run(sql`set local lock_timeout = '300ms'`);
      // The parent first, as everybody else takes them.
      await tx.run(sql`lock table only journal in access exclusive mode`);
      await tx.run(plain(`lock table ${day.name} in access exclusive mode`));
      if (await isNeeded(tx, day)) return false;
      await tx.run(plain(`drop table ${day.name}`));
      await tx.run(
        sql`delete from journal_outcomes where journal_id >= ${day.from_id} and journal_id < ${day.to_id}`,
      );
      return true;
    });

  const isNeeded = async (tx: Queryable, day: Day): Promise<boolean> => {
    const waiting = await tx.first(
      sql`select from journal_queue where journal_id >= ${day.from_id} and journal_id < ${day.to_id} limit 1`,
    );
    return waiting !== undefined || (await deps.isReferenced(day.from_id, day.to_id, tx));
  };

  return {
    ensureAhead() {
      const today_ms = clock.now();
      return ensure(Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => dayOf(today_ms + i * DAY_MS)));
    },
    ensureFor: (ids) => ensure(uniqueDays(ids.map(timeOf))),
    async retain(days) {
      const newest_end_ms = clock.now() - days * DAY_MS;
      const dropped: string[] = [];
      for (const name of await names(db)) {
        const day = dayOf(startOf(name));
        if (day.end_ms > newest_end_ms) continue;
        try {
          // Asked first without a lock, so that a day that is kept for long pauses no one.
          if ((await isNeeded(db, day)) || !(await drop(day))) {
            log.info(
              { partition: name },
              "a day of the journal is past its retention but still needed; kept",
            );
            continue;
          }
          dropped.push(name);
          log.info({ partition: name }, "a day of the journal was dropped by retention");
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "55P03")) throw error;
          log.info({ partition: name }, "the journal is in use; this day will be dropped at a later try");
          break;
        }
      }
      return dropped;
    },
  };
}

async function names(db: Queryable): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'journal'::regclass order by relname`);
  return rows.map((row) => row.name);
}

async function missing(db: Database | Tx, days: readonly Day[]): Promise<Day[]> {
  const there = new Set(await names(db));
  return days.filter((day) => !there.has(day.name));
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

/** Names and bounds can't be parameters of DDL; these are made of digits by `dayOf`. */
function plain(text: string): Sql {
  return new Sql([text], []);
}
