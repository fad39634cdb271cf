import { Problem } from "../../base/base.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";
import { eachBucket, LATENCY_BUCKETS, percentile_ms } from "../policy/policy.ts";

/** Attempts over time, for charts: read from `endpoint_minutes`, which results are counted into as they are written. */

/** Attempts of one stretch of time. Latencies are those of attempts that got an answer; null when none did. */
export interface Bucket {
  start: string;
  delivered: number;
  failed: number;
  p50_ms: number | null;
  p95_ms: number | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How a range is cut. Each width divides a day, so buckets begin where clocks show round numbers (UTC). */
const RANGES = {
  "1h": { count: 60, width_ms: MINUTE_MS },
  "24h": { count: 96, width_ms: 15 * MINUTE_MS },
  "7d": { count: 84, width_ms: 2 * HOUR_MS },
  "30d": { count: 60, width_ms: 12 * HOUR_MS },
} as const;
export type StatsRange = keyof typeof RANGES;

interface Cut {
  count: number;
  width_ms: number;
}

/** One row for each stretch in which something was tried. */
interface Tally {
  start: Date;
  delivered: number;
  failed: number;
  latencies: number[];
}

/** The last 24 hours of every endpoint of a workspace, hour by hour, the current one last. */
export async function statsOfAll(
  db: Queryable,
  workspace_id: string,
  now_ms: number,
): Promise<{ endpoint_id: string; hours: Bucket[] }[]> {
  const cut = { count: 24, width_ms: HOUR_MS };
  const rows = await db.rows<{ endpoint_id: string } & (Tally | { start: null })>(sql`
    select endpoints.id as endpoint_id, tally.*
      from endpoints left join lateral (${tallies(sql`endpoints.id`, workspace_id, cut, now_ms)}) tally on true
     where workspace_id = ${workspace_id} and deleted_at is null
     order by endpoints.id`);
  const byEndpoint = new Map<string, Tally[]>();
  for (const { endpoint_id, ...tally } of rows) {
    const known = byEndpoint.get(endpoint_id) ?? [];
    byEndpoint.set(endpoint_id, known);
    if (tally.start !== null) known.push(tally);
  }
  return [...byEndpoint].map(([endpoint_id, known]) => ({
    endpoint_id,
    hours: bucketsOf(known, cut, now_ms),
  }));
}

/** One endpoint's attempts over a range, the stretch under way last, and what waits. Throws NOT_FOUND. */
export async function statsOf(
  db: Queryable,
  workspace_id: string,
  id: string,
  range: StatsRange,
  now_ms: number,
): Promise<{
  buckets: Bucket[];
  total: Bucket;
  waiting: { pending: number; held: number; failed: number };
}> {
  const cut = RANGES[range];
  // The queue has what waits; delivery_log__state what failed, with its kind: a test that failed is not to be recovered.
  const [waiting, known] = await Promise.all([
    db.first<{ pending: number; held: number; failed: number }>(sql`
      select (select count(*) from delivery_queue
               where workspace_id = endpoints.workspace_id and endpoint_id = endpoints.id and state = 'pending') as pending,
             (select count(*) from delivery_queue
               where workspace_id = endpoints.workspace_id and endpoint_id = endpoints.id and state = 'held') as held,
             (select count(*) from delivery_log
               where workspace_id = endpoints.workspace_id and endpoint_id = endpoints.id and state = 'failed'
                 and kind <> 'test') as failed
        from endpoints where workspace_id = ${workspace_id} and id = ${id} and deleted_at is null`),
    db.rows<Tally>(tallies(sql`${id}::uuid`, workspace_id, cut, now_ms)),
  ]);
  if (!waiting) throw new Problem("NOT_FOUND");
  const buckets = bucketsOf(known, cut, now_ms);
  return { buckets, total: bucketOf(startOf(cut, now_ms), known), waiting };
}

/** When the first of the stretches begins: the last one holds `now_ms`. */
const startOf = (cut: Cut, now_ms: number): number =>
  (Math.floor(now_ms / cut.width_ms) - cut.count + 1) * cut.width_ms;

/** A row for each stretch that has any; the primary key serves it. */
const tallies = (endpoint_id: Sql, workspace_id: string, cut: Cut, now_ms: number): Sql => {
  const start = new Date(startOf(cut, now_ms));
  const end = new Date(start.getTime() + cut.count * cut.width_ms);
  return sql`
    select date_bin(make_interval(secs => ${cut.width_ms / 1000}), minute, ${start}) as start,
           sum(delivered)::int8 as delivered, sum(failed)::int8 as failed,
           array[${eachBucket((i) => sql`sum(latencies[${i + 1}::int])`)}]::float8[] as latencies
      from endpoint_minutes
     where endpoint_minutes.workspace_id = ${workspace_id} and endpoint_minutes.endpoint_id = ${endpoint_id}
       and minute >= ${start} and minute < ${end}
     group by 1`;
};

function bucketsOf(known: readonly Tally[], cut: Cut, now_ms: number): Bucket[] {
  const start_ms = startOf(cut, now_ms);
  return Array.from({ length: cut.count }, (_, i) => {
    const at_ms = start_ms + i * cut.width_ms;
    return bucketOf(
      at_ms,
      known.filter((tally) => tally.start.getTime() === at_ms),
    );
  });
}

function bucketOf(start_ms: number, tallies: readonly Tally[]): Bucket {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const latencies = Array.from({ length: LATENCY_BUCKETS }, (_, i) =>
    sum((tally) => tally.latencies[i] ?? 0),
  );
  return {
    start: new Date(start_ms).toISOString(),
    delivered: sum((tally) => tally.delivered),
    failed: sum((tally) => tally.failed),
    p50_ms: percentile_ms(latencies, 0.5),
    p95_ms: percentile_ms(latencies, 0.95),
  };
}
