import { idOf, winners } from "../base/base.ts";
import { sql, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";

export interface NewNotice {
  workspace_id: string;
  /** What makes two of them the same situation. */
  key: string;
  kind: "account" | "number" | "error";
  severity: "info" | "warning" | "critical";
  title: string;
  detail: string | null;
  resolved: boolean;
  waba_id: string | null;
  display_phone_number: string | null;
  at_ms: number;
  /** Of two in one second the greater counts as the newer. */
  rank: number;
  event_id: string;
  journal_id: string;
}

/** Records the newest word of each situation, in the order of their ids; answers what has changed. */
export async function recordNotices(tx: Tx, told: readonly NewNotice[]): Promise<LiveChange[]> {
  const named = told.map((one) => ({ ...one, id: idOf(`${one.workspace_id}:notice:${one.key}`) }));
  const rows = winners(named, ({ workspace_id, id }) => `${workspace_id} ${id}`, isNewer);
  if (rows.length === 0) return [];
  const changed = await tx.rows<{ workspace_id: string; id: string }>(sql`
    insert into notices as n (workspace_id, id, key, kind, severity, title, detail, resolved, waba_id, display_phone_number,
      occurred_at, rank, event_id, journal_id)
    select workspace_id, id, key, kind, severity, title, detail, resolved = 'true', waba_id, display_phone_number, occurred_at,
      rank::smallint, event_id, journal_id
    from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.id))}::uuid[],
      ${textArray(rows.map((row) => row.key))}::text[], ${textArray(rows.map((row) => row.kind))}::text[],
      ${textArray(rows.map((row) => row.severity))}::text[], ${textArray(rows.map((row) => row.title))}::text[],
      ${textArray(rows.map((row) => row.detail))}::text[], ${textArray(rows.map((row) => String(row.resolved)))}::text[],
      ${textArray(rows.map((row) => row.waba_id))}::text[], ${textArray(rows.map((row) => row.display_phone_number))}::text[],
      ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[], ${textArray(rows.map((row) => String(row.rank)))}::text[],
      ${uuidArray(rows.map((row) => row.event_id))}::uuid[], ${uuidArray(rows.map((row) => row.journal_id))}::uuid[]
    ) as told (workspace_id, id, key, kind, severity, title, detail, resolved, waba_id, display_phone_number, occurred_at,
      rank, event_id, journal_id)
    on conflict (workspace_id, id) do update set
      severity = excluded.severity, title = excluded.title, detail = excluded.detail, resolved = excluded.resolved,
      waba_id = excluded.waba_id, display_phone_number = excluded.display_phone_number, occurred_at = excluded.occurred_at,
      rank = excluded.rank, event_id = excluded.event_id, journal_id = excluded.journal_id
    where (excluded.occurred_at, excluded.rank, excluded.event_id) > (n.occurred_at, n.rank, n.event_id)
    returning n.workspace_id, n.id`);
  return changed.map(({ workspace_id, id: notice_id }) => ({
    workspace_id,
    name: "NoticeUpdated",
    data: { notice_id },
  }));
}

/** By Meta's clock, of two in one second by rank; whatever the order in which they come. */
export function isNewer(
  a: Pick<NewNotice, "at_ms" | "rank" | "event_id">,
  b: Pick<NewNotice, "at_ms" | "rank" | "event_id">,
): boolean {
  return (a.at_ms - b.at_ms || a.rank - b.rank || (a.event_id < b.event_id ? -1 : 1)) > 0;
}
