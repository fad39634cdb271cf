import { firstIdAt } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import { cancelQueued } from "../tables/tables.ts";

/**
 * Of a database that was restored or copied: cancels all that waited at that time, what webhooks of that time became
 * since (the other one has processed them too), and the recoveries that would go on adding to it. Each can be sent again.
 * Returns how many deliveries.
 */
export async function dropPending(tx: Tx, before: Date): Promise<number> {
  await tx.run(sql`
    update recoveries set state = 'cancelled', finished_at = now()
    where state = 'running' and created_at <= ${before}`);
  // A lease is of a process that is gone: it is not kept.
  const of_then = sql`(created_at <= ${before} or journal_id < ${firstIdAt(before.getTime())})`;
  return cancelQueued(tx, of_then, {
    completed_at: sql`date_trunc('milliseconds', now())`,
    next_attempt_at: sql`null::timestamptz`,
  });
}
