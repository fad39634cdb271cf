import { isUtf8 } from "node:buffer";
import { firstIdAt, Problem } from "../base/base.ts";
import {
  and,
  beforeId,
  encodeCursor,
  sql,
  toListById,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../db/db.ts";
import type { Subscription } from "../meta/events.ts";
import type { AttemptErrorCode } from "./attempt-errors.ts";
import { readLoggedHeaders } from "./request.ts";
import { shown, type Shown } from "./shown.ts";
import { hashOfWamid } from "./wamids.ts";

/** Where deliveries stand, for the screens and the API. */

export type DeliveryState = "pending" | "delivered" | "failed" | "cancelled" | "held";
type DeliveryKind = "event" | "test" | "replay";
export interface DeliveryRow {
  id: string;
  endpoint_id: string;
  journal_id: string | null;
  kind: DeliveryKind;
  events: Subscription[];
  wamids: string[];
  state: DeliveryState;
  attempts: number;
  resent: boolean;
  next_attempt_at: Date | null;
  under_way: boolean;
  last_status: number | null;
  last_error: string | null;
  created_at: Date;
  settled_at: Date | null;
}
export type DeliveryView = Shown<DeliveryRow>;

export interface AttemptRow {
  attempt: number;
  started_at: Date;
  duration_ms: number;
  manual: boolean;
  request_headers: string | null;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  response_excerpt: string | null;
  response_truncated: boolean;
}
export type AttemptView = Omit<Shown<AttemptRow>, "request_headers"> & {
  request_headers: { name: string; value: string }[];
};

export interface DeliveryPage extends Page {
  state?: DeliveryState | undefined;
  /** `real`: all but tests. */
  kind?: DeliveryKind | "real" | undefined;
  event?: Subscription | undefined;
  wamid?: string | undefined;
  /** All ids by which the message of `wamid` may have been told; without them, that id alone. */
  wamids?: readonly string[] | undefined;
  /** From this moment on, and before that one: when the delivery was made. ISO 8601. */
  since?: string | undefined;
  until?: string | undefined;
  /** `tried`: one of its tries began in that time, as endpoint_minutes counts them. */
  by?: "made" | "tried" | undefined;
}

/** A claim that has not run out holds it. */
export const UNDER_WAY = sql`coalesce(lease is not null and next_attempt_at > now(), false)`;
/** While it is claimed `next_attempt_at` is the claim's end, which is nobody's business. */
export const COLUMNS = sql`id, endpoint_id, journal_id, kind, events, wamids, state, attempts,
  schedule_start > 0 as resent, case when state = 'pending' and not ${UNDER_WAY} then next_attempt_at end as next_attempt_at,
  ${UNDER_WAY} as under_way, last_status, last_error, created_at, settled_at`;
/**
 * How much of the log one page may look through for what no index finds, such as a kind of event. In a log of a million
 * that is 70 ms; what an index serves takes 1 to 4 ms, and the first of 600,000 that wait, which are sorted, 350 ms.
 */
const WALK = 100_000;
/** The same among those that wait: they are fetched one by one. */
const WAITING_WALK = 10_000;

/**
 * Newest first; each row comes once, however many are written meanwhile. A page may hold fewer rows than asked for,
 * even none, and still have a `next_cursor`: then it has looked through all that one page may. Throws NOT_FOUND for another
 * workspace's endpoint.
 */
export async function listDeliveries(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  page: DeliveryPage,
): Promise<List<DeliveryView>> {
  const { limit } = page;
  const endpoint = await db.first(sql`
    select 1 from endpoints where workspace_id = ${workspace_id} and id = ${endpoint_id} and deleted_at is null`);
  if (!endpoint) throw new Problem("NOT_FOUND");

  const { log, walk, checks } = search(workspace_id, endpoint_id, page);
  const rows = await db.rows<DeliveryRow>(sql`
    select ${COLUMNS} from (
      select * from deliveries where ${log} order by id desc limit ${walk}) log
     where ${and(...checks)} order by id desc limit ${limit + 1}`);
  const list = toListById(rows.map(shown), limit);
  if (list.next_cursor !== null || checks.length === 0) return list;
  const last = await db.first<{ id: string }>(sql`
    select id from deliveries where ${log} order by id desc offset ${walk - 1} limit 1`);
  return last ? { ...list, next_cursor: encodeCursor([last.id]) } : list;
}

/** The part of the log that is looked through, by the best index for these filters, and what is checked row by row. */
function search(
  workspace_id: string,
  endpoint_id: string,
  page: DeliveryPage,
): { log: Sql; checks: Sql[]; walk: number } {
  const { state, kind, event, wamid, wamids = wamid === undefined ? [] : [wamid], by: meant = "made" } = page;
  const from = page.since === undefined ? null : Date.parse(page.since);
  const to = page.until === undefined ? null : Date.parse(page.until);
  const tried = meant === "tried" && (from !== null || to !== null);
  const of = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}`;
  const span = and(
    beforeId(sql`id`, page.cursor),
    ...(from !== null && !tried ? [sql`id >= ${firstIdAt(from)}`] : []),
    ...(to !== null && !tried ? [sql`id < ${firstIdAt(to)}`] : []),
  );
  const checks = [
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(kind === undefined ? [] : [kind === "real" ? sql`kind <> 'test'` : sql`kind = ${kind}`]),
    ...(event === undefined ? [] : [sql`${event} = any(events)`]),
    ...(wamid === undefined ? [] : [sql`wamids && ${[...wamids]}::text[]`]),
  ];
  const by = (index: Sql, walk = WALK) => ({ log: sql`${of} and ${span} and ${index}`, checks, walk });
  if (wamid !== undefined)
    return by(sql`id = any(array(
      select delivery_id from delivery_wamids
       where workspace_id = ${workspace_id} and wamid_hash = any(${wamids.map((one) => hashOfWamid(one).readBigInt64BE())}::int8[])))`);
  if (tried)
    // attempts__started_at finds the tries of every endpoint, this one's are kept.
    return by(sql`id = any(array(
      select delivery_id from attempts
       where attempts.workspace_id = ${workspace_id}
         and started_at >= ${from === null ? "-infinity" : new Date(from)}::timestamptz
         and started_at < ${to === null ? "infinity" : new Date(to)}::timestamptz
         and ${beforeId(sql`delivery_id`, page.cursor)}
         and exists (select 1 from deliveries tried
                      where tried.workspace_id = attempts.workspace_id and tried.id = delivery_id
                        and tried.endpoint_id = ${endpoint_id})
       group by delivery_id order by delivery_id desc limit ${WALK}))`);
  // deliveries__kind and deliveries__state have the log's order.
  if (kind === "test" || kind === "replay") return by(sql`kind <> 'event' and kind = ${kind}`);
  if (state === "failed" || state === "held" || state === "cancelled") return by(sql`state = ${state}`);
  if (state === "pending") {
    // deliveries__due has another order: the ids of all that waits are sorted.
    const enough = checks.length === 1 ? page.limit + 1 : WAITING_WALK;
    return by(
      sql`id = any(array(
        with waiting as materialized (select id from deliveries where ${of} and state = 'pending')
        select id from waiting where ${span} order by id desc limit ${enough}))`,
      WAITING_WALK,
    );
  }
  // deliveries__endpoint_id.
  return by(sql`true`);
}

/** One delivery with its tries, first to last. Throws NOT_FOUND, for a deleted endpoint's too. */
export async function getDelivery(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<DeliveryView & { attempt_log: AttemptView[] }> {
  const row = await db.first<DeliveryRow>(sql`
    select ${COLUMNS} from deliveries where ${isShown(workspace_id, id)}`);
  if (!row) throw new Problem("NOT_FOUND");
  const attempts = await db.rows<AttemptRow>(sql`
    select ${ATTEMPT_COLUMNS} from attempts where workspace_id = ${workspace_id} and delivery_id = ${id} order by attempt`);
  return {
    ...shown(row),
    attempt_log: attempts.map(shownAttempt),
  };
}

export const ATTEMPT_COLUMNS = sql`attempt, started_at, duration_ms, manual, request_headers, status, error, error_code,
  response_excerpt, response_truncated`;

export function shownAttempt(attempt: AttemptRow): AttemptView {
  return { ...shown(attempt), request_headers: readLoggedHeaders(attempt.request_headers) };
}

/** A deleted endpoint's deliveries are gone too. */
export const isShown = (workspace_id: string, id: string): Sql => sql`
  workspace_id = ${workspace_id} and id = ${id}
  and exists (select 1 from endpoints
               where endpoints.workspace_id = deliveries.workspace_id and endpoints.id = deliveries.endpoint_id
                 and deleted_at is null)`;

/**
 * The bytes that are sent. A delivery without a body of its own is of a webhook that is its workspace's as a whole
 * (fan-out.ts), also on a connection that several share, so the journal's bytes are its to see. Throws NOT_FOUND;
 * BODY_GONE when retention took them.
 */
export async function getPayload(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ body: string | null; body_base64: string; body_bytes: number }> {
  const row = await db.first<{ body: Buffer | null }>(sql`
    select coalesce(body, (select journal.body from journal where journal.id = deliveries.journal_id)) as body
      from deliveries where ${isShown(workspace_id, id)}`);
  if (!row) throw new Problem("NOT_FOUND");
  const { body } = row;
  if (body === null) throw new Problem("BODY_GONE");
  return {
    body: isUtf8(body) ? body.toString() : null,
    body_base64: body.toString("base64"),
    body_bytes: body.length,
  };
}
