import type { EndpointBucket, StatsRange } from "../../lib/types.ts";
import { OVERVIEW } from "./texts.ts";

const DAY_MS = 86_400_000;

/** A stretch of time as the charts draw it. */
export interface Bucket extends EndpointBucket {
  end: string;
  /** `14:05`, or with its day in longer ranges, in the reader's zone. */
  label: string;
  /** Per cent, one digit; null when nothing was attempted. */
  success: number | null;
  /** Neither neighbour has a value, so that no line leads to it: it needs a dot. */
  alone: { success: boolean; latency: boolean };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday_clock = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const day_clock = new Intl.DateTimeFormat(undefined, {
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

const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const TICKS: Record<StatsRange, Intl.DateTimeFormat> = {
  "1h": clock,
  "24h": clock,
  "7d": weekday,
  "30d": day,
};

/** All are equally long, so each ends where the next begins, the last one too. */
export function bucketsOf(buckets: EndpointBucket[], range: StatsRange): Bucket[] {
  const [first, second] = buckets;
  const width_ms = first && second ? Date.parse(second.start) - Date.parse(first.start) : 3_600_000;
  const has = (at: number, of: (bucket: EndpointBucket) => number | null) => {
    const bucket = buckets[at];
    return bucket !== undefined && of(bucket) !== null;
  };
  const isAlone = (at: number, of: (bucket: EndpointBucket) => number | null) =>
    has(at, of) && !has(at - 1, of) && !has(at + 1, of);
  return buckets.map((bucket, at) => {
    const start_ms = Date.parse(bucket.start);
    return {
      ...bucket,
      end: new Date(start_ms + width_ms).toISOString(),
      label: LABELS[range].format(start_ms),
      success: share(bucket),
      alone: { success: isAlone(at, share), latency: isAlone(at, ({ p50_ms }) => p50_ms) },
    };
  });
}

/** The labels that stand below the charts, at even distances by the reader's clock, and what they say. */
export function ticksOf(buckets: readonly Bucket[], range: StatsRange): Map<string, string> {
  const is_tick = {
    "1h": (at: Date) => at.getMinutes() % 10 === 0,
    "24h": (at: Date) => at.getMinutes() === 0 && at.getHours() % 4 === 0,
    "7d": isNewDay(buckets, 1),
    "30d": isNewDay(buckets, 5),
  }[range];
  return new Map(
    buckets
      .filter(({ start }) => is_tick(new Date(start)))
      .map(({ start, label }) => [label, TICKS[range].format(new Date(start))]),
  );
}

/** Where a day begins by the reader's clock: of every `days`th before the last one. */
function isNewDay(buckets: readonly Bucket[], days: number): (at: Date) => boolean {
  const dayOf = (time: string | Date) => Math.round(new Date(time).setHours(12, 0, 0, 0) / DAY_MS);
  const last = dayOf(buckets.at(-1)?.start ?? new Date(0));
  const beginnings = new Set(
    buckets
      .filter(({ start }, at) => at > 0 && dayOf(start) !== dayOf(buckets[at - 1]!.start))
      .map(({ start }) => Date.parse(start)),
  );
  return (at) => beginnings.has(at.getTime()) && (last - dayOf(at)) % days === 0;
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
