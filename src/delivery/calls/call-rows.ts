import { idOf } from "../../base/base.ts";
import { rowsOf, sql, uuidArray, type Queryable, type Tx } from "../../db/db.ts";

export interface NewCall {
  workspace_id: string;
  /** Who asks, and its how many-th question: each is asked once. */
  origin_id: string;
  visit: number;
  contact_id: string;
  url: string;
  body: Buffer;
  timeout_ms: number;
}

/** A request as who waits for it sees it. */
export interface CallView {
  id: string;
  origin_id: string;
  visit: number;
  state: "pending" | "answered" | "failed" | "cancelled";
  attempts: number;
  status: number | null;
  error: string | null;
  answer: string | null;
  answer_truncated: boolean;
  completed_at: Date | null;
}

/** Due at once. What was asked for before is not asked for again. */
export async function queueCalls(tx: Tx, calls: readonly NewCall[], now: Date): Promise<void> {
  if (calls.length === 0) return;
  const rows = calls.map((call) => ({ ...call, id: idOf(`${call.origin_id}:call:${call.visit}`) }));
  await tx.run(sql`
    with queued as (
      insert into calls (workspace_id, id, origin_id, visit, contact_id, url, body, timeout_ms, next_attempt_at, created_at)
      select workspace_id, id, origin_id, visit, contact_id, url, body, timeout_ms, ${now}, ${now}
      from ${rowsOf(rows, COLUMNS)} on conflict do nothing returning 1)
    select count(pg_notify('calls', '')) from (select from queued limit 1) any_queued`);
}

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  origin_id: "uuid",
  visit: "integer",
  contact_id: "uuid",
  url: "text",
  body: "bytea",
  timeout_ms: "integer",
} as const;

/** Those of several origins' visits, by calls__origin. */
export async function readCalls(
  db: Queryable,
  workspace_id: string,
  origins: readonly { origin_id: string; visit: number }[],
): Promise<CallView[]> {
  if (origins.length === 0) return [];
  return db.rows(sql`
    select c.id, c.origin_id, c.visit, c.state, c.attempts, c.status, c.error, c.answer, c.answer_truncated, c.completed_at
    from ${rowsOf(origins, { origin_id: "uuid", visit: "integer" })}
    join calls c on c.workspace_id = ${workspace_id} and c.origin_id = due.origin_id and c.visit = due.visit`);
}

/** Those that no attempt has answered yet are made no more. */
export async function cancelCalls(tx: Tx, workspace_id: string, origins: readonly string[]): Promise<void> {
  await tx.run(sql`
    update calls set state = 'cancelled', next_attempt_at = null, lease = null, completed_at = now()
    where workspace_id = ${workspace_id} and origin_id = any(${uuidArray(origins)}::uuid[]) and state = 'pending'`);
}

/** Those that are not answered yet have failed: no one waits for them any more. */
export async function giveUpCalls(
  tx: Tx,
  workspace_id: string,
  origins: readonly string[],
  now: Date,
): Promise<void> {
  await tx.run(sql`
    update calls set state = 'failed', next_attempt_at = null, lease = null, completed_at = ${now},
      error = coalesce(error, 'It was given up before an answer came.')
    where workspace_id = ${workspace_id} and origin_id = any(${uuidArray(origins)}::uuid[]) and state = 'pending'`);
}

/** A contact turned out to be another one: what was asked about them follows. */
export async function followCallJoins(
  tx: Tx,
  { workspace_id, from, to }: { workspace_id: string; from: string; to: string },
): Promise<[]> {
  await tx.run(
    sql`update calls set contact_id = ${to} where workspace_id = ${workspace_id} and contact_id = ${from}`,
  );
  return [];
}

/** What was told of a person, and answered about them. By calls__contact_id. */
export async function forgetCalls(tx: Tx, workspace_id: string, contact_id: string): Promise<void> {
  await tx.run(sql`delete from calls where workspace_id = ${workspace_id} and contact_id = ${contact_id}`);
}
