import { sql, type Database } from "../db/db.ts";

const BATCH = 1_000;

/** Removes some of what deleted endpoints left, oldest deletion first. Returns how many rows; 0: nothing is left. */
export async function purge(db: Database): Promise<number> {
  const endpoint = await db.first<{ workspace_id: string; id: string }>(
    sql`select workspace_id, id from endpoints where deleted_at is not null order by deleted_at limit 1`,
  );
  if (!endpoint) return 0;
  const { workspace_id, id } = endpoint;
  const deleted = await db.run(sql`
    with doomed as (
      select workspace_id, id from deliveries
       where workspace_id = ${workspace_id} and endpoint_id = ${id}
       order by id desc limit ${BATCH} for update skip locked
    ),
    without_log as (
      delete from attempts using doomed
       where attempts.workspace_id = doomed.workspace_id and attempts.delivery_id = doomed.id
    )
    delete from deliveries using doomed
     where deliveries.workspace_id = doomed.workspace_id and deliveries.id = doomed.id`);
  if (deleted > 0) return deleted;
  // Only when truly nothing is left: rows that somebody else was holding come next time.
  return db.run(sql`
    delete from endpoints
     where workspace_id = ${workspace_id} and id = ${id}
       and not exists (select 1 from deliveries where workspace_id = ${workspace_id} and endpoint_id = ${id})`);
}
