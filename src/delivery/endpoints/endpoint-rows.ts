import { Problem } from "../../base/base.ts";
import {
  beforeId,
  personOf,
  sql,
  toListById,
  type List,
  type Page,
  type Queryable,
  type Sql,
} from "../../db/db.ts";
import type { Subscription } from "../../meta/events.ts";
import { givesUpAt, type RetryPreset } from "../policy/policy.ts";
import type { HistoryKind, SettingChange } from "./endpoint-history.ts";
import { shown, type Shown } from "./shown.ts";
import { spellUrl } from "../http/http.ts";

/** Endpoints as they are read: nothing that signs, and no header's value, is among the columns. */
export interface EndpointRow {
  id: string;
  url: string;
  description: string | null;
  enabled: boolean;
  events: Subscription[];
  header_names: string[];
  retry_preset: RetryPreset;
  rate_limit_per_s: number | null;
  concurrency: number;
  timeout_ms: number;
  give_up_after_s: number;
  state: "ok" | "failing" | "disabled";
  state_reason: string | null;
  failures: number;
  failing_since: Date | null;
  warned_at: Date | null;
  disabled_at: Date | null;
  /** Until then nothing is sent: it asked for it, or it fails and one more attempt is made then. */
  held_until: Date | null;
  secret_created_at: Date;
  secret_fingerprint: string;
  next_secret_fingerprint: string | null;
  next_secret_created_at: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** Counts the changes that people made to the settings (endpoint-edits.ts). */
  version: number;
}
export type EndpointView = Omit<Shown<EndpointRow>, "next_secret_fingerprint" | "next_secret_created_at"> & {
  gives_up_at: string | null;
  prepared_secret: { fingerprint: string; created_at: string } | null;
};

export const COLUMNS = sql`id, url, description, enabled, events, header_names, retry_preset, rate_limit_per_s,
  concurrency, timeout_ms, give_up_after_s, state, state_reason, failures, failing_since, warned_at, disabled_at,
  greatest(held_until, case when state = 'failing' then probe_at end) as held_until, secret_created_at,
  secret_fingerprint, next_secret_fingerprint, next_secret_created_at, last_success_at, last_failure_at, created_at,
  updated_at, version`;

export function toView(row: EndpointRow): EndpointView {
  const { next_secret_fingerprint: fingerprint, next_secret_created_at: created_at, ...rest } = shown(row);
  return {
    ...rest,
    // Rows of before URLs were stored as they are sent.
    url: spellUrl(row.url),
    gives_up_at: givesUpAt(row, row.give_up_after_s)?.toISOString() ?? null,
    prepared_secret: fingerprint === null || created_at === null ? null : { fingerprint, created_at },
  };
}

/** Throws NOT_FOUND, for another workspace's endpoint and for a deleted one too. */
export async function findEndpoint<Row = EndpointRow>(
  queryable: Queryable,
  workspace_id: string,
  id: string,
  { columns = COLUMNS, lock = sql`` }: { columns?: Sql; lock?: Sql } = {},
): Promise<Row> {
  const row = await queryable.first<Row & object>(sql`
    select ${columns} from endpoints
     where workspace_id = ${workspace_id} and id = ${id} and deleted_at is null ${lock}`);
  if (!row) throw new Problem("NOT_FOUND");
  return row;
}

/** Ids of the master keys without which some endpoint can't be signed for, or its headers not be read. */
export async function endpointKeysInUse(db: Queryable): Promise<string[]> {
  const rows = await db.rows<{ key_id: string }>(sql`
    select distinct key_id from endpoints cross join lateral (
        values (secret_key_id), (next_secret_key_id), (encode(substring(headers for 4), 'hex'))) as keys (key_id)
     where deleted_at is null and key_id is not null`);
  return rows.map(({ key_id }) => key_id);
}

interface HistoryRow {
  id: string;
  kind: HistoryKind;
  detail: string | null;
  user: { id: string; name: string; email: string } | null;
  created_at: Date;
  version: number | null;
  changes: SettingChange[] | null;
}

/** What happened to an endpoint, newest first; endpoint_history__endpoint_id serves it. Throws NOT_FOUND. */
export async function listHistory(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  page: Page,
): Promise<List<HistoryRow>> {
  await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
  const rows = await db.rows<HistoryRow>(sql`
    select h.id, h.kind, h.detail, h.created_at, h.version, h.changes,
           ${personOf(sql`u`)} as user
      from endpoint_history h left join users u on u.id = h.user_id::uuid
     where h.workspace_id = ${workspace_id} and h.endpoint_id = ${endpoint_id} and ${beforeId(sql`h.id`, page.cursor)}
     order by h.id desc limit ${page.limit + 1}`);
  return toListById(rows, page.limit);
}
