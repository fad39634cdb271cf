import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { allowDeliveryWrites } from "../../../test/support/delivery-writes.ts";
import { newId } from "../../base/base.ts";
import { contract } from "../../contract/contract.ts";
import { int8Array, sql } from "../../db/db.ts";
import { LATENCY_BUCKETS, latencyBucket } from "../policy/latency-histogram.ts";
import { statsOf, statsOfAll } from "./endpoint-stats.ts";

const db = await createTestDatabase();
await allowDeliveryWrites(db);
const MINUTE_MS = 60_000;
const now_ms = Date.parse("2026-11-23T10:37:21.500Z");
const at = (time: string) => Date.parse(`2026-${time}Z`);

let workspace_id: string;
beforeEach(async () => {
  ({ workspace_id } = await createTestWorkspace(db));
});

const addEndpoint = async (): Promise<string> => {
  const id = newId();
  await db.run(sql`
    insert into endpoints (workspace_id, id, url, enabled, events, secret_salt, secret_key_id, secret_fingerprint)
    values (${workspace_id}, ${id}, 'https://example.com/', true, '{messages}', ${randomBytes(16)}, 'key', '00000000')`);
  return id;
};
const addMinute = async (
  endpoint_id: string,
  at_ms: number,
  delivered: number,
  failed: number,
  ...durations_ms: number[]
) => {
  const latencies = Array<number>(LATENCY_BUCKETS).fill(0);
  for (const duration_ms of durations_ms) latencies[latencyBucket(duration_ms)]!++;
  await db.run(sql`
    insert into endpoint_minutes (workspace_id, endpoint_id, minute, delivered, failed, latencies)
    values (${workspace_id}, ${endpoint_id}, ${new Date(at_ms)}, ${delivered}, ${failed}, ${int8Array(latencies)}::int8[])`);
};
const addDeliveries = (endpoint_id: string, state: string, count: number, kind = "event") =>
  db.run(sql`
    insert into deliveries (workspace_id, id, endpoint_id, kind, events, state)
    select ${workspace_id}, gen_random_uuid(), ${endpoint_id}, ${kind}, '{messages}', ${state} from generate_series(1, ${count}::int)`);

describe("an endpoint's numbers", () => {
  test.each([
    ["1h", 60, "2026-11-23T09:38:00.000Z", "2026-11-23T10:37:00.000Z"],
    ["24h", 96, "2026-11-22T10:45:00.000Z", "2026-11-23T10:30:00.000Z"],
    ["7d", 84, "2026-11-16T12:00:00.000Z", "2026-11-23T10:00:00.000Z"],
    ["30d", 60, "2026-10-24T12:00:00.000Z", "2026-11-23T00:00:00.000Z"],
  ] as const)(
    "over %s are %d stretches from %s to now, with zeros where nothing was tried",
    async (range, count, first, last) => {
      const id = await addEndpoint();
      const begin_ms = Date.parse(first);
      await addMinute(id, begin_ms - MINUTE_MS, 1_000, 1_000);
      await addMinute(id, begin_ms, 1, 2, 60, 60);
      await addMinute(id, at("11-23T10:37:00"), 3, 0, 400, 400, 400);
      const stats = await statsOf(db, workspace_id, id, range, now_ms);
      const { response } = contract["GET /api/v1/endpoints/:id/stats"];
      expect(response.strict().parse(stats)).toEqual(stats);
      expect(stats.buckets).toHaveLength(count);
      expect(stats.buckets[0]).toEqual({ start: first, delivered: 1, failed: 2, p50_ms: 60, p95_ms: 69 });
      expect(stats.buckets.at(-1)).toEqual({
        start: last,
        delivered: 3,
        failed: 0,
        p50_ms: 400,
        p95_ms: 490,
      });
      for (const bucket of stats.buckets.slice(1, -1))
        expect(bucket).toMatchObject({ delivered: 0, failed: 0, p50_ms: null, p95_ms: null });
      const starts = stats.buckets.map((bucket) => Date.parse(bucket.start));
      const width_ms = starts[1]! - starts[0]!;
      expect(starts).toEqual(starts.map((_, i) => begin_ms + i * width_ms));
      expect(stats.total).toEqual({ start: first, delivered: 4, failed: 2, p50_ms: 333, p95_ms: 483 });
    },
  );

  test("add up over the minutes of a stretch", async () => {
    const id = await addEndpoint();
    await addMinute(id, at("11-23T10:00:00"), 5, 1, 8);
    await addMinute(id, at("11-23T10:14:00"), 2_000_000_000, 1, 8, 8);
    await addMinute(id, at("11-23T10:15:00"), 2_000_000_000, 0);
    const { buckets, total } = await statsOf(db, workspace_id, id, "24h", now_ms);
    expect(buckets.slice(-3)).toMatchObject([
      { start: "2026-11-23T10:00:00.000Z", delivered: 2_000_000_005, failed: 2, p95_ms: 10 },
      { start: "2026-11-23T10:15:00.000Z", delivered: 2_000_000_000, failed: 0, p95_ms: null },
      { start: "2026-11-23T10:30:00.000Z", delivered: 0, failed: 0 },
    ]);
    expect(total).toMatchObject({ delivered: 4_000_000_005, failed: 2 });
  });

  test("say what waits: a test that failed is not pending", async () => {
    const id = await addEndpoint();
    await addDeliveries(await addEndpoint(), "failed", 9);
    const counts = { pending: 2, held: 3, failed: 4, delivered: 5, cancelled: 6 };
    for (const [state, count] of Object.entries(counts)) await addDeliveries(id, state, count);
    await addDeliveries(id, "failed", 1, "test");
    const { waiting } = await statsOf(db, workspace_id, id, "1h", now_ms);
    expect(waiting).toEqual({ pending: 2, held: 3, failed: 4 });
  });

  test("of another workspace, or of a deleted endpoint, are not found", async () => {
    const id = await addEndpoint();
    const theirs = await createTestWorkspace(db);
    const not_found = expect.objectContaining({ code: "NOT_FOUND" });
    await expect(statsOf(db, theirs.workspace_id, id, "1h", now_ms)).rejects.toEqual(not_found);
    await expect(statsOf(db, workspace_id, newId(), "1h", now_ms)).rejects.toEqual(not_found);
    await db.run(sql`update endpoints set deleted_at = now() where id = ${id}`);
    await expect(statsOf(db, workspace_id, id, "1h", now_ms)).rejects.toEqual(not_found);
  });
});

describe("a workspace's endpoints", () => {
  test("each have 24 hours, also one that was never tried", async () => {
    const [busy, idle] = [await addEndpoint(), await addEndpoint()];
    await addMinute(busy, at("11-22T10:59:00"), 70, 70);
    await addMinute(busy, at("11-22T11:00:00"), 7, 1, 30);
    await addMinute(busy, at("11-23T10:37:00"), 8, 0, 30);
    await addMinute(busy, at("11-23T10:36:00"), 1, 0, 30);
    const data = await statsOfAll(db, workspace_id, now_ms);
    const { response } = contract["GET /api/v1/endpoints/stats"];
    expect(response.strict().parse({ data })).toEqual({ data });
    expect(data.map((row) => [row.endpoint_id, row.hours.length])).toEqual([
      [busy, 24],
      [idle, 24],
    ]);
    expect(data[0]!.hours[0]).toMatchObject({ start: "2026-11-22T11:00:00.000Z", delivered: 7, failed: 1 });
    expect(data[0]!.hours[23]).toMatchObject({ start: "2026-11-23T10:00:00.000Z", delivered: 9, p50_ms: 25 });
    expect(data[1]!.hours.every((hour) => hour.delivered + hour.failed === 0)).toBe(true);
  });

  test("are theirs alone, without those deleted", async () => {
    const [mine, deleted] = [await addEndpoint(), await addEndpoint()];
    await db.run(sql`update endpoints set deleted_at = now() where id = ${deleted}`);
    const theirs = await createTestWorkspace(db);
    expect((await statsOfAll(db, workspace_id, now_ms)).map((row) => row.endpoint_id)).toEqual([mine]);
    expect(await statsOfAll(db, theirs.workspace_id, now_ms)).toEqual([]);
  });
});
