import { verifyAutomations } from "../automations/automations.ts";
import { isId, OperatorError, silentLog } from "../base/base.ts";
import { verifyCampaigns } from "../campaigns/campaigns.ts";
import { readConfig } from "../config.ts";
import type { Database } from "../db/db.ts";
import { withDatabase } from "./database.ts";

interface Options {
  campaign?: string | undefined;
  automation?: string | undefined;
  repair?: boolean;
}

/** `wharf verify`: exit code 1 when a number is not what the rows say. Of one of each, or of all of both. */
export async function verifyCommand(options: Options): Promise<void> {
  const { campaign, automation, repair = false } = options;
  for (const [what, id] of [
    ["a campaign", campaign],
    ["an automation", automation],
  ] as const)
    if (id !== undefined && !isId(id))
      throw new OperatorError(`${id} is no id of ${what}; its page's address ends with it.`);
  const differences = await withDatabase(readConfig(), silentLog, async (db) => {
    let count = 0;
    for await (const says of differencesIn(db, { campaign, automation, repair })) {
      console.log(says);
      count++;
    }
    return count;
  });
  if (differences === 0) {
    console.log("Every count of campaigns and automations is what their people and messages say.");
    return;
  }
  console.log(
    `${differences} ${differences === 1 ? "difference" : "differences"}. ${
      repair
        ? "Counts were corrected; what is told of people and messages stays, and is worth a report."
        : "`wharf verify --repair` corrects the counts."
    }`,
  );
  process.exitCode = 1;
}

async function* differencesIn(
  db: Database,
  { campaign, automation, repair }: Options & { repair: boolean },
): AsyncGenerator<string> {
  const is_all = campaign === undefined && automation === undefined;
  if (is_all || campaign !== undefined)
    for await (const { campaign: name, campaign_id, says } of verifyCampaigns(db, {
      campaign_id: campaign,
      repair,
    }))
      yield `${name} (${campaign_id}): ${says}`;
  if (is_all || automation !== undefined)
    for await (const { automation: name, automation_id, says } of verifyAutomations(db, {
      automation_id: automation,
      repair,
    }))
      yield `${name} (${automation_id}): ${says}`;
}
