import { winners } from "../../base/base.ts";
import { rowsOf, sql, textArray, timestamptzArray, uuidArray, type Sql, type Tx } from "../../db/db.ts";
import { isNewer, type CallStep } from "../facts/facts.ts";
import { messageName, type MessageKey } from "./fold-statuses.ts";

/** A call of which something new was told. */
export interface ChangedCall extends MessageKey {
  /** How it ended was told, be it anew: the earlier of two accounts stands, and may come second. */
  ended: boolean;
}

/** The first event of each kind for each call: any order of the same events gives the same rows. */
export async function foldCalls(tx: Tx, steps: readonly CallStep[]): Promise<ChangedCall[]> {
  if (steps.length === 0) return [];
  const rows = winners(
    steps,
    (step) => `${messageName(step)} ${step.event}`,
    (step, over) => isNewer(over, step),
  );
  return tx.rows<ChangedCall>(sql`
    insert into call_events as c (workspace_id, call_hash, event, occurred_at, event_id, detail)
    select workspace_id, call_hash, event, occurred_at, event_id, detail::jsonb from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.wamid_hash))}::uuid[],
      ${textArray(rows.map((row) => row.event))}::text[], ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[],
      ${uuidArray(rows.map((row) => row.event_id))}::uuid[], ${textArray(rows.map((row) => JSON.stringify(row.detail)))}::text[]
    ) as due (workspace_id, call_hash, event, occurred_at, event_id, detail)
    on conflict (workspace_id, call_hash, event) do update
      set occurred_at = excluded.occurred_at, event_id = excluded.event_id, detail = excluded.detail
      where (excluded.occurred_at, excluded.event_id) < (c.occurred_at, c.event_id)
    returning c.workspace_id, c.call_hash as wamid_hash, c.event = 'terminate' as ended`);
}

/** Whether a line is a customer's call that was not picked up: it is unread as a message is. */
export const isMissedCall = (
  line: Sql,
): Sql => sql`(${line}.origin = 'call' and ${line}.direction = 'INBOUND' and exists (
  select from call_events e where e.workspace_id = ${line}.workspace_id and e.call_hash = ${line}.wamid_hash
    and e.event = 'terminate' and e.detail ->> 'picked_up' = 'false'))`;

/** Of these lines, the calls of customers that were not picked up. */
export async function missedCalls<Line extends { workspace_id: string; id: string }>(
  tx: Tx,
  lines: readonly Line[],
): Promise<Line[]> {
  if (lines.length === 0) return [];
  const missed = await tx.rows<{ id: string }>(sql`
    select m.id from ${rowsOf(lines, { workspace_id: "uuid", id: "uuid" })} join messages m using (workspace_id, id)
    where ${isMissedCall(sql`m`)}`);
  const ids = new Set(missed.map(({ id }) => id));
  return lines.filter(({ id }) => ids.has(id));
}
