import { sql, type Database, type Sql } from "../../db/db.ts";
import { isSame } from "../tables/tables.ts";

export const PURGE_BATCH = 1_000;

/** Removes some of what deleted endpoints left, oldest deletion first. Returns how many rows; 0: nothing is left. */
export async function purge(db: Database): Promise<number> {
  const endpoint = await db.first<{ workspace_id: string; id: string }>(
    sql`select workspace_id, id from endpoints where deleted_at is not null order by deleted_at limit 1`,
  );
  if (!endpoint) return 0;
  const { workspace_id, id } = endpoint;
  const of = sql`workspace_id = ${workspace_id} and endpoint_id = ${id}`;
  for (const table of ["delivery_queue", "delivery_log"] as const) {
    const deleted = await removeDeliveries(db, table, of, PURGE_BATCH);
    if (deleted > 0) return deleted;
  }
  // What hangs on the endpoint goes when truly nothing can add to it; rows that are locked come next time.
  const none = sql`not exists (select 1 from deliveries where ${of})`;
  for (const [table, key] of HANGING_ON_ENDPOINTS) {
    const hanging = await db.run(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${of} and ${none} order by ${key} limit ${PURGE_BATCH} for update skip locked))`);
    if (hanging > 0) return hanging;
  }
  return db.run(sql`delete from endpoints where workspace_id = ${workspace_id} and id = ${id} and ${none}`);
}

/** Each has an index that begins with workspace_id, endpoint_id and goes on with this. */
const HANGING_ON_ENDPOINTS = [
  [sql`endpoint_minutes`, sql`minute`],
  [sql`endpoint_history`, sql`id`],
  [sql`recoveries`, sql`id`],
] as const;

/**
 * Removes up to `limit` deliveries of that table that `which` finds, with their attempts and what finds them. Nothing
 * waits: locked rows are passed over, and the statement is short. Returns how many.
 */
export function removeDeliveries(
  db: Database,
  table: "delivery_queue" | "delivery_log",
  which: Sql,
  limit = 2 ** 31 - 1,
): Promise<number> {
  const from = table === "delivery_queue" ? sql`delivery_queue` : sql`delivery_log`;
  return db.transaction(async (tx) => {
    // Rows are found one by one by their keys: joined, a large table would be read from end to end for each batch.
    await tx.run(sql`
      select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
             set_config('enable_seqscan', 'off', true)`);
    return tx.run(sql`
      with doomed as materialized (
        select workspace_id, endpoint_id, id, wamids from ${from}
         where ${which} order by id limit ${limit} for update skip locked
      ),
      without_log as (
        delete from attempts using doomed
         where attempts.workspace_id = doomed.workspace_id and attempts.delivery_id = doomed.id
      ),
      without_wamids as (
        delete from delivery_wamids
         using (select workspace_id, id,
                       -- hashOfWamid, in SQL.
                       ('x' || encode(substr(sha256(convert_to(wamid, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint as wamid_hash
                  from doomed cross join lateral unnest(wamids) as wamid) found
         where delivery_wamids.workspace_id = found.workspace_id and delivery_wamids.wamid_hash = found.wamid_hash
           and delivery_wamids.delivery_id = found.id
      )
      delete from ${from} using doomed where ${isSame(table, sql`doomed`)}`);
  });
}
