import { expect } from "vitest";
import { verifyAutomations } from "../../src/automations/automations.ts";
import { verifyCampaigns } from "../../src/campaigns/campaigns.ts";
import type { Database } from "../../src/db/db.ts";

/** The same of automations: every number at their nodes is what activities and messages say. */
export async function expectAutomationsVerified(db: Database): Promise<void> {
  const found: string[] = [];
  for await (const { automation, says } of verifyAutomations(db, { repair: false }))
    found.push(`${automation}: ${says}`);
  expect(found).toEqual([]);
}

/**
 * Every count of the campaigns is what their recipients say, and each recipient what the message says: as `wharf verify`
 * finds it. For the end of every test that kills processes, or repeats and mixes what Meta tells.
 */
export async function expectVerified(db: Database, campaign_id?: string): Promise<void> {
  const found: string[] = [];
  for await (const { campaign, says } of verifyCampaigns(db, { campaign_id, repair: false }))
    found.push(`${campaign}: ${says}`);
  expect(found).toEqual([]);
}
