import { newId } from "../../base/base.ts";
import { sql, textArray, uuidArray, type Tx } from "../../db/db.ts";

/** A turn of events in the life of an endpoint. */
export type HistoryKind =
  | "created"
  | "changed"
  | "enabled"
  | "switched_off"
  | "failing"
  | "warned"
  | "disabled"
  | "recovered"
  /** All that a recovery (recoveries.ts) made due is completed. */
  | "recovery_ended"
  | "secret_rotated"
  | "secret_prepared"
  | "secret_activated"
  | "secret_discarded";

/** One setting before and after a change. Of a custom header (`headers.X-Team`) only whether there was and is one. */
export interface SettingChange {
  setting: string;
  before: unknown;
  after: unknown;
}

export interface NewHistory {
  workspace_id: string;
  endpoint_id: string;
  kind: HistoryKind;
  /** In words, for people; nothing secret. */
  detail?: string | null;
  /** Null: Wharf itself, or an API key. */
  user_id?: string | null;
  /** Of a change of settings: the version that it made. */
  version?: number | null;
  changes?: readonly SettingChange[] | null;
}

/** Writes down what happened, in the transaction in which it happened: once a turn, however many attempts it took. */
export async function recordHistory(tx: Tx, entries: readonly NewHistory[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.run(sql`
    insert into endpoint_history (workspace_id, id, endpoint_id, kind, detail, user_id, version, changes)
    select workspace_id, id, endpoint_id, kind, detail, user_id, version::integer, changes::jsonb from unnest(
      ${uuidArray(entries.map((entry) => entry.workspace_id))}::uuid[],
      ${uuidArray(entries.map(() => newId()))}::uuid[],
      ${uuidArray(entries.map((entry) => entry.endpoint_id))}::uuid[],
      ${textArray(entries.map((entry) => entry.kind))}::text[],
      ${textArray(entries.map((entry) => entry.detail ?? null))}::text[],
      ${textArray(entries.map((entry) => entry.user_id ?? null))}::text[],
      ${textArray(entries.map((entry) => entry.version?.toString() ?? null))}::text[],
      ${textArray(entries.map((entry) => (entry.changes ? JSON.stringify(entry.changes) : null)))}::text[])
      as entry (workspace_id, id, endpoint_id, kind, detail, user_id, version, changes)`);
}
