import { isId } from "../../base/base.ts";
import { rowsOf, sql, type Tx } from "../../db/db.ts";
import type { CountChange } from "../counts/counts.ts";
import type { Followed } from "./acts.ts";

interface Priced {
  campaign_id: string;
  contact_id: string;
  category: string;
  billable: boolean;
  category_before: string | null;
  billable_before: boolean | null;
}

/** What is counted of a message that arrived: Meta charges what is delivered. */
export const costKey = (category: string, billable: boolean): string =>
  `cost.${category}.${billable ? "billable" : "free"}`;

/**
 * The price of messages that arrived, as Meta told it (`pricing`, which the inbox has folded): on their recipients and in
 * the counts. It comes with more than one status, in any order and before or after the delivery; each time the same
 * function of what is stored is written, so it counts once.
 */
export async function priceMessages(
  tx: Tx,
  messages: readonly { workspace_id: string; id: string }[],
): Promise<Followed> {
  const counts: CountChange[] = [];
  const ours = messages.filter(({ id }) => isId(id));
  for (const workspace_id of new Set(ours.map((one) => one.workspace_id))) {
    const ids = ours.filter((one) => one.workspace_id === workspace_id);
    const rows = await readPrices(tx, workspace_id, ids);
    if (rows.length === 0) continue;
    await tx.run(sql`
      update campaign_recipients r set category = due.category, billable = due.billable
      from ${rowsOf(rows, { campaign_id: "uuid", contact_id: "uuid", category: "text", billable: "boolean" })}
      where r.workspace_id = ${workspace_id} and r.campaign_id = due.campaign_id and r.contact_id = due.contact_id`);
    for (const { campaign_id, category, billable, category_before, billable_before } of rows) {
      counts.push({ workspace_id, campaign_id, key: costKey(category, billable), n: 1 });
      if (category_before !== null)
        counts.push({
          workspace_id,
          campaign_id,
          key: costKey(category_before, billable_before ?? false),
          n: -1,
        });
    }
  }
  return { counts, changes: [] };
}

/** Those that have another price than their messages, locked. By campaign_recipients__message_id. */
function readPrices(tx: Tx, workspace_id: string, due: readonly { id: string }[]): Promise<Priced[]> {
  return tx.rows<Priced>(sql`
    select r.campaign_id, r.contact_id, p.category, p.billable, r.category as category_before,
      r.billable as billable_before
    from ${rowsOf(due, { id: "uuid" })}
    join campaign_recipients r on r.workspace_id = ${workspace_id} and r.message_id = due.id
    join messages m on m.workspace_id = r.workspace_id and m.id = r.message_id
    join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    cross join lateral (
      select left(s.pricing ->> 'category', 40) as category,
        coalesce(s.pricing ->> 'type' = 'regular', s.pricing ->> 'billable' = 'true', false) as billable) p
    where r.delivered_at is not null and p.category is not null
      and (r.category, r.billable) is distinct from (p.category, p.billable)
    order by r.campaign_id, r.contact_id for no key update of r`);
}
