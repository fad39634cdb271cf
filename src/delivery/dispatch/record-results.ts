import type { Clock, Logger } from "../../base/base.ts";
import {
  dueTime,
  int8Array,
  named,
  sql,
  textArray,
  timestamptzArray,
  uuidArray,
  type Database,
} from "../../db/db.ts";
import { createAnnouncer } from "./announce.ts";
import { eachBucket, errorClass, latencyBucket, retryDelay_ms } from "../policy/policy.ts";
import type { Result } from "./attempt-result.ts";
import { newsOf, writeHealth } from "./endpoint-health.ts";

export interface Writer {
  add(result: Result): void;
  /** Resolves when everything added so far is in the database. */
  drain(): Promise<void>;
  /** As `drain`, but gives up when the database can't be reached: the leases run out and others go on. */
  stop(): Promise<void>;
}

const BATCH = 100;
const LINGER_MS = 50;
const RETRY_MS = 500;

/**
 * Writes results in batches: when one is full or its oldest result has waited 50 ms, one statement at a time, so
 * that batches grow with the load. A result whose claim ran out changes nothing: by then the delivery is another's.
 */
export function createWriter(deps: {
  db: Database;
  /** For the results alone. Default: `db`. */
  own_db?: Database;
  log: Logger;
  clock: Clock;
  /** These are in the database now, with what they mean for their endpoints (or were given up, with an error in the log). */
  onWritten: (results: readonly Result[]) => void;
}): Writer {
  const { db, own_db = db, log, clock } = deps;
  const announcer = createAnnouncer({ db, log });
  const successes = new Map<string, number>();
  let waiting: Result[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  let stopping = false;

  const writeAll = async () => {
    let size = 5 * BATCH;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, size);
      try {
        await writeResults(own_db, batch, clock);
      } catch (error) {
        log.error({ err: error, results: batch.length }, "results of deliveries could not be written");
        if (isDataError(error)) {
          // One result that can't be stored: found by halving, and left to be tried again when its claim runs out.
          if (batch.length === 1) {
            waiting = waiting.slice(1);
            deps.onWritten(batch);
          }
          size = Math.ceil(batch.length / 2);
          continue;
        }
        if (stopping) return;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      size = 5 * BATCH;
      waiting = waiting.slice(batch.length);
      // Apart from the results and best effort: the next try says the same again.
      await writeHealth(db, log, newsOf(batch, successes), clock).catch((error: unknown) =>
        log.error({ err: error }, "the health of endpoints could not be written"),
      );
      deps.onWritten(batch);
      announcer.say(batch.map((result) => result.target));
      if (waiting.length < BATCH && !stopping) break;
    }
  };
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = null;
      if (waiting.length > 0 && !stopping) schedule();
    });
    return writing;
  };
  const schedule = () => {
    if (waiting.length >= BATCH) void write();
    else timer ??= setTimeout(() => void write(), LINGER_MS);
  };

  return {
    add(result) {
      waiting.push(result);
      if (!writing) schedule();
    },
    async drain() {
      do await write();
      while (waiting.length > 0);
      await announcer.drain();
    },
    async stop() {
      stopping = true;
      await writing;
      await write();
      await announcer.stop();
    },
  };
}

/** Data exceptions and violated constraints: the same statement will never succeed. */
const isDataError = (error: unknown) => /^2[23]/.test(String((error as { code?: unknown }).code));

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
 * The deliveries' new state, the log of their tries, and the minutes of their endpoints, in one statement: a result
 * whose claim ran out is in none of them.
 */
async function writeResults(db: Database, results: readonly Result[], clock: Clock): Promise<void> {
  // Deliveries first and then minutes, each in the order of their keys, so that two writers never wait for each other
  // in a circle.
  const sorted = results.toSorted((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));
  const verdicts = sorted.map(verdict);
  const deliveries = sorted.map((result) => result.delivery);
  const attempts = sorted.map((result) => result.attempt);
  await db.run(named("delivery results")`
    with result as (
      select * from unnest(
        ${uuidArray(deliveries.map((delivery) => delivery.workspace_id))}::uuid[],
        ${uuidArray(deliveries.map((delivery) => delivery.id))}::uuid[],
        ${uuidArray(deliveries.map((delivery) => delivery.lease))}::uuid[],
        ${textArray(verdicts.map((verdict) => verdict.state))}::text[],
        ${int8Array(verdicts.map(({ wait_ms }) => wait_ms))}::int8[],
        ${timestamptzArray(attempts.map((attempt) => attempt.started_at_ms))}::timestamptz[],
        ${int8Array(attempts.map((attempt) => attempt.duration_ms))}::int8[],
        ${int8Array(attempts.map((attempt) => attempt.status ?? 0))}::int8[],
        ${textArray(attempts.map((attempt) => attempt.error))}::text[],
        ${textArray(attempts.map((attempt) => attempt.error_code))}::text[],
        ${textArray(attempts.map((attempt) => attempt.response_excerpt))}::text[],
        ${int8Array(attempts.map((attempt) => Number(attempt.response_truncated)))}::int8[],
        ${textArray(sorted.map((result) => result.request_headers))}::text[],
        ${int8Array(sorted.map((result) => Number(isManual(result))))}::int8[],
        ${int8Array(attempts.map((attempt) => latencyBucket(attempt.duration_ms)))}::int8[],
        ${textArray(attempts.map(errorClass))}::text[]
      ) as result (workspace_id, id, lease, state, wait_ms, started_at, duration_ms, status, error, error_code,
                   response_excerpt, response_truncated, request_headers, manual, latency_bucket, error_class)
    ),
    completed as (
      -- Held or cancelled meanwhile: a success still counts, another try is not made.
      update deliveries set
             state = case when result.state = 'delivered' then 'delivered'
                          when deliveries.state = 'cancelled' then 'cancelled'
                          when deliveries.state = 'held' and result.state = 'pending' then 'held'
                          else result.state end,
             attempts = deliveries.attempts + 1,
             -- Also of one that was cancelled: should that be taken back, it goes on then.
             next_attempt_at = case when result.wait_ms > 0 then ${dueTime(clock)} + result.wait_ms * interval '1 ms' end,
             lease = null, last_status = nullif(result.status, 0), last_error = result.error,
             last_error_class = result.error_class, last_error_code = result.error_code,
             completed_at = case when result.state = 'delivered' or result.state = 'failed' and deliveries.state <> 'cancelled'
                               then ${dueTime(clock)} else deliveries.completed_at end
        from result
       where deliveries.workspace_id = result.workspace_id and deliveries.id = result.id
         and deliveries.lease = result.lease
      returning deliveries.workspace_id, deliveries.id, deliveries.endpoint_id, deliveries.attempts, deliveries.kind,
                started_at, duration_ms, status, error, error_code, response_excerpt, response_truncated,
                request_headers, manual, latency_bucket
    ),
    minutes as (
      insert into endpoint_minutes as minutes (workspace_id, endpoint_id, minute, delivered, failed, latencies)
      select workspace_id, endpoint_id, date_trunc('minute', started_at),
             count(*) filter (where error_code is null), count(*) filter (where error_code is not null),
             array[${eachBucket((i) => sql`count(*) filter (where status > 0 and latency_bucket = ${i}::int)`)}]::integer[]
        from completed where kind <> 'test' group by 1, 2, 3 order by 1, 2, 3
      on conflict (workspace_id, endpoint_id, minute) do update
         set delivered = minutes.delivered + excluded.delivered, failed = minutes.failed + excluded.failed,
             latencies = array[${eachBucket((i) => sql`minutes.latencies[${i + 1}::int] + excluded.latencies[${i + 1}::int]`)}]
    )
    insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, error_code,
           response_excerpt, response_truncated, request_headers, manual)
    select workspace_id, id, attempts, started_at, duration_ms, nullif(status, 0), error, error_code,
           response_excerpt, response_truncated = 1, request_headers, manual = 1
      from completed`);
}
