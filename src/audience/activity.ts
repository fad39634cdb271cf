import { sql, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
import type { Applied, BatchFacts } from "../live/change.ts";
import type { RoutedEvent } from "../meta/routed.ts";
import { followJoins } from "./joining.ts";

interface Done {
  workspace_id: string;
  contact_id: string;
  inbound: number | null;
  delivered: number | null;
  read: number | null;
  replied: number | null;
}

/**
 * Keeps when each contact last wrote, and last got, read and answered what was sent to them, by Meta's clock: the latest
 * of each, so that order and repetition don't matter. Runs after the inbox, whose facts it folds.
 */
export async function applyAudience(
  tx: Tx,
  _events: readonly RoutedEvent[],
  facts: Readonly<BatchFacts>,
): Promise<Applied> {
  await writeActivity(tx, facts);
  await followJoins(tx);
  return { changes: [], ignored: [] };
}

async function writeActivity(tx: Tx, { heard, moved }: Readonly<BatchFacts>): Promise<void> {
  const done = new Map<string, Done>();
  const note = (
    { workspace_id, contact_id }: { workspace_id: string; contact_id: string },
    what: "inbound" | "delivered" | "read" | "replied",
    at: Date,
  ) => {
    const key = `${workspace_id} ${contact_id}`;
    const row = done.get(key) ?? {
      workspace_id,
      contact_id,
      inbound: null,
      delivered: null,
      read: null,
      replied: null,
    };
    row[what] = Math.max(row[what] ?? 0, at.getTime());
    done.set(key, row);
  };
  for (const one of heard) {
    note(one, "inbound", one.at);
    if (one.reply?.quoted_message_id) note(one, "replied", one.at);
  }
  for (const one of moved) {
    if (one.at === null) continue;
    const read = one.status === "READ" || one.status === "PLAYED";
    if (read || one.status === "DELIVERED") note(one, "delivered", one.at);
    if (read) note(one, "read", one.at);
  }
  if (done.size === 0) return;
  const rows = [...done].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const times = (what: "inbound" | "delivered" | "read" | "replied") =>
    timestamptzArray(rows.map((row) => row[what]));
  await tx.run(sql`
    insert into contact_activity as a (workspace_id, contact_id, last_inbound_at, last_delivered_at, last_read_at, last_replied_at)
    select * from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.contact_id))}::uuid[],
      ${times("inbound")}::timestamptz[], ${times("delivered")}::timestamptz[], ${times("read")}::timestamptz[],
      ${times("replied")}::timestamptz[])
    on conflict (workspace_id, contact_id) do update set
      last_inbound_at = greatest(a.last_inbound_at, excluded.last_inbound_at),
      last_delivered_at = greatest(a.last_delivered_at, excluded.last_delivered_at),
      last_read_at = greatest(a.last_read_at, excluded.last_read_at),
      last_replied_at = greatest(a.last_replied_at, excluded.last_replied_at)`);
}
