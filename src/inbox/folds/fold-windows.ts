import { sql, textArray, timestamptzArray, uuidArray, type Sql, type Tx } from "../../db/db.ts";
import { type Closure, compare } from "../facts/facts.ts";

/** The greatest time for each person and number: any order of the same failures gives the same rows. */
export async function foldClosures(tx: Tx, closures: readonly Closure[]): Promise<void> {
  if (closures.length === 0) return;
  const latest = new Map<string, Closure>();
  for (const closure of closures) {
    const key = nameOf(closure);
    const other = latest.get(key);
    if (!other || closure.at_ms > other.at_ms) latest.set(key, closure);
  }
  const rows = [...latest.values()].toSorted((a, b) => compare(nameOf(a), nameOf(b)));
  tx.later(sql`
    insert into window_closures as w (workspace_id, phone_number_id, identity_kind, identity_value, closed_at)
    select * from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.phone_number))}::uuid[],
      ${textArray(rows.map((row) => row.identity.kind))}::text[], ${textArray(rows.map((row) => row.identity.value))}::text[],
      ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[])
    on conflict (workspace_id, phone_number_id, identity_kind, identity_value) do update
      set closed_at = excluded.closed_at where excluded.closed_at > w.closed_at`);
}

/**
 * When the window of a thread closes, or closed: 24 hours after the newest inbound, or when Meta said later than that
 * inbound that it is closed. By contact_identities__contact_id and window_closures' key.
 */
export const windowExpiresAt = (thread: Sql): Sql => sql`least(${thread}.window_expires_at, (
  select max(w.closed_at) from contact_identities i
  join window_closures w on w.workspace_id = i.workspace_id and w.phone_number_id = ${thread}.phone_number_id
    and w.identity_kind = i.kind and w.identity_value = i.value
  where i.workspace_id = ${thread}.workspace_id and i.contact_id = ${thread}.contact_id
    and w.closed_at >= ${thread}.last_inbound_at))`;

function nameOf({ workspace_id, phone_number, identity }: Closure): string {
  return `${workspace_id} ${phone_number} ${identity.kind} ${identity.value}`;
}
