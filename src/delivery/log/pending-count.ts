import { found, sql, type Queryable } from "../../db/db.ts";

const MOST = 10_000;

/** How many of a workspace's deliveries wait, up to 10,000. By the queue's key. */
export async function countPending(db: Queryable, workspace_id: string): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) from (select from delivery_queue where workspace_id = ${workspace_id} limit ${MOST}) as waiting`);
  return found(row).count;
}
