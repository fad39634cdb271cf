import { winners } from "../../base/base.ts";
import { sql, textArray, timestamptzArray, uuidArray, type Tx } from "../../db/db.ts";
import { isNewer, type PaymentStep } from "../facts/facts.ts";
import { messageName, type MessageKey } from "./fold-statuses.ts";

/** The newest word on each payment. Answers the messages whose payment has changed. */
export async function foldPayments(tx: Tx, steps: readonly PaymentStep[]): Promise<MessageKey[]> {
  if (steps.length === 0) return [];
  const rows = winners(steps, messageName, isNewer);
  return tx.rows<MessageKey>(sql`
    insert into message_payments as p (workspace_id, wamid_hash, status, detail, occurred_at, event_id)
    select workspace_id, wamid_hash, status, detail::jsonb, occurred_at, event_id from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.wamid_hash))}::uuid[],
      ${textArray(rows.map((row) => row.status))}::text[], ${textArray(rows.map((row) => JSON.stringify(row.detail)))}::text[],
      ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[], ${uuidArray(rows.map((row) => row.event_id))}::uuid[]
    ) as due (workspace_id, wamid_hash, status, detail, occurred_at, event_id)
    on conflict (workspace_id, wamid_hash) do update
      set status = excluded.status, detail = excluded.detail, occurred_at = excluded.occurred_at, event_id = excluded.event_id
      where (excluded.occurred_at, excluded.event_id) > (p.occurred_at, p.event_id)
    returning p.workspace_id, p.wamid_hash`);
}
