import { backoff_ms } from "../base/base.ts";
import { int4Array, sql, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";

export interface JournalRow {
  id: string;
  connection_id: string;
  body: Buffer;
  received_at: Date;
  /** Tries that were made before this one. */
  attempts: number;
}

export type Outcome =
  /** Taken through; `error` is a note for the page ("nothing in it"). */
  | { id: string; state: "done"; error: string | null }
  /** Never again, unless by hand. */
  | { id: string; state: "dead"; error: string }
  /** To be tried again; `attempts` counts the tries so far, this one included. Dead when that was the last. */
  | { id: string; state: "pending"; error: string; attempts: number };

/** Waits of 5 s, 10 s, … 43 min between them: about an hour and a half in all. */
export const TRIES = 10;
const BACKOFF = { base_ms: 5_000, cap_ms: 3_600_000 };

/**
 * By journal__next_attempt_at, which holds only rows that wait. At least one row, then as many as fit into
 * `limit_bytes`: a body may have 3 MiB. Those beyond stay locked until the transaction ends, and that is all.
 */
export function claim(tx: Tx, limit: number, now_ms: number, limit_bytes: number): Promise<JournalRow[]> {
  return tx.rows<JournalRow>(sql`
    with due as (
      select id, connection_id, body, received_at, attempts, next_attempt_at from journal
      where state = 'pending' and next_attempt_at <= ${new Date(now_ms)}
      order by next_attempt_at, id limit ${limit}
      for update skip locked
    ),
    summed as (
      select due.*, sum(octet_length(body)) over (order by next_attempt_at, id) - octet_length(body) as bytes_before from due
    )
    select id, connection_id, body, received_at, attempts from summed
    where bytes_before < ${limit_bytes} order by next_attempt_at, id`);
}

export async function claimThese(tx: Tx, ids: readonly string[]): Promise<JournalRow[]> {
  if (ids.length === 0) return [];
  return tx.rows<JournalRow>(sql`
    select id, connection_id, body, received_at, attempts from journal
    where state = 'pending' and id = any(${ids}::uuid[]) and ${between(ids)}
    order by next_attempt_at, id
    for update skip locked`);
}

export async function record(tx: Tx, outcomes: readonly Outcome[], now_ms: number): Promise<void> {
  if (outcomes.length === 0) return;
  const now = new Date(now_ms);
  const completed = outcomes.map((outcome) => {
    if (outcome.state !== "pending") return { ...outcome, attempts: null, next_attempt_at: null };
    const { attempts } = outcome;
    if (attempts >= TRIES) return { ...outcome, state: "dead", next_attempt_at: null };
    return { ...outcome, next_attempt_at: now_ms + backoff_ms(attempts, BACKOFF) };
  });
  await tx.run(sql`
    update journal set
      state = outcome.state,
      error = outcome.error,
      attempts = coalesce(outcome.attempts, journal.attempts + 1),
      next_attempt_at = coalesce(outcome.next_attempt_at, journal.next_attempt_at),
      completed_at = case when outcome.state = 'pending' then null else ${now}::timestamptz end
    from unnest(
      ${uuidArray(completed.map((outcome) => outcome.id))}::uuid[],
      ${textArray(completed.map((outcome) => outcome.state))}::text[],
      ${textArray(completed.map((outcome) => outcome.error))}::text[],
      ${int4Array(completed.map((outcome) => outcome.attempts))}::integer[],
      ${timestamptzArray(completed.map((outcome) => outcome.next_attempt_at))}::timestamptz[]
    ) as outcome (id, state, error, attempts, next_attempt_at)
    where journal.id = outcome.id and ${between(completed.map((outcome) => outcome.id))}`);
}

/** Lets the planner look into the days of these ids only. */
function between(ids: readonly string[]) {
  const sorted = ids.toSorted();
  return sql`journal.id between ${sorted[0]}::uuid and ${sorted.at(-1)}::uuid`;
}
