import { firstIdAt } from "../../base/base.ts";
import { and, beforeId, sql, type Queryable, type Sql } from "../../db/db.ts";
import type { Subscription } from "../../meta/events.ts";
import { webhooksNaming, type EventSearch } from "./log-events.ts";
import { hashOfWamid } from "./wamids.ts";

/** What one looks for in the log of an endpoint, and by which index it is found: for pages, counts and resends alike. */

export type DeliveryState = "pending" | "delivered" | "failed" | "cancelled" | "held";
export type DeliveryKind = "event" | "test" | "replay";

export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  /** `real`: all but tests. */
  kind?: DeliveryKind | "real" | undefined;
  event?: Subscription | undefined;
  wamid?: string | undefined;
  /** All ids by which the message of `wamid` may have been told; without them, that id alone. */
  wamids?: readonly string[] | undefined;
  /** How the last attempt ended: an ErrorClass, or a status of three digits. */
  answer?: string | undefined;
  /** The recovery that made it due last. */
  recovery?: string | undefined;
  /** Those that carry such an event. */
  names?: EventSearch | undefined;
  /** The one with this id, or all of the webhook with it. */
  id?: string | undefined;
  /** From this moment on, and before that one: when the delivery was made. ISO 8601. */
  since?: string | undefined;
  until?: string | undefined;
  /** `tried`: one of its tries began in that time, as endpoint_minutes counts them. */
  by?: "made" | "tried" | undefined;
}

/**
 * How much of the log one page may look through for what no index finds, such as a kind of event. In a log of a million
 * that is 70 ms; what an index serves takes 1 to 4 ms, and the first of 600,000 that wait, which are sorted, 350 ms.
 */
const WALK = 100_000;
/** The same among those that wait: they are fetched one by one. */
const WAITING_WALK = 10_000;
/** How far rows are counted with each page: a quarter of what a page may look through, as it is asked every second. */
const COUNT_WALK = 20_000;
/** Where all of it is wanted: see `chooseDeliveries`. */
const WHOLE = 2 ** 31 - 1;

/** The part of the log that is looked through, and what is checked row by row. */
export interface LogSearch {
  log: Sql;
  checks: Sql[];
  walk: number;
}

/** By the best index for these filters. `limit`: how many rows are wanted; null: all. */
export function searchLog(
  workspace_id: string,
  endpoint_id: string,
  filter: DeliveryFilter,
  page: { cursor?: string | undefined; limit: number | null },
): LogSearch {
  const { state, kind, wamid, wamids = wamid === undefined ? [] : [wamid] } = filter;
  const time = timeOf(filter);
  const of = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`;
  const span = and(beforeId(sql`id`, page.cursor), ...time.made);
  const checks = checksOf(filter, wamids);
  const most = (walk: number) => (page.limit === null ? WHOLE : walk);
  const by = (index: Sql, walk = WALK) => ({
    log: sql`${of} and ${span} and ${index}`,
    checks,
    walk: most(walk),
  });
  if (wamid !== undefined)
    return by(sql`id = any(array(
      select delivery_id from delivery_wamids
       where workspace_id = ${workspace_id} and wamid_hash = any(${wamids.map((one) => hashOfWamid(one).readBigInt64BE())}::int8[])))`);
  // By the index of that name in each part, as all below.
  if (filter.recovery !== undefined) return by(sql`recovery_id = ${filter.recovery}`);
  if (filter.id !== undefined) return by(sql`(id = ${filter.id} or journal_id = ${filter.id})`);
  // The newest webhooks that hold such an event, and then __journal_id webhook by webhook.
  if (filter.names !== undefined)
    return by(sql`journal_id in (
      select distinct journal_id from (${webhooksNaming(workspace_id, filter.names)}) naming
       order by journal_id desc limit ${most(WALK)})`);
  if (time.tried !== null)
    // attempts__started_at finds the tries of every endpoint, this one's are kept.
    return by(sql`id = any(array(
      select delivery_id from attempts
       where attempts.workspace_id = ${workspace_id} and ${time.tried}
         and ${beforeId(sql`delivery_id`, page.cursor)}
         and exists (select 1 from deliveries tried
                      where tried.workspace_id = attempts.workspace_id and tried.id = delivery_id
                        and tried.endpoint_id = ${endpoint_id})
       group by delivery_id order by delivery_id desc limit ${most(WALK)}))`);
  // delivery_log__kind, delivery_log__state and __last_error_class have the log's order.
  if (kind === "test" || kind === "replay") return by(sql`kind <> 'event' and kind = ${kind}`);
  const failed_as = errorClassOf(filter.answer);
  if (failed_as !== null && state !== "held" && state !== "cancelled")
    return by(sql`last_error_class = ${failed_as}`);
  if (state === "failed" || state === "held" || state === "cancelled") return by(sql`state = ${state}`);
  if (state === "pending") {
    // delivery_queue__due has another order: the ids of all that waits are sorted.
    const enough = checks.length === 1 && page.limit !== null ? page.limit + 1 : most(WAITING_WALK);
    return by(
      sql`id = any(array(
        with waiting as materialized (select id from delivery_queue where ${of} and state = 'pending')
        select id from waiting where ${span} order by id desc limit ${enough}))`,
      WAITING_WALK,
    );
  }
  // By the key of each part, merged in its order.
  return by(sql`true`);
}

function timeOf({ since, until, by }: DeliveryFilter): { made: Sql[]; tried: Sql | null } {
  const from = since === undefined ? null : Date.parse(since);
  const to = until === undefined ? null : Date.parse(until);
  if (by === "tried" && (from !== null || to !== null))
    return {
      made: [],
      tried: sql`started_at >= ${from === null ? "-infinity" : new Date(from)}::timestamptz
        and started_at < ${to === null ? "infinity" : new Date(to)}::timestamptz`,
    };
  const made = [
    ...(from === null ? [] : [sql`id >= ${firstIdAt(from)}`]),
    ...(to === null ? [] : [sql`id < ${firstIdAt(to)}`]),
  ];
  return { made, tried: null };
}

function checksOf(filter: DeliveryFilter, wamids: readonly string[]): Sql[] {
  const { state, kind, event, wamid, answer } = filter;
  return [
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(kind === undefined ? [] : [kind === "real" ? sql`kind <> 'test'` : sql`kind = ${kind}`]),
    ...(event === undefined ? [] : [sql`${event} = any(events)`]),
    ...(wamid === undefined ? [] : [sql`wamids && ${[...wamids]}::text[]`]),
    ...(answer === undefined ? [] : [answered(answer)]),
  ];
}

const isStatus = (answer: string) => /^\d{3}$/.test(answer);
const answered = (answer: string): Sql =>
  isStatus(answer) ? sql`last_status = ${Number(answer)}` : sql`last_error_class = ${answer}`;

/** The kind of failure among which this answer is found; null: it is none. */
function errorClassOf(answer: string | undefined): string | null {
  if (answer === undefined || !isStatus(answer)) return answer ?? null;
  return /^[345]/.test(answer) ? `http_${answer[0]}xx` : null;
}

/** Of these filters, whatever `state` says. A test that failed counts where tests are asked for. */
export interface DeliveryCounts {
  pending: number;
  failed: number;
  held: number;
  cancelled: number;
  /** Null without filters: it is nearly all of the log. */
  delivered: number | null;
  /** Else the log is longer than one page may look through, and there may be more. */
  complete: boolean;
}

/** Read with a page, so that its numbers are those of its rows. */
export async function countDeliveries(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  filter: DeliveryFilter,
): Promise<DeliveryCounts> {
  const { state: _state, kind, ...others } = filter;
  const filtered = Object.values({ ...others, by: undefined }).some((value) => value !== undefined);
  if (!filtered && (kind === undefined || kind === "real"))
    return countWaiting(db, workspace_id, endpoint_id);
  const { log, checks } = searchLog(workspace_id, endpoint_id, { ...others, kind }, { limit: 0 });
  const row = await db.first<Omit<DeliveryCounts, "complete"> & { looked: number }>(sql`
    select count(*) as looked,
           count(*) filter (where fits and state = 'pending') as pending,
           count(*) filter (where fits and state = 'failed' and (${kind !== undefined} or kind <> 'test')) as failed,
           count(*) filter (where fits and state = 'held') as held,
           count(*) filter (where fits and state = 'cancelled') as cancelled,
           count(*) filter (where fits and state = 'delivered') as delivered
      from (select state, kind, ${and(...checks)} as fits from deliveries where ${log}
             order by id desc limit ${COUNT_WALK}) log`);
  const { looked, ...counts } = row!;
  return { ...counts, complete: looked < COUNT_WALK };
}

/** The queue has what waits, delivery_log__state the rest, with its kind. */
async function countWaiting(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
): Promise<DeliveryCounts> {
  const of = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`;
  const count = (table: Sql, which: Sql) => sql`
    (select count(*) from (select 1 from ${table} where ${of} and ${which} limit ${COUNT_WALK}) counted)`;
  const queue = sql`delivery_queue`;
  const log = sql`delivery_log`;
  const row = await db.first<{ pending: number; failed: number; held: number; cancelled: number }>(sql`
    select ${count(queue, sql`state = 'pending'`)} as pending,
           ${count(log, sql`state = 'failed' and kind <> 'test'`)} as failed,
           ${count(queue, sql`state = 'held'`)} as held, ${count(log, sql`state = 'cancelled'`)} as cancelled`);
  return { ...row!, delivered: null, complete: Object.values(row!).every((counted) => counted < COUNT_WALK) };
}
