import { randomBytes, randomInt } from "node:crypto";
import type { QueryConfig } from "pg";
import { v7 } from "uuid";
import { metrics, recordSpans, systemClock, type Clock } from "../base/base.ts";
import { byteaArray, isMissingPartition, timestamptzArray, uuidArray, type Database } from "../db/db.ts";
import type { Partitions } from "./partitions.ts";
import type { JournalRow } from "./queue.ts";

export interface ArrivedWebhook {
  connection_id: string;
  body: Buffer;
  received_at_ms: number;
}

/**
 * A pipeline in this process, to which what was stored is handed. It is born leased: the queue's row comes due when the
 * lease ends, so when the process dies in between, any pipeline claims it then.
 */
export interface HandOff {
  /** Asked before the commit: for how long these are its own; null: it has no room, they go to the queue alone. */
  lease(webhooks: number, bytes: number): number | null;
  /** Those for which it had no room are stored, or failed: what looks into the queue from now on sees them. */
  queued(): void;
  /** They are stored. */
  take(rows: readonly JournalRow[]): void;
}

const APPEND = `
  with stored as (
    insert into journal (id, received_at, connection_id, body)
    select id, received_at, connection_id, body
    from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::bytea[])
      as arrived (id, received_at, connection_id, body)
    returning id, octet_length(body) as body_bytes
  ),
  queued as (
    insert into journal_queue (journal_id, body_bytes, next_attempt_at)
    select id, body_bytes, coalesce($6::timestamptz, now()) + make_interval(secs => $7::integer / 1000.0) from stored
  )
  select pg_notify('journal', '') where $5`;
const TELL = "select pg_notify('journal', '')";
/**
 * Listeners are told at once, but not again within this time: each telling takes a lock of the whole server at commit
 * and wakes a backend for everyone who listens. What came in between is told of at the end of it.
 */
const QUIET_MS = 5;

interface AppendDeps {
  db: Database;
  partitions: Partitions;
  append_ms: number;
  clock: Clock;
  handOff: () => HandOff | null;
}

/** What one append has to know of those before it. */
interface Appending extends Readonly<AppendDeps> {
  readonly nextId: (at_ms: number, random: Uint8Array) => string;
  told_ms: number;
  /** Listeners will be told at the end of `QUIET_MS`. */
  later: NodeJS.Timeout | undefined;
}

export function createAppend(deps: AppendDeps): (webhooks: readonly ArrivedWebhook[]) => Promise<string[]> {
  const appending: Appending = {
    ...deps,
    nextId: createIds(),
    told_ms: Number.NEGATIVE_INFINITY,
    later: undefined,
  };
  return (webhooks) => append(appending, webhooks);
}

async function append(appending: Appending, webhooks: readonly ArrivedWebhook[]): Promise<string[]> {
  if (webhooks.length === 0) return [];
  const timer = metrics.journal_append_seconds.startTimer();
  const random = randomBytes(16 * webhooks.length);
  const ids = webhooks.map((webhook, i) =>
    appending.nextId(webhook.received_at_ms, random.subarray(16 * i, 16 * i + 16)),
  );
  const to = appending.handOff();
  const lease_ms = to && to.lease(webhooks.length, total(webhooks));
  try {
    await insert(appending, ids, webhooks, lease_ms);
  } catch (error) {
    if (!isMissingPartition(error, "journal")) throw error;
    await appending.partitions.ensureFor(ids);
    await insert(appending, ids, webhooks, lease_ms);
  } finally {
    if (to && lease_ms === null) to.queued();
  }
  if (to && lease_ms !== null) to.take(webhooks.map((webhook, i) => rowOf(ids[i]!, webhook)));
  timer();
  metrics.journal_append_rows.observe(webhooks.length);
  recordSpans("receive webhook", () =>
    webhooks.map(({ received_at_ms, connection_id, body }, i) => ({
      webhook_id: ids[i]!,
      start_ms: received_at_ms,
      attributes: { "wharf.connection.id": connection_id, "wharf.body.bytes": body.length },
    })),
  );
  return ids;
}

/** One insert a group, its arrays in binary, planned once a connection: it joins nothing, so any plan is the plan. */
async function insert(
  appending: Appending,
  ids: readonly string[],
  webhooks: readonly ArrivedWebhook[],
  lease_ms: number | null,
): Promise<void> {
  const { db, clock, append_ms } = appending;
  const tells = lease_ms === null && performance.now() - appending.told_ms >= QUIET_MS;
  if (tells) appending.told_ms = performance.now();
  // A server that hangs must not hold intake: pg gives up on its own clock and drops the connection.
  const query: QueryConfig & { query_timeout: number } = {
    name: "journal append",
    text: APPEND,
    values: [
      uuidArray(ids),
      timestamptzArray(webhooks.map((webhook) => webhook.received_at_ms)),
      uuidArray(webhooks.map((webhook) => webhook.connection_id)),
      byteaArray(webhooks.map((webhook) => webhook.body)),
      tells,
      clock === systemClock ? null : new Date(clock.now()),
      lease_ms ?? 0,
    ],
    query_timeout: append_ms,
  };
  await db.pool.query(query);
  if (lease_ms !== null) return;
  if (tells) {
    clearTimeout(appending.later);
    appending.later = undefined;
  } else tellLater(appending);
}

function tellLater(appending: Appending): void {
  appending.later ??= setTimeout(
    () => {
      appending.later = undefined;
      appending.told_ms = performance.now();
      // A listener that isn't told looks by itself after a second.
      appending.db.pool.query(TELL).catch(() => {});
    },
    Math.max(0, appending.told_ms + QUIET_MS - performance.now()),
  ).unref();
}

const total = (webhooks: readonly ArrivedWebhook[]) =>
  webhooks.reduce((bytes, { body }) => bytes + body.length, 0);

const rowOf = (id: string, { connection_id, body, received_at_ms }: ArrivedWebhook): JournalRow => ({
  id,
  connection_id,
  body,
  received_at: new Date(received_at_ms),
  attempts: 0,
});

/** How far the clock may go back before ids follow it. */
const STEADY_MS = 10_000;

/** UUIDv7 that rise in the order of calls also within a millisecond, and when the clock is set back a little. */
function createIds(): (at_ms: number, random: Uint8Array) => string {
  let last_ms = 0;
  let seq = 0;
  return (at_ms, random) => {
    if (at_ms > last_ms || at_ms < last_ms - STEADY_MS) {
      last_ms = at_ms;
      // A random start keeps processes apart; 2^31 calls within one millisecond don't happen.
      seq = randomInt(2 ** 31);
    } else seq++;
    return v7({ msecs: last_ms, seq, random });
  };
}
