import type { Clock } from "../../base/base.ts";
import {
  dueTime,
  int8Array,
  named,
  sql,
  textArray,
  timestamptzArray,
  uuidArray,
  type Database,
  type Sql,
} from "../../db/db.ts";
import { eachBucket, errorClass, latencyBucket, retryDelay_ms } from "../policy/policy.ts";
import { isSame } from "../tables/tables.ts";
import type { Result } from "./attempt-result.ts";

/** The next state of a delivery after an attempt. */
function verdict({ attempt, delivery, target }: Result): { state: string; wait_ms: number } {
  if (attempt.error_code === null) return { state: "delivered", wait_ms: 0 };
  if (attempt.error_code === "gone") return { state: "held", wait_ms: 0 };
  if (attempt.error_code === "body_gone") return { state: "failed", wait_ms: 0 };
  const tries = delivery.attempts - delivery.schedule_start + 1;
  const wait_ms = retryDelay_ms(target.retry_preset, tries, attempt.retry_after_ms);
  return wait_ms === null ? { state: "failed", wait_ms: 0 } : { state: "pending", wait_ms };
}

/** Also the first try of a schedule that a person began. */
const isManual = ({ manual, delivery: { attempts, schedule_start } }: Result) =>
  manual === true || (attempts === schedule_start && schedule_start > 0);

/**
 * What ended leaves the queue for the log, what is to be retried stays; the log of their attempts, and the minutes of
 * their endpoints: in one statement, so that a result whose lease expired is in none of them.
 */
export async function writeResults(db: Database, results: readonly Result[], clock: Clock): Promise<void> {
  // The queue first and then minutes, each in the order of their keys, so that two writers never wait for each other
  // in a circle.
  const sorted = results.toSorted((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));
  const written = await db.run(named("delivery results")`
    with result as (${unnested(sorted)}),
    ended as (
      -- Held meanwhile: a success still counts.
      delete from delivery_queue using result
       where ${isSame("delivery_queue", sql`result`)} and delivery_queue.lease = result.lease
         and result.outcome in ('delivered', 'failed')
      returning delivery_queue.workspace_id, delivery_queue.endpoint_id, delivery_queue.id, journal_id, kind, body, events, wamids,
                schedule_start, recovery_id, created_at, attempts + 1 as attempts, ${OF_ATTEMPT}
    ),
    logged as (
      insert into delivery_log (workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts,
             schedule_start, last_status, last_error, last_error_code, last_error_class, recovery_id, created_at, completed_at)
      select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, outcome, attempts,
             schedule_start, nullif(status, 0), error, error_code, error_class, recovery_id, created_at, ${dueTime(clock)}
        from ended
    ),
    retried as (
      -- Held meanwhile: it is not retried until it is released.
      update delivery_queue set
             state = case when state = 'held' then 'held' else outcome end,
             attempts = attempts + 1, lease = null, ${lastAttempt(clock)}
        from result
       where ${isSame("delivery_queue", sql`result`)} and delivery_queue.lease = result.lease
         and result.outcome in ('pending', 'held')
      returning delivery_queue.workspace_id, delivery_queue.endpoint_id, delivery_queue.id, attempts, ${OF_ATTEMPT}
    ),
    recorded as (
      select workspace_id, endpoint_id, id, attempts, ${OF_ATTEMPT} from ended
      union all select * from retried
    ),
    ${LOGGED_ATTEMPTS}`);
  if (written < sorted.length) await writeCancelled(db, sorted, clock);
}

/**
 * The same of those that were cancelled during their attempt, and so stand in the log: a success still counts, and should
 * the cancellation be taken back, it goes on with the retry.
 */
async function writeCancelled(db: Database, results: readonly Result[], clock: Clock): Promise<void> {
  await db.run(named("cancelled delivery results")`
    with result as (${unnested(results)}),
    recorded as (
      update delivery_log set
             state = case when outcome = 'delivered' then 'delivered' else state end,
             attempts = attempts + 1, lease = null, ${lastAttempt(clock)},
             completed_at = case when outcome = 'delivered' then ${dueTime(clock)} else completed_at end
        from result
       where ${isSame("delivery_log", sql`result`)} and delivery_log.lease = result.lease
      returning delivery_log.workspace_id, delivery_log.endpoint_id, delivery_log.id, attempts, ${OF_ATTEMPT}
    ),
    ${LOGGED_ATTEMPTS}`);
}

/** What the log of attempts and the minutes take of a result. */
const OF_ATTEMPT = sql`outcome, started_at, duration_ms, status, error, error_code, error_class, response_excerpt,
  response_truncated, request_headers, manual, latency_bucket`;

const lastAttempt = (clock: Clock): Sql => sql`
  next_attempt_at = case when result.wait_ms > 0 then ${dueTime(clock)} + result.wait_ms * interval '1 ms' end,
  last_status = nullif(result.status, 0), last_error = result.error, last_error_class = result.error_class,
  last_error_code = result.error_code`;

const LOGGED_ATTEMPTS = sql`
  minutes as (
    insert into endpoint_minutes as minutes (workspace_id, endpoint_id, minute, delivered, failed, latencies)
    select workspace_id, endpoint_id, date_trunc('minute', started_at),
           count(*) filter (where error_code is null), count(*) filter (where error_code is not null),
           array[${eachBucket((i) => sql`count(*) filter (where status > 0 and latency_bucket = ${i}::int)`)}]::integer[]
      from recorded group by 1, 2, 3 order by 1, 2, 3
    on conflict (workspace_id, endpoint_id, minute) do update
       set delivered = minutes.delivered + excluded.delivered, failed = minutes.failed + excluded.failed,
           latencies = array[${eachBucket((i) => sql`minutes.latencies[${i + 1}::int] + excluded.latencies[${i + 1}::int]`)}]
  )
  insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, error_code,
         response_excerpt, response_truncated, request_headers, manual)
  select workspace_id, id, attempts, started_at, duration_ms, nullif(status, 0), error, error_code,
         response_excerpt, response_truncated = 1, request_headers, manual = 1
    from recorded`;

/** The results as rows. */
function unnested(results: readonly Result[]): Sql {
  const verdicts = results.map(verdict);
  const deliveries = results.map((result) => result.delivery);
  const attempts = results.map((result) => result.attempt);
  return sql`
    select * from unnest(
      ${uuidArray(deliveries.map((delivery) => delivery.workspace_id))}::uuid[],
      ${uuidArray(deliveries.map((delivery) => delivery.endpoint_id))}::uuid[],
      ${uuidArray(deliveries.map((delivery) => delivery.id))}::uuid[],
      ${uuidArray(deliveries.map((delivery) => delivery.lease))}::uuid[],
      ${textArray(verdicts.map(({ state }) => state))}::text[],
      ${int8Array(verdicts.map(({ wait_ms }) => wait_ms))}::int8[],
      ${timestamptzArray(attempts.map((attempt) => attempt.started_at_ms))}::timestamptz[],
      ${int8Array(attempts.map((attempt) => attempt.duration_ms))}::int8[],
      ${int8Array(attempts.map((attempt) => attempt.status ?? 0))}::int8[],
      ${textArray(attempts.map((attempt) => attempt.error))}::text[],
      ${textArray(attempts.map((attempt) => attempt.error_code))}::text[],
      ${textArray(attempts.map((attempt) => attempt.response_excerpt))}::text[],
      ${int8Array(attempts.map((attempt) => Number(attempt.response_truncated)))}::int8[],
      ${textArray(results.map((result) => result.request_headers))}::text[],
      ${int8Array(results.map((result) => Number(isManual(result))))}::int8[],
      ${int8Array(attempts.map((attempt) => latencyBucket(attempt.duration_ms)))}::int8[],
      ${textArray(attempts.map(errorClass))}::text[]
    ) as result (workspace_id, endpoint_id, id, lease, outcome, wait_ms, started_at, duration_ms, status, error, error_code,
                 response_excerpt, response_truncated, request_headers, manual, latency_bucket, error_class)`;
}
