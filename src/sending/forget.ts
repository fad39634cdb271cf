import { Problem } from "../base/base.ts";
import { sql, uuidArray, type Queryable, type Tx } from "../db/db.ts";
import { threadsOf } from "../inbox/inbox.ts";
import type { Listen } from "../live/live.ts";
import { publishMoves } from "./publish-moves.ts";

/** Empties what these messages were to say, once they no longer wait to be sent. Then they can't be sent again. */
export async function forgetContents(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<void> {
  await tx.run(sql`
    update sends set content = '{}'
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[])
      and state in ('sent', 'failed', 'unconfirmed', 'cancelled')`);
}

/** How many messages to a contact wait to be sent. */
export async function countQueuedTo(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*)::integer as count from conversations v
    join messages m on m.workspace_id = v.workspace_id and m.conversation_id = v.id and m.direction = 'OUTBOUND'
    join sends s on s.workspace_id = m.workspace_id and s.id = m.id and s.state = 'queued'
    where v.workspace_id = ${workspace_id} and v.contact_id = ${contact_id}`);
  return row!.count;
}

/**
 * Cancels what waits to go to a contact who is erased, and takes number and content from all that went. Answers how many
 * were cancelled. Throws ERASE_REFUSED while one is on its way, as its answer would bring the number back.
 */
export async function forgetSends(
  tx: Tx,
  workspace_id: string,
  contact_id: string,
  {
    message_ids,
    conversation_ids,
    at,
    listen,
  }: {
    message_ids: readonly string[];
    conversation_ids: readonly string[];
    at: Date;
    listen: Listen | undefined;
  },
): Promise<number> {
  const sends = await tx.rows<{ id: string; state: string; to_value: string }>(sql`
    select id, state, to_value from sends
    where workspace_id = ${workspace_id} and id = any(${uuidArray([...message_ids])}::uuid[]) order by id for update`);
  if (sends.some(({ state }) => state === "sending"))
    throw new Problem(
      "ERASE_REFUSED",
      "A message to this person is being sent right now. Try again in a minute.",
    );
  const queued = sends.filter(({ state }) => state === "queued");
  await tx.run(sql`
    update sends set content = '{}', to_value = ${contact_id}::text, context_wamid = null, lease = null, next_attempt_at = null,
      state = case when state in ('queued', 'waiting') then 'cancelled' else state end, completed_at = coalesce(completed_at, now())
    where workspace_id = ${workspace_id} and id = any(${uuidArray(sends.map(({ id }) => id))}::uuid[])`);
  await tx.run(sql`
    delete from pair_paces where workspace_id = ${workspace_id}
      and to_value = any(${[...new Set(sends.map(({ to_value }) => to_value))]}::text[])`);
  await tx.run(sql`
    delete from read_marks where workspace_id = ${workspace_id}
      and conversation_id = any(${uuidArray([...conversation_ids])}::uuid[])`);
  const moves = queued.map(({ id }) => ({
    workspace_id,
    id,
    status: "CANCELLED" as const,
    before: null,
    at,
    error: null,
  }));
  await publishMoves(tx, { changes: await threadsOf(tx, moves), moves }, listen);
  return queued.length;
}
