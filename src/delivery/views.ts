import { Problem } from "../base/base.ts";
import { beforeId, sql, toListById, type List, type Page, type Queryable } from "../db/db.ts";
import type { Subscription } from "../meta/events.ts";
import type { AttemptErrorCode } from "./attempt-errors.ts";
import { shown, type Shown } from "./shown.ts";

/** Where deliveries stand, for the screens and the API. */

export type DeliveryState = "pending" | "delivered" | "failed" | "cancelled" | "held";
interface DeliveryRow {
  id: string;
  endpoint_id: string;
  journal_id: string | null;
  kind: "event" | "test" | "replay";
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

interface AttemptRow {
  attempt: number;
  started_at: Date;
  duration_ms: number;
  manual: boolean;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  response_excerpt: string | null;
  response_truncated: boolean;
}
export type AttemptView = Shown<AttemptRow> & { request_headers: { name: string; value: string }[] };

const COLUMNS = sql`id, endpoint_id, journal_id, kind, events, wamids, state, attempts, schedule_start > 0 as resent,
  next_attempt_at, lease is not null and next_attempt_at > now() as under_way, last_status,
  last_error, created_at, settled_at`;

/** Newest first; deliveries__endpoint_id serves it. Throws NOT_FOUND for another workspace's endpoint. */
export async function listDeliveries(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  page: Page & { state?: DeliveryState | undefined },
): Promise<List<DeliveryView>> {
  const older = beforeId(sql`id`, page.cursor);
  const endpoint = await db.first(sql`
    select 1 from endpoints where workspace_id = ${workspace_id} and id = ${endpoint_id} and deleted_at is null`);
  if (!endpoint) throw new Problem("NOT_FOUND");
  const rows = await db.rows<DeliveryRow>(sql`
    select ${COLUMNS} from deliveries
     where workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}
       and ${older}
       and (${page.state ?? null}::text is null or state = ${page.state ?? null}::text)
     order by id desc limit ${page.limit + 1}`);
  return toListById(rows.map(shown), page.limit);
}

/** One delivery with its tries, first to last. Throws NOT_FOUND, for a deleted endpoint's too. */
export async function getDelivery(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<DeliveryView & { attempt_log: AttemptView[] }> {
  const row = await db.first<DeliveryRow>(sql`
    select ${COLUMNS} from deliveries
     where workspace_id = ${workspace_id} and id = ${id}
       and exists (select 1 from endpoints
                    where endpoints.workspace_id = deliveries.workspace_id and endpoints.id = deliveries.endpoint_id
                      and deleted_at is null)`);
  if (!row) throw new Problem("NOT_FOUND");
  const attempts = await db.rows<AttemptRow>(sql`
    select attempt, started_at, duration_ms, manual, status, error, error_code, response_excerpt, response_truncated
      from attempts where workspace_id = ${workspace_id} and delivery_id = ${id} order by attempt`);
  return {
    ...shown(row),
    attempt_log: attempts.map((attempt) => ({ ...shown(attempt), request_headers: [] })),
  };
}

/**
 * Whether any webhook from `from_id` up to, but without, `to_id` must be kept because a delivery will still send its
 * bytes. For the journal's retention; deliveries__journal_id serves it, once what was settled that long ago is gone.
 */
export async function owed(db: Queryable, from_id: string, to_id: string): Promise<boolean> {
  const row = await db.first<{ owed: boolean }>(sql`
    select exists (
      select 1 from deliveries
       where state in ('pending', 'held') and body is null and journal_id >= ${from_id} and journal_id < ${to_id}) as owed`);
  return row!.owed;
}
