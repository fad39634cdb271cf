import { timeFormat } from "../../../lib/words/intl.ts";
import type { EndpointBucket, StatsRange } from "../../../lib/types.ts";
import { OVERVIEW } from "../texts.ts";

/** A stretch of time as the charts draw it. */
export interface Bucket extends EndpointBucket {
  end: string;
  /** `14:05`, or with its day in longer ranges, in the reader's zone. */
  label: string;
  /** Per cent, one digit; null when nothing was attempted. */
  success: number | null;
}

const clock = timeFormat({ hour: "2-digit", minute: "2-digit" });
const weekday_clock = timeFormat({
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const day_clock = timeFormat({
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const LABELS: Record<StatsRange, Intl.DateTimeFormat> = {
  "1h": clock,
  "24h": clock,
  "7d": weekday_clock,
  "30d": day_clock,
};

/** All are equally long, so each ends where the next begins, the last one too. */
export function bucketsOf(buckets: EndpointBucket[], range: StatsRange): Bucket[] {
  const [first, second] = buckets;
  const width_ms = first && second ? Date.parse(second.start) - Date.parse(first.start) : 3_600_000;
  return buckets.map((bucket) => {
    const start_ms = Date.parse(bucket.start);
    return {
      ...bucket,
      end: new Date(start_ms + width_ms).toISOString(),
      label: LABELS[range].format(start_ms),
      success: share(bucket),
    };
  });
}

/** Rounded down: a hundred means every one. */
export function share({ delivered, failed }: EndpointBucket): number | null {
  const tries = delivered + failed;
  return tries === 0 ? null : Math.floor((delivered / tries) * 1_000) / 10;
}

/** What the charts show, for those who don't see them. */
export function describeCharts(total: EndpointBucket, buckets: Bucket[]) {
  const tried = buckets.filter((bucket) => bucket.success !== null);
  const by = (value: (bucket: Bucket) => number) => tried.toSorted((a, b) => value(b) - value(a))[0];
  const busiest = by((bucket) => bucket.delivered + bucket.failed);
  const worst = by((bucket) => -(bucket.success ?? 100));
  const slowest = by((bucket) => bucket.p95_ms ?? -1);
  return {
    attempts: OVERVIEW.sum(
      total.delivered,
      total.failed,
      busiest ? { at: busiest.label, count: busiest.delivered + busiest.failed } : null,
    ),
    success: OVERVIEW.rate(
      share(total) ?? 0,
      worst && worst.failed > 0 ? { at: worst.label, rate: worst.success ?? 0 } : null,
    ),
    latency:
      total.p50_ms === null || total.p95_ms === null
        ? OVERVIEW.no_answer
        : OVERVIEW.latency(total.p50_ms, total.p95_ms, slowest?.p95_ms ? slowest.label : null),
  };
}
