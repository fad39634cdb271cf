import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import { createTestClock } from "../../../test/support/delivery.ts";
import { newId } from "../../base/base.ts";
import { sql, uuidArray } from "../../db/db.ts";
import { attemptError, errorOfStatus } from "../http/attempt-errors.ts";
import { type Claimed } from "./delivery-claim.ts";
import { readTargets, type Target } from "./targets.ts";
import { latencyBucket } from "../policy/latency-histogram.ts";
import { RETRY_PRESETS } from "../policy/retry-schedule.ts";
import type { Result } from "./attempt-result.ts";
import { createWriter } from "./record-results.ts";

const db = await createTestDatabase();
await allowDeliveryWrites(db);
const clock = createTestClock();
const MINUTE_MS = 60_000;
const minute_ms = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;

let workspace_id: string;
beforeEach(async () => {
  for (const table of [sql`deliveries`, sql`attempts`, sql`endpoint_minutes`])
    await db.run(sql`delete from ${table}`);
  ({ workspace_id } = await createTestWorkspace(db));
});

const addEndpoint = async (): Promise<string> => {
  const id = newId();
  await db.run(sql`
    insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${id}, 'http://127.0.0.1:9/', true, '{messages}', ${randomBytes(16)}, 'key', '00000000')`);
  return id;
};

/** Deliveries that a dispatcher has claimed. */
async function claimed(
  endpoint_id: string,
  count: number,
  as: { kind?: string; attempts?: number; schedule_start?: number } = {},
): Promise<{ target: Target; claims: Claimed[] }> {
  const lease = newId();
  const lease_until_ms = clock.now() + MINUTE_MS;
  const ids = Array.from({ length: count }, () => newId());
  await db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, kind, events, attempts, schedule_start, lease, next_attempt_at)
    select ${workspace_id}, id, ${endpoint_id}, ${as.kind ?? "event"}, '{messages}', ${as.attempts ?? 0},
           ${as.schedule_start ?? 0}, ${lease}, ${new Date(lease_until_ms)}
      from unnest(${uuidArray(ids)}::uuid[]) as id`);
  const { targets } = await readTargets(db, clock, null, 1, [{ workspace_id, id: endpoint_id }]);
  const claims = ids.map((id) => ({
    workspace_id,
    id,
    endpoint_id,
    lease,
    lease_until_ms,
    attempts: as.attempts ?? 0,
    schedule_start: as.schedule_start ?? 0,
    probe: false,
    pass: null,
    created_at: new Date(clock.now()),
    webhook_id: newId(),
    journal_id: null,
    body: null,
  }));
  return { target: targets.find((target) => target.id === endpoint_id)!, claims };
}

/** What a try came to: a status, or null for no answer. */
const result = (
  { target, delivery }: { target: Target; delivery: Claimed },
  status: number | null,
  at_ms = clock.now(),
  duration_ms = 10,
): Result => ({
  target,
  delivery,
  request_headers: "accept: */*",
  attempt: {
    started_at_ms: at_ms,
    duration_ms,
    status,
    error: null,
    error_code: null,
    ...(status === null ? attemptError("timeout") : errorOfStatus(status)),
    retry_after_ms: null,
    response_excerpt: null,
    response_truncated: false,
  },
});

const errors: string[] = [];
const log = pino(
  { level: "error" },
  {
    write: (line: string) => void errors.push((JSON.parse(line) as { err: { message: string } }).err.message),
  },
);
const createTestWriter = () => createWriter({ db, log, clock, onWritten: () => {} });

const write = async (results: readonly Result[]) => {
  const writer = createTestWriter();
  for (const one of results) writer.add(one);
  await writer.drain();
};

interface Minute {
  endpoint_id: string;
  minute: string;
  delivered: number;
  failed: number;
  latencies: number[];
}
const minutes = () =>
  db.rows<Minute>(sql`
    select endpoint_id, minute::text, delivered, failed, latencies from endpoint_minutes order by endpoint_id, minute`);

/** The same, counted anew from the log. */
async function recounted(): Promise<Minute[]> {
  const tries = await db.rows<{
    endpoint_id: string;
    minute: string;
    received: boolean;
    answered: boolean;
    duration_ms: number;
  }>(sql`
    select endpoint_id, date_trunc('minute', started_at)::text as minute, error_code is null as received,
           status is not null as answered, duration_ms
      from attempts join deliveries on deliveries.workspace_id = attempts.workspace_id and deliveries.id = delivery_id
     where kind <> 'test' order by endpoint_id, minute`);
  const counted = new Map<string, Minute>();
  const zeros = (await minutes())[0]?.latencies.map(() => 0) ?? [];
  for (const { endpoint_id, minute, received, answered, duration_ms } of tries) {
    const key = `${endpoint_id} ${minute}`;
    const row = counted.get(key) ?? { endpoint_id, minute, delivered: 0, failed: 0, latencies: [...zeros] };
    counted.set(key, row);
    row[received ? "delivered" : "failed"]++;
    if (answered) row.latencies[latencyBucket(duration_ms)]!++;
  }
  return [...counted.values()];
}

describe("a result", () => {
  test("is kept with what was sent, how it was answered, and whether a person asked for it", async () => {
    const endpoint_id = await addEndpoint();
    const first = await claimed(endpoint_id, 1);
    const resent = await claimed(endpoint_id, 1, { attempts: 10, schedule_start: 10 });
    const again = await claimed(endpoint_id, 1, { attempts: 11, schedule_start: 10 });
    const sets = [first, resent, again];
    await write(sets.map(({ target, claims }) => result({ target, delivery: claims[0]! }, 500)));
    const log = await db.rows<{ delivery_id: string }>(
      sql`select delivery_id, attempt, manual, status, request_headers from attempts order by attempt`,
    );
    const same = { status: 500, request_headers: "accept: */*" };
    expect(log).toEqual([
      { delivery_id: first.claims[0]!.id, attempt: 1, manual: false, ...same },
      { delivery_id: resent.claims[0]!.id, attempt: 11, manual: true, ...same },
      { delivery_id: again.claims[0]!.id, attempt: 12, manual: false, ...same },
    ]);
  });

  test("ends the schedule that runs now, not one that ran before it: what is resent is tried as often again", async () => {
    const endpoint_id = await addEndpoint();
    const tries = RETRY_PRESETS.standard.length + 1;
    const [last, resent, last_again] = [
      await claimed(endpoint_id, 1, { attempts: tries - 1 }),
      await claimed(endpoint_id, 1, { attempts: tries, schedule_start: tries }),
      await claimed(endpoint_id, 1, { attempts: 2 * tries - 1, schedule_start: tries }),
    ];
    await write(
      [last, resent, last_again].map(({ target, claims }) => result({ target, delivery: claims[0]! }, 500)),
    );
    const rows = await db.rows<{ state: string }>(sql`select state from deliveries order by attempts`);
    expect(rows.map((row) => row.state)).toEqual(["failed", "pending", "failed"]);
  });

  test("that can't be stored harms none of its batch: the others are written, each once", async () => {
    const endpoint_id = await addEndpoint();
    const { target, claims } = await claimed(endpoint_id, 20);
    const bad = claims[13]!;
    // No status is that large, and the column holds none.
    await write(
      claims.map((delivery) => result({ target, delivery }, delivery === bad ? 70_000 : 200, minute_ms)),
    );
    expect(errors.splice(0).every((message) => message.includes("out of range"))).toBe(true);
    const rows = await db.rows<{ id: string; state: string; attempts: number; tries: number }>(sql`
      select id, state, attempts, (select count(*)::int from attempts where delivery_id = deliveries.id) as tries
        from deliveries order by id`);
    expect(rows).toEqual(
      claims
        .map(({ id }) =>
          id === bad.id
            ? { id, state: "pending", attempts: 0, tries: 0 }
            : { id, state: "delivered", attempts: 1, tries: 1 },
        )
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(await minutes()).toMatchObject([{ delivered: 19, failed: 0 }]);
  });
});

describe("the minutes of an endpoint", () => {
  test("count each try once, in the minute in which it began, with its latency if it was answered", async () => {
    const endpoint_id = await addEndpoint();
    const { target, claims } = await claimed(endpoint_id, 5);
    const [a, b, c, d, e] = claims.map((delivery) => ({ target, delivery }));
    await write([
      result(a!, 200, minute_ms, 8),
      result(b!, 200, minute_ms + 59_999, 9),
      result(c!, 500, minute_ms, 29_000),
      result(d!, null, minute_ms, 10_000),
      result(e!, 204, minute_ms + MINUTE_MS, 1),
    ]);
    const [first, second, ...others] = await minutes();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ delivered: 2, failed: 2 });
    expect(first!.latencies[latencyBucket(9)]).toBe(2);
    expect(first!.latencies[latencyBucket(29_000)]).toBe(1);
    expect(first!.latencies.reduce((sum, count) => sum + count)).toBe(3);
    expect(second).toMatchObject({ delivered: 1, failed: 0 });
    expect(await recounted()).toEqual([first, second]);
  });

  test("add up to the log, while two write at once and some results come too late", async () => {
    const endpoint_ids = await Promise.all(Array.from({ length: 8 }, addEndpoint));
    const sets = await Promise.all(endpoint_ids.map((id) => claimed(id, 400)));
    const tries = sets.flatMap(({ target, claims }) => claims.map((delivery) => ({ target, delivery })));
    // Every fifth is another's by now; both writers say something of every third.
    const late = tries.filter((_, i) => i % 5 === 0);
    await db.run(sql`
      update deliveries set lease = ${newId()}
       where id = any(${uuidArray(late.map(({ delivery }) => delivery.id))}::uuid[])`);
    const pick = (i: number) =>
      result(
        tries[i]!,
        [200, 500, null, 204, 429][(i * 7) % 5]!,
        minute_ms + (i % 4) * MINUTE_MS + (i % 60_000),
        (i * 37) % 31_000,
      );
    const writers = [createTestWriter(), createTestWriter()];
    for (let i = 0; i < tries.length; i++) {
      writers[i % 2]!.add(pick(i));
      if (i % 3 === 0) writers[(i + 1) % 2]!.add(pick(i));
    }
    await Promise.all(writers.map((writer) => writer.drain()));
    expect(errors).toEqual([]);

    const [logged] = await db.rows<{ count: number }>(sql`select count(*) as count from attempts`);
    expect(logged!.count).toBe(tries.length - late.length);
    const kept = await minutes();
    expect(kept).toHaveLength(8 * 4);
    expect(kept.reduce((sum, row) => sum + row.delivered + row.failed, 0)).toBe(logged!.count);
    expect(kept).toEqual(await recounted());
  });
});
