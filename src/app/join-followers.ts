import { followAutomationJoins } from "../automations/automations.ts";
import { followCampaignJoins } from "../campaigns/campaigns.ts";
import { followCallJoins } from "../delivery/delivery.ts";
import { followNoteJoins } from "../inbox/inbox.ts";
import { followNoticeJoins } from "../notices/notices.ts";
import { followPaces } from "../sending/sending.ts";

/** Everything beside the audience's own that hangs on a contact's id, and follows when the contact turns out to be another one. */
export const JOIN_FOLLOWERS = [
  followCampaignJoins,
  followPaces,
  followAutomationJoins,
  followCallJoins,
  followNoteJoins,
  followNoticeJoins,
];
