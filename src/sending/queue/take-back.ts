import { sql, uuidArray, type Queryable, type Tx } from "../../db/db.ts";
import { threadsOf } from "../../inbox/inbox.ts";
import type { LiveChange, Origin } from "../../live/live.ts";

interface Sender {
  workspace_id: string;
  origin: Origin;
}

export interface InFlight {
  /** They wait for their request. */
  queued: number;
  /** Their request is under way, or its answer is awaited. */
  sending: number;
}

/** What an origin has in the queue and on the way to Meta, by sends__origin. */
export async function readInFlight(db: Queryable, { workspace_id, origin }: Sender): Promise<InFlight> {
  const row = await db.first<InFlight>(sql`
    select (count(*) filter (where state = 'queued'))::integer as queued,
      (count(*) filter (where state <> 'queued'))::integer as sending
    from sends
    where workspace_id = ${workspace_id} and origin_id = ${origin.id} and origin_kind = ${origin.kind}
      and state in ('queued', 'sending', 'waiting')`);
  return row!;
}

/**
 * Takes back what an origin has in the queue and no claim has taken, of all its messages or of `among`: they are cancelled.
 * Answers their ids; `Listen` is not told, as the origin itself asks. Skips what a claim or another transaction holds at
 * the moment.
 */
export function takeBack(
  tx: Tx,
  { workspace_id, origin, among }: Sender & { among?: readonly string[] },
): Promise<{ ids: string[]; changes: LiveChange[] }> {
  return takeBackAll(tx, { workspace_id, kind: origin.kind, origin_ids: [origin.id], among });
}

interface Origins {
  workspace_id: string;
  kind: Origin["kind"];
  origin_ids: readonly string[];
  among?: readonly string[] | undefined;
}

/** The same of many origins of a kind, in as many statements. */
export async function takeBackAll(
  tx: Tx,
  { workspace_id, kind, origin_ids, among }: Origins,
): Promise<{ ids: string[]; changes: LiveChange[] }> {
  if (origin_ids.length === 0) return { ids: [], changes: [] };
  const rows = await tx.rows<{ id: string; at: Date }>(sql`
    with queued as materialized (
      select d.id from sends d
      where d.workspace_id = ${workspace_id} and d.origin_id = any(${uuidArray([...origin_ids])}::uuid[])
        and d.origin_kind = ${kind} and d.state = 'queued' ${among === undefined ? sql`` : sql`and d.id = any(${uuidArray(among)}::uuid[])`}
      order by d.id for update skip locked)
    update sends d set state = 'cancelled', next_attempt_at = null, error = null, completed_at = now()
    from queued where d.workspace_id = ${workspace_id} and d.id = queued.id
    returning d.id, d.completed_at as at`);
  const moves = rows.map(({ id, at }) => {
    return { workspace_id, id, status: "CANCELLED", before: null, at, error: null } as const;
  });
  return { ids: rows.map(({ id }) => id), changes: await threadsOf(tx, moves) };
}
