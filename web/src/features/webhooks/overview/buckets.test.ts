import { expect, test } from "vitest";
import { bucketsOf, describeCharts, share } from "./buckets.ts";

const bucket = (minute: number, delivered: number, failed: number, p95_ms: number | null = null) => ({
  start: new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString(),
  delivered,
  failed,
  p50_ms: p95_ms,
  p95_ms,
});

test("a bucket ends where the next begins, the last one too, so that its rows can be asked for", () => {
  const buckets = bucketsOf([bucket(0, 1, 0), bucket(15, 0, 0)], "24h");
  expect(buckets.map(({ end }) => end)).toEqual(["2026-11-22T12:15:00.000Z", "2026-11-22T12:30:00.000Z"]);
});

test("one failure among thousands is not a hundred per cent, and no attempt is no share", () => {
  expect(share(bucket(0, 9_999, 1))).toBe(99.9);
  expect(share(bucket(0, 2, 0))).toBe(100);
  expect(share(bucket(0, 0, 3))).toBe(0);
  expect(share(bucket(0, 0, 0))).toBeNull();
});

test("what the charts show is said in words too", () => {
  const buckets = bucketsOf([bucket(0, 10, 0, 80), bucket(15, 0, 0), bucket(30, 2, 2, 900)], "24h");
  const words = describeCharts(bucket(0, 12, 2, 900), buckets);
  expect(words.attempts).toBe(`12 delivered, 2 failed; peak 10 at ${buckets[0]!.label}.`);
  expect(words.success).toBe(`85.7% of all attempts; lowest 50% at ${buckets[2]!.label}.`);
  expect(words.latency).toBe(`Median 900 ms, p95 900 ms; slowest at ${buckets[2]!.label}.`);
});
