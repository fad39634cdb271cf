import { named, rowsOf, sql, type Tx } from "../db/db.ts";
import type { BatchFacts } from "../live/change.ts";

interface Done {
  workspace_id: string;
  contact_id: string;
  inbound: number | null;
  delivered: number | null;
  read: number | null;
  replied: number | null;
}

/** When each contact last wrote, and last got, read and answered what was sent to them, by Meta's clock. */
export async function writeActivity(tx: Tx, { heard, moved }: Readonly<BatchFacts>): Promise<void> {
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
  tx.later(named("contact activity")`
    insert into contact_activity as a (workspace_id, contact_id, last_inbound_at, last_delivered_at, last_read_at, last_replied_at)
    select * from ${rowsOf(rows, COLUMNS)}
    on conflict (workspace_id, contact_id) do update set ${LATEST}`);
}

const COLUMNS = {
  workspace_id: "uuid",
  contact_id: "uuid",
  inbound: "timestamptz",
  delivered: "timestamptz",
  read: "timestamptz",
  replied: "timestamptz",
} as const;

/** Of a row of contact_activity `a` and what is told now: the later of each, so that order and repetition don't matter. */
export const LATEST = sql`last_inbound_at = greatest(a.last_inbound_at, excluded.last_inbound_at),
  last_delivered_at = greatest(a.last_delivered_at, excluded.last_delivered_at),
  last_read_at = greatest(a.last_read_at, excluded.last_read_at),
  last_replied_at = greatest(a.last_replied_at, excluded.last_replied_at)`;
