import { newId } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";

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

const COLUMNS = {
  workspace_id: "uuid",
  id: "uuid",
  endpoint_id: "uuid",
  kind: "text",
  detail: "text",
  user_id: "text",
  version: "integer",
  changes: "text",
} as const;

/** Writes down what happened, in the transaction in which it happened: once a turn, however many attempts it took. */
export async function recordHistory(tx: Tx, entries: readonly NewHistory[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ detail = null, user_id = null, version = null, changes, ...entry }) => ({
    ...entry,
    id: newId(),
    detail,
    user_id,
    version,
    changes: changes ? JSON.stringify(changes) : null,
  }));
  await tx.run(sql`
    insert into endpoint_history (workspace_id, id, endpoint_id, kind, detail, user_id, version, changes)
    select workspace_id, id, endpoint_id, kind, detail, user_id, version, changes::jsonb
    from ${rowsOf(rows, COLUMNS)}`);
}
