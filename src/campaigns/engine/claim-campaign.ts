import { sql, type Tx } from "../../db/db.ts";
import { lockRow, type CampaignRow } from "../definition/definition.ts";
import type { Place, Step } from "./work.ts";

/** Of how many that are due the first is taken that no other process has. */
const LOOK_AT = 20;

/**
 * The campaign that is due the longest (campaign_work__due), its row locked for the rest of the transaction: that is the
 * claim. Campaigns are locked before their work, as people's words to them do.
 */
export async function claimCampaign(
  tx: Tx,
  now: Date,
): Promise<{ row: CampaignRow; step: Step; place: Place } | null> {
  const due = await tx.rows<{ workspace_id: string; campaign_id: string }>(sql`
    select workspace_id, campaign_id from campaign_work where next_step_at <= ${now} order by next_step_at limit ${LOOK_AT}`);
  for (const { workspace_id, campaign_id } of due) {
    const free = await tx.first(sql`
      select from campaigns where workspace_id = ${workspace_id} and id = ${campaign_id} for update skip locked`);
    if (free === undefined) continue;
    const work = await tx.first<{ step: Step; place: Place }>(sql`
      select step, place from campaign_work
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and next_step_at <= ${now}`);
    if (work !== undefined) return { row: await lockRow(tx, workspace_id, campaign_id), ...work };
  }
  return null;
}
