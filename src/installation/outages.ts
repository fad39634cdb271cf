import { sql, type Queryable } from "../db/db.ts";

/** Beats further apart than this are an outage: a restart is quicker. */
export const OUTAGE_MS = 60_000;

/**
 * Intake is alive. What lies between this beat and one long before is a span in which no webhook could be taken: nothing
 * ran, or the database was away. One row decides, so that several processes record it once.
 */
export async function beatIntake(db: Queryable): Promise<void> {
  await db.run(sql`
    with before as (select alive_at from heartbeat for update),
      beat as (update heartbeat set alive_at = clock_timestamp())
    insert into outages (began_at, ended_at)
    select alive_at, clock_timestamp() from before
    where alive_at < clock_timestamp() - make_interval(secs => ${OUTAGE_MS / 1_000})
    on conflict do nothing`);
}

export interface Outage {
  began_at: Date;
  ended_at: Date;
}

/** Those that ended since then, newest first (outages__ended_at). */
export const listOutages = (db: Queryable, since: Date, limit = 100): Promise<Outage[]> =>
  db.rows(sql`
    select began_at, ended_at from outages where ended_at >= ${since} order by ended_at desc limit ${limit}`);
