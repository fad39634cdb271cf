import { isUtf8 } from "node:buffer";
import { Problem } from "../../base/base.ts";
import { and, encodeCursor, sql, toListById, type List, type Page, type Queryable } from "../../db/db.ts";
import type { Subscription } from "../../meta/events.ts";
import type { AttemptErrorCode, ErrorClass } from "../policy/policy.ts";
import { findEndpoint, shown, type Shown } from "../endpoints/endpoints.ts";
import {
  countDeliveries,
  searchLog,
  type DeliveryCounts,
  type DeliveryFilter,
  type DeliveryKind,
  type DeliveryState,
} from "./log-search.ts";
import { readLoggedHeaders } from "../signing/signing.ts";
import { isShown } from "../tables/tables.ts";

/** Where deliveries stand, for the screens and the API. */

export interface DeliveryPage extends Page, DeliveryFilter {}

export interface DeliveryRow {
  id: string;
  endpoint_id: string;
  journal_id: string | null;
  kind: DeliveryKind;
  events: (Subscription | "automation.notified")[];
  wamids: string[];
  state: DeliveryState;
  attempts: number;
  resent: boolean;
  next_attempt_at: Date | null;
  under_way: boolean;
  last_status: number | null;
  last_error: string | null;
  last_error_code: AttemptErrorCode | null;
  last_error_class: ErrorClass | null;
  created_at: Date;
  completed_at: Date | null;
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

/** A claim that has not run out holds it. */
export const UNDER_WAY = sql`coalesce(lease is not null and next_attempt_at > now(), false)`;
/** While it is claimed `next_attempt_at` is the claim's end, which concerns no reader. */
export const COLUMNS = sql`id, endpoint_id, journal_id, kind, events, wamids, state, attempts,
  schedule_start > 0 as resent, case when state = 'pending' and not ${UNDER_WAY} then next_attempt_at end as next_attempt_at,
  ${UNDER_WAY} as under_way, last_status, last_error, last_error_code, last_error_class, created_at, completed_at`;
/**
 * Newest first; each row comes once, however many are written meanwhile. A page may hold fewer rows than asked for,
 * even none, and still have a `next_cursor`: then it has looked through all that one page may. The first page comes with
 * its counts. Throws NOT_FOUND for another workspace's endpoint.
 */
export async function listDeliveries(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  page: DeliveryPage,
): Promise<List<DeliveryView> & { counts: DeliveryCounts | null }> {
  await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
  const { cursor, limit: _limit, ...filter } = page;
  const [list, counts] = await Promise.all([
    readPage(db, workspace_id, endpoint_id, page),
    cursor === undefined ? countDeliveries(db, workspace_id, endpoint_id, filter) : null,
  ]);
  return { ...list, counts };
}

async function readPage(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  page: DeliveryPage,
): Promise<List<DeliveryView>> {
  const { limit } = page;
  const { log, walk, checks } = searchLog(workspace_id, endpoint_id, page, page);
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
