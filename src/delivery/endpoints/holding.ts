import { sql, type Database, type Tx } from "../../db/db.ts";
import { cancelQueued, isSame } from "../tables/tables.ts";

/** Deliveries that wait for an endpoint to which nothing is to be sent, and the ways out of that. */

/**
 * What waits for these endpoints is not attempted until it is released. An attempt that is under way keeps its claim
 * and may still end well. Uses delivery_queue__due.
 */
export async function hold(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<number> {
  // In the order of their keys, as results are written, so that neither waits for the other in a circle.
  return tx.run(sql`
    with waiting as (
      select workspace_id, endpoint_id, id from delivery_queue
       where workspace_id = ${workspace_id} and endpoint_id = any(${ids}::uuid[]) and state = 'pending'
       order by endpoint_id, id for update
    )
    update delivery_queue set state = 'held' from waiting where ${isSame("delivery_queue", sql`waiting`)}`);
}

/** For an endpoint that was found closed with deliveries pending, written just while it was being closed. */
export async function holdClosed(
  db: Database,
  endpoint: { workspace_id: string; id: string },
): Promise<void> {
  const { workspace_id, id } = endpoint;
  await db.transaction(async (tx) => {
    // Under the lock, as it may be open again.
    const closed = await tx.first(sql`
      select 1 from endpoints
       where workspace_id = ${workspace_id} and id = ${id}
         and (not enabled or state = 'disabled' or deleted_at is not null) for no key update`);
    if (closed) await hold(tx, workspace_id, [id]);
  });
}

/** What was held is due now; what is being attempted at this moment becomes due when that claim runs out. */
export async function release(tx: Tx, workspace_id: string, id: string): Promise<number> {
  return tx.run(sql`
    with held as (
      select workspace_id, endpoint_id, id from delivery_queue
       where workspace_id = ${workspace_id} and endpoint_id = ${id} and state = 'held'
       order by id for update
    )
    update delivery_queue set state = 'pending',
           next_attempt_at = case when lease is null then now() else next_attempt_at end
      from held where ${isSame("delivery_queue", sql`held`)}`);
}

/**
 * Cancels what waits, as a person cancels one: should that be taken back, it is due at once; but a lease stays with
 * what it holds, so its result is still written.
 */
export const discard = (tx: Tx, workspace_id: string, id: string): Promise<number> =>
  cancelQueued(tx, sql`workspace_id = ${workspace_id} and endpoint_id = ${id}`, {
    completed_at: sql`now()`,
    next_attempt_at: sql`case when lease is not null then next_attempt_at end`,
  });

/** How many wait, by the queue's key. */
export async function countWaiting(tx: Tx, workspace_id: string, id: string): Promise<number> {
  const row = await tx.first<{ count: number }>(sql`
    select count(*)::int as count from delivery_queue where workspace_id = ${workspace_id} and endpoint_id = ${id}`);
  return row?.count ?? 0;
}
