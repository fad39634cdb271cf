import type { Reply } from "../../../../src/contract/contract.ts";
import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";

/** What the pages about consent say. */

type Source = Reply<"GET /api/v1/consent">["data"][number]["source"];
type Policy = Reply<"GET /api/v1/marketing_policy">;

export const TABS = {
  label: "Consent",
  ledger: "Consent history",
  blacklist: "Blacklist",
  words: "Words and opt-in",
  limits: "Marketing limits",
};
export const OLDER = "Show older";
export const LOADING = "Loading";
export const SAVE = "Save";
export const SAVED = "Saved";
export const OWNERS = "Only owners can change this.";
const PLURAL = (count: number, one: string, many: string) =>
  count === 1 ? one : `${formatNumber(count)} ${many}`;

export const SOURCES: Record<Source, string> = {
  STOP_KEYWORD: "Message",
  START_KEYWORD: "Message",
  BUTTON: "Button",
  DOUBLE_OPT_IN: "Double opt-in",
  META_PREFERENCE: "WhatsApp setting",
  META_ERROR_131050: "WhatsApp",
  AGENT: "Agent",
  API: "API",
  IMPORT: "Import",
};
export const STATES = tableOf<string>({
  SUBSCRIBED: "Subscribed",
  PENDING: "Asked, no answer yet",
  NOT_SUBSCRIBED: "Not subscribed",
  UNSUBSCRIBED: "Unsubscribed",
  UNKNOWN: "Not known",
  INVALID: "Invalid",
  REDACTED: "Erased",
});

export const LEDGER = {
  lead: "Everything your customers said about marketing, and what others noted for them. Nothing here can be changed or deleted.",
  search: "Search people",
  search_hint: "Name or number",
  source: "Source",
  any_source: "Any source",
  state: "New state",
  any_state: "Any state",
  time: "Time",
  any_time: "Any time",
  from_to: "From … to …",
  from: "From",
  to: "To",
  clear: "Clear filters",
  download: "Download CSV",
  none: "Nothing found",
  none_text: "Try other filters.",
  empty: "Nothing yet",
  empty_text: "When a customer writes STOP, or an agent changes consent, it appears here.",
  heads: { person: "Person", change: "Change", why: "How it is known", when: "When" },
  became: "became",
  open: "Open message",
  voided: "Does not count",
  said: (evidence: string) => `“${evidence}”`,
  by: (name: string) => `by ${name}`,
  only: "Only this person",
};
export const FILTERED_SOURCES: readonly { value: Source; label: string }[] = [
  { value: "STOP_KEYWORD", label: "STOP messages" },
  { value: "START_KEYWORD", label: "START messages" },
  { value: "BUTTON", label: "Buttons" },
  { value: "DOUBLE_OPT_IN", label: "Double opt-in" },
  { value: "META_PREFERENCE", label: "WhatsApp settings" },
  { value: "META_ERROR_131050", label: "Refused by WhatsApp" },
  { value: "AGENT", label: "Agents" },
  { value: "API", label: "API" },
  { value: "IMPORT", label: "Imports" },
];

export const PERSON = {
  title: (name: string) => `Consent of ${name}`,
  back: "All people",
  now: "Now:",
  change: "Change consent",
  proof: "Proof of consent",
  csv: "CSV",
  json: "JSON",
};

export const BLACKLIST = {
  lead: "People who get no marketing. Order updates and your answers still reach them.",
  add: "Add number",
  check: "Check a number",
  check_button: "Check",
  check_hint: "+49 1512 3456789",
  listed: (phone: string) => `${phone} is on the blacklist.`,
  not_listed: (phone: string) => `${phone} is not on the blacklist.`,
  unknown: (phone: string) => `${phone} is not known here, and not on the blacklist.`,
  download: "Download CSV",
  heads: { phone: "Phone", source: "Source", reason: "Reason", added: "Added" },
  import: "Import",
  remove: "Remove",
  remove_label: (name: string) => `Remove ${name}`,
  remove_title: (name: string) => `Remove ${name} from the blacklist?`,
  remove_text: "They can get marketing again. This is no consent by itself: make sure that they want it.",
  by_whatsapp:
    "This person stopped your marketing in WhatsApp itself. WhatsApp keeps it back until they allow it there, whatever you set here.",
  reason: "Reason",
  reason_hint: "For example: asked us by email",
  phone: "Phone number",
  add_title: "Add a number to the blacklist",
  added: "Added",
  added_text: (name: string) => `${name} gets no marketing any more.`,
  not_added: "The number was not added",
  removed: "Removed",
  removed_text: (name: string) => `${name} is no longer on the blacklist.`,
  not_removed: "Nothing was removed",
  empty: "No one is on the blacklist",
  empty_text: "People who write STOP appear here by themselves.",
  none: "No one found",
  history: "History",
};

export const WORDS = {
  lead: "A message counts only as a whole: “stop” does, “don't stop” does not. Case, accents and punctuation don't matter.",
  yours: "Your words and buttons",
  yours_lead: "They count beside Wharf's own, for messages from now on.",
  add: "Add",
  text: "Word, phrase or button text",
  meaning: "What it does",
  meanings: { STOP: "Stops marketing", START: "Starts marketing", CONFIRM: "Says yes when asked" },
  matches: "Where",
  kinds: { typed: "Typed as a message", tapped: "Tapped on a button" },
  language: "Language",
  any_language: "Any language",
  since: (when: string) => `since ${when}`,
  remove: (text: string) => `Remove “${text}”`,
  removed: "Removed",
  removed_text: (text: string) => `“${text}” does nothing from now on.`,
  not_removed: "It was not removed",
  added: "Added",
  added_text: (text: string) => `“${text}” counts from now on.`,
  none: "You have none yet. Wharf's own words below are enough for most.",
  test: "Try a message",
  test_lead: "See what a message would do. Nothing is sent.",
  test_text: "Message, or text of the button",
  test_kind: "How it arrives",
  results: {
    STOP: "This stops marketing.",
    START: "This starts marketing again.",
    CONFIRM: "This says yes, for people who were asked.",
    none: "This is an ordinary message. It changes nothing.",
    not_asking: "This would say yes, but you ask no one now.",
  },
  defaults: "Wharf's words",
  defaults_lead: "In 25 languages. All of them count in every conversation.",
  counts: (stop: number, start: number) =>
    `${PLURAL(stop, "1 word", "words")} to stop, ${PLURAL(start, "1 word", "words")} to start`,
  no_start: (stop: number) => `${PLURAL(stop, "1 word", "words")} to stop`,
  stop: "Stop",
  start: "Start",
  confirm: "Yes",
  on: (language: string) => `${language} words`,
  off: "Off",
  switch_off: "Switch off",
  all_on: "Use Wharf's words",
  all_off_note: "Wharf's words are off. Only your own words count.",
  warn_title: (language: string) => `Switch off the ${language} words?`,
  warn_all_title: "Switch off all of Wharf's words?",
  warn_text: (words: string) =>
    `Messages such as ${words} will no longer stop marketing. People who ask you to stop and still get messages may report you to WhatsApp, and many countries require you to honour a plain STOP.`,
  quoted: (words: readonly string[]) => words.map((word) => `“${word}”`).join(", "),
  not_switched: "The words were not changed",
};

export const OPT_IN = {
  title: "Double opt-in",
  lead: "People who are added as subscribed are asked first. They get marketing only after they say yes.",
  on: "Ask people before they are subscribed",
  number: "Ask from",
  template: "Ask by this template",
  template_hint: "An approved utility template without variables",
  no_template: "Choose a template",
  none: "This number has no utility template without variables. Create one first.",
  button: "Button that says yes",
  no_button: "None: people type their answer",
  sources: "Ask people who are added by",
  source_names: { AGENT: "Agents", API: "The API", IMPORT: "Imports" },
  saved_text: "The double opt-in was saved.",
  not_saved: "The double opt-in was not saved",
};
export const REPLIES = {
  title: "Answers",
  lead: "Sent once, as an ordinary message, when someone stops or says yes. Leave a field empty to send nothing.",
  stop: "After a STOP",
  stop_hint: "You will get no more offers from us. Write START to get them again.",
  confirm: "After a yes",
  confirm_hint: "Thank you! We will write to you now and then.",
  saved_text: "The answers were saved.",
  not_saved: "The answers were not saved",
};

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const SHORT_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const messages = (count: number) => PLURAL(count, "1 marketing message", "marketing messages");
const days = (count: number) => PLURAL(count, "1 day", "days");

export const LIMITS = {
  lead: "One rule for all campaigns and automations. It is checked at the moment a message would go out.",
  cap: "Frequency cap",
  cap_lead:
    "So that no one gets too much, however many campaigns run. What is over the limit is not sent later.",
  cap_on: "Limit how much marketing a person gets",
  at_most: "At most",
  messages: "messages",
  in: "in",
  days: "days",
  messages_label: "Messages per person",
  days_label: "Days",
  quiet: "Quiet hours",
  quiet_lead: "By the clock where the person is: their own time zone, else that of their number's country.",
  quiet_on: "Send no marketing at certain hours",
  from: "From",
  to: "To",
  nights: "On these days",
  whole: "Quiet all day on",
  action: "What happens to a message",
  actions: {
    wait: "It waits and is sent when the quiet time ends",
    skip: "It is not sent",
  },
  zone: "Time zone when it is not known",
  scope: "What counts",
  scope_lead: "Order updates, passwords and answers in an open conversation are never held back.",
  people: "Also count and limit marketing templates that agents and the API send",
  example: "What this does",
  off: "There are no limits. Campaigns and automations send whenever they like.",
  cap_example: ({ messages: count, days: span }: NonNullable<Policy["cap"]>) =>
    `A customer who got ${messages(count)} in the last ${days(span)} is skipped by the next campaign, which says so.`,
  night_example: (from: string, to: string, which: string) =>
    `A campaign that starts at 22:00 in Berlin reaches people in New York at once, where it is 16:00. On ${which}, from ${from} to ${to}, a person gets nothing.`,
  every_day: "every day",
  whole_example: (which: string) => `On ${which} no one gets marketing.`,
  wait_example: "What comes in that time is sent when it ends.",
  skip_example: "What comes in that time is not sent.",
  saved_text: "The limits hold from now on.",
  not_saved: "The limits were not saved",
  changed: (name: string) => `Changed by ${name}`,
};
