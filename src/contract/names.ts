/** Names of which the pages, too, need the lists: without a parser, as they load this file. */

/** What an endpoint can subscribe to. */
export const SUBSCRIPTIONS = [
  "statuses",
  "messages",
  "template_status",
  "template_quality",
  "account",
  "phone_number",
  "user_preferences",
  "echoes",
  "calls",
  "flows",
  "groups",
  "other",
] as const;
/** Groups of events in the journal. */
export const EVENT_GROUPS = [
  "messages",
  "statuses",
  "failures",
  "templates",
  "calls",
  "groups",
  "echoes",
  "preferences",
  "account",
  "other",
] as const;
/** What of a connection is checked with Meta. */
export const META_CHECKS = [
  "token",
  "secret",
  "permissions",
  "expiry",
  "callback",
  "fields",
  "app_mode",
  "account",
  "number",
] as const;
/** What notices are about. */
export const NOTICE_KINDS = [
  "account",
  "number",
  "error",
  "template",
  "campaign",
  "automation",
  "connection",
  "endpoint",
  "silence",
  "journal",
  "disk",
  "backup",
] as const;
export const JOURNAL_STATES = ["pending", "done", "dead"] as const;
export const DELIVERY_STATES = ["pending", "delivered", "failed", "cancelled", "held"] as const;
export const STATS_RANGES = ["1h", "24h", "7d", "30d"] as const;
/** What the change feed tells. */
export const LIVE_EVENTS = [
  "ConversationMessageCreated",
  "ConversationUpdated",
  "MessageStatusUpdated",
  "TemplateStatusChanged",
  "CampaignProgressed",
  "ContactUpdated",
  "PhoneNumberUpdated",
  "NoticeUpdated",
  "EndpointUpdated",
  "DeliveryUpdated",
  "ImportProgressed",
  "AutomationActivityRecorded",
] as const;
