import fc from "fast-check";
import { expect, test } from "vitest";
import { LATENCY_BUCKETS, LATENCY_BUCKETS_MS, latencyBucket, percentile_ms } from "./latency-histogram.ts";

/** Counts of a histogram, from the durations in it. */
const histogram = (durations_ms: readonly number[]): number[] => {
  const counts = Array<number>(LATENCY_BUCKETS).fill(0);
  for (const duration_ms of durations_ms) counts[latencyBucket(duration_ms)]!++;
  return counts;
};

test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 3],
  [5, 3],
  [6, 4],
  [100, 11],
  [101, 12],
  [30_000, 26],
  [30_001, 27],
  [1e9, 27],
])("%d ms lie in bucket %d", (duration_ms, place) => expect(latencyBucket(duration_ms)).toBe(place));

test("bounds rise, and each belongs to its own bucket", () => {
  expect(LATENCY_BUCKETS_MS.toSorted((a, b) => a - b)).toEqual([...LATENCY_BUCKETS_MS]);
  for (const [i, bound_ms] of LATENCY_BUCKETS_MS.entries()) {
    expect(latencyBucket(bound_ms)).toBe(i);
    expect(latencyBucket(bound_ms + 1)).toBe(i + 1);
  }
});

test.each([
  ["nothing", [], 0.5, null],
  ["one that took no time", [0], 0.5, 1],
  ["a half of what is in one bucket", Array<number>(100).fill(60), 0.5, 60],
  ["nearly all of what is in one bucket", Array<number>(100).fill(60), 0.95, 69],
  ["the bucket of the slow tail", [...Array<number>(94).fill(8), ...Array<number>(6).fill(400)], 0.95, 333],
  ["before the slow tail", [...Array<number>(94).fill(8), ...Array<number>(6).fill(400)], 0.5, 9],
  ["beyond the last bound", [40_000], 0.5, 30_000],
  ["the largest", [3, 80], 1, 100],
])("the percentile of %s", (_name, durations_ms, quantile, expected) =>
  expect(percentile_ms(histogram(durations_ms), quantile)).toBe(expected),
);

test("a percentile lies in the bucket of the true one, and never falls as the share grows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      (durations_ms, a, b) => {
        const counts = histogram(durations_ms);
        const sorted = durations_ms.toSorted((x, y) => x - y);
        const place = latencyBucket(sorted[Math.max(0, Math.ceil(a * sorted.length) - 1)]!);
        const found_ms = percentile_ms(counts, a)!;
        expect(found_ms).toBeGreaterThanOrEqual(LATENCY_BUCKETS_MS[place - 1] ?? 0);
        expect(found_ms).toBeLessThanOrEqual(LATENCY_BUCKETS_MS[place] ?? 30_000);
        expect(percentile_ms(counts, Math.min(a, b))).toBeLessThanOrEqual(
          percentile_ms(counts, Math.max(a, b))!,
        );
      },
    ),
  );
});
