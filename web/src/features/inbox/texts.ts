import { tableOf } from "../../lib/table-of.ts";
import type { ConversationStatus } from "../../lib/types.ts";

/** What the list shows: a status, all, or those in which a message failed. */
export type Tab = ConversationStatus | "ALL" | "FAILED";

export const LIST = {
  title: "Inbox",
  label: "Conversations",
  loading: "Loading conversations",
  search: "Search conversations",
  search_hint: "Search name, number or text",
  clear: "Clear the search",
  filter: "Status",
  tabs: {
    OPEN: "Open",
    PENDING: "Pending",
    RESOLVED: "Resolved",
    ALL: "All",
    FAILED: "Failed",
  } satisfies Record<Tab, string>,
};

export const EMPTY: Record<Tab, { title: string; text: string }> = {
  OPEN: {
    title: "No open conversations",
    text: "When a customer writes, the conversation appears here by itself.",
  },
  PENDING: {
    title: "Nothing is pending",
    text: "Set a conversation to pending while you wait for someone else.",
  },
  RESOLVED: {
    title: "Nothing resolved yet",
    text: "Resolved conversations come back to Open when the customer writes.",
  },
  ALL: { title: "No conversations yet", text: "They begin when a customer writes to one of your numbers." },
  FAILED: {
    title: "No failed messages",
    text: "When a message does not reach the customer, its conversation is listed here until you write again or resolve it.",
  },
};

export const NOTHING_FOUND = {
  title: (search: string) => `Nothing found for “${search}”`,
  text: "Names, numbers and message texts are searched.",
  everywhere: "Search in all conversations",
};
export const PLAY = "Play a customer";

export const PAGE = {
  title: "Inbox",
  list: "The list",
  contact: "The contact",
  choose: "Choose a conversation",
  keys: [
    ["j", "and"],
    ["k", "to walk through the list,"],
    ["r", "to reply,"],
    ["e", "to resolve,"],
    ["/", "to search,"],
    ["?", "for all keys."],
  ] as const,
  press: "Press",
  back: "Back to the list",
  contact_details: "Contact details",
  show_contact: "Show the contact",
  hide_contact: "Hide the contact",
};

export const KEYS = {
  title: "Keyboard shortcuts",
  close: "Close",
  list: [
    ["j", "Next conversation"],
    ["k", "Previous conversation"],
    ["r", "Reply, or choose a template when the window is closed"],
    ["e", "Resolve, and go to the next conversation"],
    ["/", "Search"],
    ["?", "Show these keys"],
    ["Enter", "Send what is written"],
    ["Shift + Enter", "New line"],
    ["Esc", "Leave the field, go back to the list, close a dialog"],
  ] as const,
  single: "Use single-key shortcuts",
  kept: "Kept in this browser.",
};

export const CONTACT = {
  kept: "Tags, lists and fields",
  on_list: "List",
  open: "Open contact",
  truth: (value: boolean) => (value ? "Yes" : "No"),
  label: "Contact",
  close: "Hide the contact",
  identities: tableOf<string>({
    wa_id: "WhatsApp ID",
    phone: "Phone",
    bsuid: "User ID",
    parent_bsuid: "Portfolio user ID",
    username: "Username",
    group: "Group",
  }),
  known_as: "Known as",
  former: " · former",
  history: "History",
  first_seen: "First seen",
  last_wrote: "Last wrote",
  profile_name: "Profile name",
  writes_to: "Writes to",
  marketing: "Marketing",
  not_counted: "Not counted",
  consent_hint: "STOP and START, and what the customer sets in WhatsApp, are kept here.",
  group: "Group",
  deleted: "Deleted",
  suspended: "Suspended by WhatsApp",
  invitation: "Invitation link",
  asks_first: " · asks you first",
  people: (count: number) => `${count === 1 ? "1 person" : `${count} people`} besides you`,
  no_people: "No one is known to be in it yet.",
  copy: "Copy",
  copied: "Copied",
  copy_value: (value: string) => `Copy ${value}`,
};
