import { findOpen, putAdditions } from "../campaigns/campaigns.ts";
import type { Tx } from "../db/db.ts";

/** The campaign began while its file was imported: what comes behind would never be sent. */
export class CampaignStartedError extends Error {}

/** Recipients with the values of their columns. */
export async function addRecipients(
  tx: Tx,
  workspace_id: string,
  campaign_id: string,
  people: Parameters<typeof putAdditions>[3],
): Promise<void> {
  const campaign = await findOpen(tx, workspace_id, campaign_id);
  if (!campaign?.is_open) throw new CampaignStartedError();
  await putAdditions(tx, workspace_id, campaign_id, people);
}
