import type { ContactDetail } from "../types.ts";
import { tableOf } from "../table-of.ts";
import { formatNumber } from "./intl.ts";
import { isolate } from "./isolate.ts";

/** What the parts that every page shares say. */

export const ON_THIS_PAGE = "Something went wrong on this page. Reload it.";

/** Kinds of messages; one that is missing here is called as Meta calls it. */
export const TYPES = tableOf<string>({
  image: "Photo",
  video: "Video",
  audio: "Audio",
  voice: "Voice message",
  document: "Document",
  sticker: "Sticker",
  location: "Location",
  contacts: "Contact card",
  order: "Order",
  product: "Product",
  call: "Voice call",
  text: "No text",
  button: "Button tap",
  interactive: "Reply",
  template: "Template",
  system: "WhatsApp notice",
  unsupported: "Unsupported message",
});
/** What Meta doesn't pass on, by its names for it. */
export const UNSUPPORTED = tableOf<string>({
  poll_creation: "Poll",
  poll_update: "Vote in a poll",
  view_once: "View-once message",
  group_invite: "Invitation to a group",
  event: "Event",
  gif: "GIF",
  pin: "Pinned message",
  keep_in_chat: "Kept message",
});

export const MESSAGE = {
  calls_allowed: "Calls are fine",
  calls_refused: "No calls, please",
  deleted: "Message deleted",
  you: "You",
};

export const GROUP = {
  deleted: "Group, deleted",
  suspended: "Group, suspended",
  people: (count: number) => (count === 1 ? "Group, 1 person" : `Group, ${formatNumber(count)} people`),
};

export const CONSENT_LABELS = {
  SUBSCRIBED: "Subscribed",
  PENDING: "Confirmation pending",
  NOT_SUBSCRIBED: "Not subscribed",
  UNSUBSCRIBED: "Unsubscribed",
  UNKNOWN: "No preference recorded",
  INVALID: "Number not on WhatsApp",
  REDACTED: "Erased",
};
/** How a consent event came about. */
export const CONSENT_SOURCE: Record<ContactDetail["consent"][number]["source"], string> = {
  STOP_KEYWORD: "wrote a stop word",
  START_KEYWORD: "wrote a start word",
  BUTTON: "tapped a button",
  META_PREFERENCE: "changed it in WhatsApp",
  META_ERROR_131050: "WhatsApp refused a send: opted out",
  AGENT: "set by a colleague",
  IMPORT: "from an import",
  API: "set through the API",
  DOUBLE_OPT_IN: "said yes when asked",
};

export const STATUS_CHANGE = {
  OPEN: "Reopened",
  PENDING: "Set to pending",
  RESOLVED: "Resolved",
  of: (name: string) => `The conversation with ${isolate(name)}.`,
  failed: "Not changed",
  not_undone: "Not undone",
  changed_since: {
    OPEN: "Someone has reopened the conversation since.",
    PENDING: "Someone has set the conversation to pending since.",
    RESOLVED: "Someone has resolved the conversation since.",
  },
};

export const OUTBOX = {
  keep_open: "Keep this tab open",
  storage_full: "The browser’s storage is full or blocked, so unsent messages live in this tab only.",
  no_reaction: "No reaction sent",
};

export const FORM_ANSWER = { address: "Sent an address", form: "Filled in a form" };

/** What can be tapped, in WhatsApp's words. */
export const OFFERS = {
  choose: "Choose",
  location: "Send location",
  contact: "Share contact info",
  call_permission: "Allow calls?",
  form: "Open the form",
  product: "View",
  product_list: "View items",
  catalog_message: "View catalog",
} as const;

export const WINDOW = {
  closed: "Window closed",
  hours: (hours: number, minutes: number) => `${hours}h ${minutes}m left`,
  minutes: (minutes: number) => `${minutes}m left`,
  last_minute: "Less than a minute left",
};

export const SPAN_LABELS = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

export const TEMPLATE_FIELDS = {
  button: "Button",
  code: (button: string) => `Code that “${button}” copies`,
  url_end: (button: string) => `End of the address of “${button}”`,
};

export const UNDO = "Undo";
