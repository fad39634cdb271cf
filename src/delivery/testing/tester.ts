import {
  firstIdAt,
  metrics,
  newId,
  Problem,
  type Clock,
  type Logger,
  type SecretBox,
} from "../../base/base.ts";
import { dueTime, sql, type Database } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import type { Subscription } from "../../meta/events.ts";
import { errorClass, type AttemptErrorCode } from "../policy/policy.ts";
import { type Attempt, createAttempter, type Guard } from "../http/http.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import {
  createSigner,
  readLoggedHeaders,
  type SealedHeaders,
  type SecretSource,
  type Signer,
} from "../signing/signing.ts";
import { sampleOf } from "./samples.ts";

/**
 * Sends one sample while its user waits: by the same attempter, guard, headers and signature as real deliveries, so
 * that what passes here passes there. It is in the log as a test, is never tried again, and says nothing about the
 * endpoint's health.
 */
export interface Tester {
  /**
   * Throws NOT_FOUND, NO_PREPARED_SECRET, MASTER_KEY_MISSING, and TOO_MANY_REQUESTS: one test at a time for an
   * endpoint, 30 a minute for a workspace. Without `event`: the first that the endpoint asked for, else a message.
   */
  test(
    workspace_id: string,
    endpoint_id: string,
    what?: { event?: Subscription | undefined; secret?: "current" | "prepared" | undefined },
  ): Promise<TestResult>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

export interface TestResult {
  ok: boolean;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  duration_ms: number;
  signature: string;
  request_headers: { name: string; value: string }[];
  payload: string;
  response_excerpt: string | null;
  response_truncated: boolean;
  delivery_id: string;
  secret_fingerprint: string;
}

const TESTS_A_MINUTE = 30;
const MINUTE_MS = 60_000;
/** Beyond an endpoint's own timeout: to write the result down. After it the next test may begin whatever happened. */
const MARGIN_MS = 5_000;

interface Tested extends SecretSource, SealedHeaders {
  url: string;
  events: Subscription[];
  timeout_ms: number;
  secret_fingerprint: string;
  next_secret_salt: Buffer | null;
  next_secret_key_id: string | null;
  next_secret_fingerprint: string | null;
  /** How long the test that is under way may still take. */
  busy_ms: number | null;
}
const testedColumns = (
  clock: Clock,
) => sql`id, url, events, timeout_ms, headers, secret_salt, secret_key_id, secret_fingerprint,
  next_secret_salt, next_secret_key_id, next_secret_fingerprint,
  (extract(epoch from testing_until - ${dueTime(clock)}) * 1000)::float8 as busy_ms`;

interface TesterDeps {
  db: Database;
  box: SecretBox;
  guard: Guard;
  log: Logger;
  clock: Clock;
}

export function createTester(deps: TesterDeps): Tester {
  const { db, clock } = deps;
  const attempter = createAttempter(deps);
  const signer = createSigner(deps);
  let stopped = false;

  return {
    async test(workspace_id, endpoint_id, { event: asked, secret = "current" } = {}) {
      if (stopped) throw stopping();
      const endpoint = await begin(deps, signer, { workspace_id, id: endpoint_id, secret });
      const event = asked ?? endpoint.events[0] ?? "messages";
      const now_ms = clock.now();
      const id = newId(now_ms);
      const payload = sampleOf(event, now_ms);
      const body = Buffer.from(payload);
      const { headers, logged, hidden } = signer.sign(endpoint, { id, body });
      const { timeout_ms } = endpoint;
      const url = new URL(endpoint.url);
      const attempt = await attempter.attempt({ url, headers, hidden, body, timeout_ms });
      if (attempt === null) {
        await end(db, workspace_id, endpoint_id);
        throw stopping();
      }
      metrics.delivery_attempts.inc({ outcome: "test" });
      await write(deps, workspace_id, endpoint_id, { id, event, body, logged, attempt });
      const { status, error, error_code, duration_ms, response_excerpt, response_truncated } = attempt;
      return {
        ok: error_code === null,
        status,
        error,
        error_code,
        duration_ms,
        signature: headers["x-hub-signature-256"]!,
        request_headers: readLoggedHeaders(logged),
        payload,
        response_excerpt,
        response_truncated,
        delivery_id: id,
        secret_fingerprint: endpoint.secret_fingerprint,
      };
    },

    async stop() {
      stopped = true;
      attempter.abort();
      await attempter.stop();
    },
  };
}

/** The endpoint as it is to be tested, by one test at a time. */
const begin = (
  { db, clock }: TesterDeps,
  signer: Signer,
  { workspace_id, id, secret }: { workspace_id: string; id: string; secret: "current" | "prepared" },
): Promise<Tested> =>
  db.transaction(async (tx) => {
    const now_ms = clock.now();
    // The workspace's row is the queue in which its tests wait to be counted.
    await tx.run(sql`select 1 from workspaces where id = ${workspace_id} for no key update`);
    const endpoint = withSecret(
      await findEndpoint<Tested>(tx, workspace_id, id, {
        columns: testedColumns(clock),
        lock: sql`for no key update`,
      }),
      secret,
    );
    const busy_ms = endpoint.busy_ms ?? 0;
    if (busy_ms > 0) throw tooMany("A test of this endpoint is under way.", busy_ms);
    // Those that are under way have no row yet. Index: delivery_log__tests.
    const [recent] = await tx.rows<{ count: number; first_at: Date | null }>(sql`
        select (select count(*) from endpoints
                 where workspace_id = ${workspace_id} and testing_until > ${dueTime(clock)})::int
               + count(*)::int as count, min(created_at) as first_at
          from delivery_log
         where workspace_id = ${workspace_id} and kind = 'test' and id >= ${firstIdAt(now_ms - MINUTE_MS)}`);
    if (recent!.count >= TESTS_A_MINUTE) {
      const first_ms = recent!.first_at?.getTime() ?? now_ms;
      throw tooMany(
        `A workspace sends at most ${TESTS_A_MINUTE} tests a minute.`,
        first_ms + MINUTE_MS - now_ms,
      );
    }
    if (!signer.canSign(endpoint)) throw new Problem("MASTER_KEY_MISSING");
    await tx.run(sql`
        update endpoints set testing_until = ${dueTime(clock)} + ${endpoint.timeout_ms + MARGIN_MS}::float8 * interval '1 ms'
         where workspace_id = ${workspace_id} and id = ${id}`);
    return endpoint;
  });

/** Written once, with its result: until then nothing could take it for a delivery that waits. */
const write = (
  { db, clock }: TesterDeps,
  workspace_id: string,
  endpoint_id: string,
  test: { id: string; event: Subscription; body: Buffer; logged: string; attempt: Attempt },
): Promise<void> =>
  db.transaction(async (tx) => {
    const { id, event, body, logged, attempt } = test;
    const started_at = new Date(attempt.started_at_ms);
    await tx.run(sql`
        insert into delivery_log (workspace_id, id, endpoint_id, kind, body, events, state, attempts, last_status,
               last_error, last_error_class, created_at, completed_at)
        values (${workspace_id}, ${id}, ${endpoint_id}, 'test', ${body}, ${[event]}::text[],
                ${attempt.error_code === null ? "delivered" : "failed"}, 1, ${attempt.status}, ${attempt.error},
                ${errorClass(attempt)}, ${started_at}, ${new Date(clock.now())})`);
    await tx.run(sql`
        insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, error_code,
               response_excerpt, response_truncated, request_headers, manual)
        values (${workspace_id}, ${id}, 1, ${started_at}, ${attempt.duration_ms}, ${attempt.status}, ${attempt.error},
                ${attempt.error_code}, ${attempt.response_excerpt}, ${attempt.response_truncated}, ${logged}, true)`);
    await end(tx, workspace_id, endpoint_id);
    await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
  });

const end = (queryable: Pick<Database, "run">, workspace_id: string, endpoint_id: string) =>
  queryable.run(sql`
      update endpoints set testing_until = null where workspace_id = ${workspace_id} and id = ${endpoint_id}`);

function withSecret(endpoint: Tested, secret: "current" | "prepared"): Tested {
  if (secret === "current") return endpoint;
  const { next_secret_salt, next_secret_key_id, next_secret_fingerprint } = endpoint;
  if (next_secret_salt === null || next_secret_key_id === null || next_secret_fingerprint === null)
    throw new Problem("NO_PREPARED_SECRET");
  return {
    ...endpoint,
    secret_salt: next_secret_salt,
    secret_key_id: next_secret_key_id,
    secret_fingerprint: next_secret_fingerprint,
  };
}

const stopping = () => new Problem("UNAVAILABLE", "Wharf is being stopped; send the test again in a moment.");

function tooMany(detail: string, wait_ms: number): Problem {
  return new Problem("TOO_MANY_REQUESTS", detail, { retry_after_s: Math.max(1, Math.ceil(wait_ms / 1000)) });
}
