import type { Clock, Logger } from "../base/base.ts";
import type { Database } from "./database.ts";
import { sql } from "./sql.ts";

/** What one look at the database's clock says: it is that much ahead of this machine's, at least and at most. */
export interface Look {
  least_ms: number;
  most_ms: number;
}

const LOOKS = 3;
const AGAIN_MS = 60_000;
/** More is told in the log: a clock was set, or is wrong. */
const TOLD_MS = 1_000;

/**
 * The database's clock, for what processes share: a lease that one machine has written is judged by another, whose own
 * clock may be minutes off. It is asked for once a minute; in between this machine's clock goes on from there.
 */
export async function createDatabaseClock(options: {
  db: Database;
  log: Logger;
  /** This machine's. */
  local?: Clock;
}): Promise<Clock & { look(): Promise<void>; stop(): void }> {
  const { db, log, local = { now: () => Date.now() } } = options;
  let ahead_ms = 0;

  const ask = async (): Promise<Look> => {
    const sent_ms = local.now();
    const row = await db.first<{ now_ms: number }>(
      sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
    );
    return { least_ms: row!.now_ms - local.now(), most_ms: row!.now_ms - sent_ms };
  };
  const look = async () => {
    const looks: Look[] = [];
    for (let i = 0; i < LOOKS; i++) looks.push(await ask());
    const next_ms = correct(ahead_ms, looks);
    if (Math.abs(next_ms - ahead_ms) > TOLD_MS)
      log.warn({ ahead_ms: next_ms, was_ms: ahead_ms }, "the database's clock and this machine's are apart");
    ahead_ms = next_ms;
  };

  await look();
  const timer = setInterval(() => {
    look().catch((err: unknown) => log.warn({ err }, "the database's clock could not be read"));
  }, AGAIN_MS);
  timer.unref();
  return { now: () => local.now() + ahead_ms, look, stop: () => clearInterval(timer) };
}

/**
 * What holds stays, so that time does not tremble: on one machine that is no difference at all. Otherwise the most that
 * the narrowest look allows: what the database has just called due must not lie in our future.
 */
export function correct(ahead_ms: number, looks: readonly Look[]): number {
  const least_ms = looks.reduce((most, look) => Math.max(most, look.least_ms), -Infinity);
  const most_ms = looks.reduce((least, look) => Math.min(least, look.most_ms), Infinity);
  return ahead_ms >= least_ms - 1 && ahead_ms <= most_ms + 1 ? ahead_ms : Math.ceil(most_ms);
}
