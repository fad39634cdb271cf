import type { Clock } from "../base/base.ts";
import { createAutomationListen } from "../automations/automations.ts";
import { createCampaignListen } from "../campaigns/campaigns.ts";
import type { Listen } from "../live/live.ts";

/** Every module that follows messages, told in the transaction that changes them. Automations last: they lock runs. */
export function createListen({ clock }: { clock: Clock }): Listen {
  const [campaigns, automations] = [createCampaignListen({ clock }), createAutomationListen()];
  return async (tx, moved) => [...(await campaigns(tx, moved)), ...(await automations(tx, moved))];
}
