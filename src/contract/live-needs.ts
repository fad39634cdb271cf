import type { LIVE_EVENTS } from "./names.ts";
import { type Need, read } from "./permissions.ts";

/** What one must be allowed to hear each live event; the others' cursor moves on. */
export const LIVE_NEEDS: Record<(typeof LIVE_EVENTS)[number], Need> = {
  ConversationMessageCreated: read("inbox"),
  ConversationUpdated: read("inbox"),
  MessageStatusUpdated: read("inbox"),
  TemplateStatusChanged: read("templates", "inbox", "campaigns", "automations"),
  CampaignProgressed: read("campaigns", "analytics"),
  ContactUpdated: read("audience", "inbox"),
  PhoneNumberUpdated: "everyone",
  NoticeUpdated: "everyone",
  EndpointUpdated: read("webhooks"),
  DeliveryUpdated: read("webhooks"),
  ImportProgressed: read("audience"),
  AutomationActivityRecorded: read("automations"),
};
