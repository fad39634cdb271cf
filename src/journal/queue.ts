import { backoff_ms } from "../base/base.ts";
import { int4Array, named, sql, textArray, uuidArray, type Queryable, type Sql, type Tx } from "../db/db.ts";

export interface JournalRow {
  id: string;
  connection_id: string;
  body: Buffer;
  received_at: Date;
  /** Tries that were made before this one. */
  attempts: number;
}

export type Outcome =
  /** Processed; `error` is a note for the page ("nothing in it"). */
  | { id: string; state: "done"; error: string | null }
  /** Never again, unless by hand. */
  | { id: string; state: "dead"; error: string }
  /** To be tried again; `attempts` counts the tries so far, this one included. Dead when that was the last. */
  | { id: string; state: "pending"; error: string; attempts: number };

/** Waits of 5 s, 10 s, … 43 min between them: about an hour and a half in all. */
export const TRIES = 10;
const BACKOFF = { base_ms: 5_000, cap_ms: 3_600_000 };

interface Claimed {
  journal_id: string;
  attempts: number;
}

/**
 * By journal_queue__next_attempt_at. At least one row, then as many as fit into `limit_bytes`: a body may have 3 MiB.
 * Those beyond stay locked until the transaction ends, and that is all.
 */
export async function claim(tx: Tx, limit: number, now: Sql, limit_bytes: number): Promise<JournalRow[]> {
  const claimed = await tx.rows<Claimed>(named("journal claim")`
    with due as (
      select journal_id, attempts, body_bytes, next_attempt_at from journal_queue
      where next_attempt_at <= ${now}
      order by next_attempt_at, journal_id limit ${limit}
      for update skip locked
    ),
    summed as (
      select due.*, sum(body_bytes) over (order by next_attempt_at, journal_id) - body_bytes as bytes_before from due
    )
    select journal_id, attempts from summed
    where bytes_before < ${limit_bytes} order by next_attempt_at, journal_id`);
  return readBodies(tx, claimed);
}

export async function claimThese(tx: Tx, ids: readonly string[]): Promise<JournalRow[]> {
  if (ids.length === 0) return [];
  const claimed = await tx.rows<Claimed>(sql`
    select journal_id, attempts from journal_queue
    where journal_id = any(${uuidArray(ids)}::uuid[])
    order by next_attempt_at, journal_id
    for update skip locked`);
  return readBodies(tx, claimed);
}

/** In a statement of its own: with the ids before it, PostgreSQL looks into the days that hold them and into no other. */
async function readBodies(tx: Queryable, claimed: readonly Claimed[]): Promise<JournalRow[]> {
  if (claimed.length === 0) return [];
  const ids = claimed.map((row) => row.journal_id);
  const rows = await tx.rows<Omit<JournalRow, "attempts">>(named("journal bodies")`
    select id, connection_id, body, received_at from journal
    where id = any(${uuidArray(ids)}::uuid[]) and ${between(ids)}`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return claimed.flatMap(({ journal_id, attempts }) => {
    const row = byId.get(journal_id);
    return row ? [{ ...row, attempts }] : [];
  });
}

/**
 * Those that ended leave the queue, and a row in `journal_outcomes` where there is more to say of them; the others wait
 * again. A webhook that another process completed in between is left as that one left it.
 */
export async function record(tx: Tx, outcomes: readonly Outcome[], now: Sql): Promise<void> {
  const ended: { id: string; state: string; error: string | null; attempts: number | null }[] = [];
  const waiting: { id: string; error: string; attempts: number }[] = [];
  for (const outcome of outcomes) {
    if (outcome.state !== "pending") ended.push({ ...outcome, attempts: null });
    else if (outcome.attempts >= TRIES) ended.push({ ...outcome, state: "dead" });
    else waiting.push(outcome);
  }
  if (ended.length > 0) {
    tx.later(named("journal done")`
      with ended as (
        delete from journal_queue using unnest(
          ${uuidArray(ended.map((outcome) => outcome.id))}::uuid[],
          ${textArray(ended.map((outcome) => outcome.state))}::text[],
          ${textArray(ended.map((outcome) => outcome.error))}::text[],
          ${int4Array(ended.map((outcome) => outcome.attempts))}::integer[]
        ) as outcome (id, state, error, attempts)
        where journal_queue.journal_id = outcome.id
        returning outcome.id, outcome.state, outcome.error, coalesce(outcome.attempts, journal_queue.attempts + 1) as attempts
      )
      insert into journal_outcomes (journal_id, state, attempts, error, completed_at)
      select id, state, attempts, error, ${now} from ended where state = 'dead' or error is not null or attempts > 1`);
  }
  if (waiting.length > 0) {
    tx.later(sql`
      update journal_queue set error = outcome.error, attempts = outcome.attempts,
        next_attempt_at = ${now} + make_interval(secs => outcome.wait_ms / 1000.0)
      from unnest(
        ${uuidArray(waiting.map((outcome) => outcome.id))}::uuid[],
        ${textArray(waiting.map((outcome) => outcome.error))}::text[],
        ${int4Array(waiting.map((outcome) => outcome.attempts))}::integer[],
        ${int4Array(waiting.map((outcome) => Math.round(backoff_ms(outcome.attempts, BACKOFF))))}::integer[]
      ) as outcome (id, error, attempts, wait_ms)
      where journal_queue.journal_id = outcome.id`);
  }
}

const AGAIN_ROWS = 1_000;

/**
 * Makes completed webhooks due once more: what they held for no one is someone's now. They bring nothing twice. Returns
 * of how many the bytes are still kept; retention waits for the lock.
 */
export async function queueAgain(tx: Tx, ids: readonly string[], now: Sql): Promise<number> {
  let queued = 0;
  for (let at = 0; at < ids.length; at += AGAIN_ROWS) {
    const some = ids.slice(at, at + AGAIN_ROWS);
    await tx.run(sql`delete from journal_outcomes where journal_id = any(${uuidArray(some)}::uuid[])`);
    queued += await tx.run(sql`
      with kept as (
        select id, octet_length(body) as body_bytes from journal
        where id = any(${uuidArray(some)}::uuid[]) and ${between(some)} for key share)
      insert into journal_queue (journal_id, body_bytes, next_attempt_at)
      select id, body_bytes, ${now} from kept
      on conflict (journal_id) do update set attempts = 0, next_attempt_at = excluded.next_attempt_at`);
  }
  if (queued > 0) await tx.run(sql`select pg_notify('journal', '')`);
  return queued;
}

/** Ends the lease of what a process has been handed and did not process. */
export async function release(db: Queryable, ids: readonly string[], now: Sql): Promise<void> {
  if (ids.length === 0) return;
  await db.run(sql`
    with released as (
      update journal_queue set next_attempt_at = ${now} where journal_id = any(${uuidArray(ids)}::uuid[]))
    select pg_notify('journal', '')`);
}

/** Lets the planner look into the days of these ids only. */
export function between(ids: readonly string[]): Sql {
  const sorted = ids.toSorted();
  return sql`journal.id between ${sorted[0]}::uuid and ${sorted.at(-1)}::uuid`;
}
