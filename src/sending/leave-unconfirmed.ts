import { found, sql, type Queryable, type Tx } from "../db/db.ts";
import { threadsOf } from "../inbox/inbox.ts";
import type { Listen } from "../live/live.ts";
import { publishMoves } from "./publish-moves.ts";

const BATCH = 500;

/**
 * Of a database that was restored or copied: what waited to be sent at that time may have been sent by the other one
 * since. It is never sent by itself; a person decides. Those that wait for their status end so by themselves. Returns
 * how many.
 */
export async function leaveUnconfirmed(tx: Tx, before: Date, listen?: Listen): Promise<number> {
  const { at } = found(await tx.first<{ at: Date }>(sql`select now() as at`));
  let count = 0;
  for (;;) {
    const rows = await tx.rows<{ workspace_id: string; id: string }>(sql`
      with waiting as (
        select workspace_id, id from sends where state in ('queued', 'sending') and asked_at <= ${before}
        order by workspace_id, id limit ${BATCH} for update)
      update sends d set state = 'unconfirmed', lease = null, next_attempt_at = null from waiting
      where d.workspace_id = waiting.workspace_id and d.id = waiting.id returning d.workspace_id, d.id`);
    const moves = rows.map((row) => {
      return { ...row, status: "UNCONFIRMED", before: null, at, error: null } as const;
    });
    if (rows.length > 0) await publishMoves(tx, { changes: await threadsOf(tx, rows), moves }, listen);
    count += rows.length;
    if (rows.length < BATCH) return count;
  }
}

const MOST = 10_000;

/** How many of a workspace's messages wait to be sent, up to 10,000. By sends__due. */
export async function countQueued(db: Queryable, workspace_id: string): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) from (
      select from sends where workspace_id = ${workspace_id} and state = 'queued' limit ${MOST}) as waiting`);
  return found(row).count;
}
