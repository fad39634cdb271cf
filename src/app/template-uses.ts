import { automationUse } from "../automations/automations.ts";
import { campaignUse } from "../campaigns/campaigns.ts";
import { doubleOptInUse } from "../consent/consent.ts";
import { messageUse } from "../sending/sending.ts";
import { groupUse } from "../templates/templates.ts";

/** Everything that uses templates: what is told of one, and asked before it is changed, counts these. */
export const TEMPLATE_USES = [campaignUse, automationUse, messageUse, groupUse, doubleOptInUse];
