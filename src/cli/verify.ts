import { isId, OperatorError, silentLog } from "../base/base.ts";
import { verifyCampaigns } from "../campaigns/campaigns.ts";
import { readConfig } from "../config.ts";
import { withDatabase } from "./database.ts";

/** `wharf verify`: exit code 1 when a number is not what the rows say. */
export async function verifyCommand(options: { campaign?: string; repair?: boolean }): Promise<void> {
  const { campaign: campaign_id, repair = false } = options;
  if (campaign_id !== undefined && !isId(campaign_id))
    throw new OperatorError(`${campaign_id} is no id of a campaign; its page's address ends with it.`);
  const differences = await withDatabase(readConfig(), silentLog, async (db) => {
    let count = 0;
    for await (const { campaign, campaign_id: id, says } of verifyCampaigns(db, { campaign_id, repair })) {
      console.log(`${campaign} (${id}): ${says}`);
      count++;
    }
    return count;
  });
  if (differences === 0) {
    console.log("Every count of the campaigns is what their recipients and messages say.");
    return;
  }
  console.log(
    `${differences} ${differences === 1 ? "difference" : "differences"}. ${
      repair
        ? "Counts were corrected; what is told of recipients stays, and is worth a report."
        : "`wharf verify --repair` corrects the counts."
    }`,
  );
  process.exitCode = 1;
}
