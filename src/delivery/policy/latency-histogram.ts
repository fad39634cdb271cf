import { sql, type Sql } from "../../db/db.ts";

/**
 * Latencies as a histogram: counts a bucket, which can be added up over minutes, endpoints and writers, and still
 * tell percentiles. Buckets are narrow where a receiver's quality is decided and end where a try does (30 s).
 */
export const LATENCY_BUCKETS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000,
  7_000, 10_000, 15_000, 20_000, 30_000,
] as const;

/** Buckets by the upper bounds above, which belong to them, and one for what is longer still. */
export const LATENCY_BUCKETS = LATENCY_BUCKETS_MS.length + 1;

/** The place of a duration's bucket, from 0. */
export function latencyBucket(duration_ms: number): number {
  const place = LATENCY_BUCKETS_MS.findIndex((bound_ms) => duration_ms <= bound_ms);
  return place === -1 ? LATENCY_BUCKETS_MS.length : place;
}

/**
 * The duration that a share of `quantile` (0 to 1) did not exceed, in whole milliseconds: found in its bucket as if
 * what is in there were spread evenly. What is beyond the last bound counts as that bound. Null when nothing was counted.
 */
export function percentile_ms(counts: readonly number[], quantile: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let rest = quantile * total;
  const place = counts.findIndex((count) => {
    if (count > 0 && rest <= count) return true;
    rest -= count;
    return false;
  });
  const lower_ms = LATENCY_BUCKETS_MS[place - 1] ?? 0;
  const upper_ms = LATENCY_BUCKETS_MS[place] ?? lower_ms;
  return Math.round(lower_ms + (upper_ms - lower_ms) * (rest / counts[place]!));
}

/** A list with an item for each bucket: one expression a place costs a tenth of taking arrays apart into rows. */
export const eachBucket = (item: (place: number) => Sql): Sql =>
  Array.from({ length: LATENCY_BUCKETS }, (_, place) => item(place)).reduce(
    (list, one) => sql`${list}, ${one}`,
  );
