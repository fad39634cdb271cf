import { PHONE, statusOf } from "../../conversation/template/texts.ts";
import { tableOf } from "../../lib/table-of.ts";
import type { TemplateSync } from "../../lib/types.ts";
import { formatNumber } from "../../lib/words/intl.ts";

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;

export const TITLE = "Templates";
export const LEAD =
  "Messages that Meta has approved. They open a conversation, or reach a customer after 24 hours.";
export const LOADING = "Loading templates";
export const OLDER = "Show more";
export const TABS = {
  templates: "Templates",
  groups: "Groups",
  media: "Media library",
  label: "Templates, groups and files",
};

export const STATES = {
  label: "State",
  current: "All",
  drafts: "Drafts",
  approved: "Approved",
  pending: "Pending approval",
  attention: "Needs attention",
  gone: "Deleted",
};
export const CATEGORIES = tableOf<string>({
  MARKETING: "Marketing",
  UTILITY: "Utility",
  AUTHENTICATION: "Authentication",
});
export const CATEGORY_HINTS = tableOf<string>({
  MARKETING: "Offers, news, invitations. Customers can stop these.",
  UTILITY: "About an order, an account or an appointment that the customer asked for.",
  AUTHENTICATION: "One-time codes. Meta writes the words.",
});
export const QUALITIES = tableOf<string>({
  GREEN: "High quality",
  YELLOW: "Medium quality",
  RED: "Low quality",
  UNKNOWN: "No quality rating yet",
});
export const REASONS = tableOf<string>({
  ABUSIVE_CONTENT: "Meta found content that breaks its rules.",
  CATEGORY_NOT_AVAILABLE: "The category is not available to your account.",
  INCORRECT_CATEGORY: "The category does not fit what the message says.",
  INVALID_FORMAT: "The form is not right: variables, samples or special characters.",
  PROMOTIONAL: "The message is promotional. Choose the category Marketing.",
  SCAM: "Meta took the message for a scam.",
  TAG_CONTENT_MISMATCH: "The language or the category does not fit what the message says.",
});
export const categoryOf = (category: string | null) =>
  category === null ? null : (CATEGORIES[category] ?? category);

export const LIST = {
  search: "Search templates",
  search_hint: "Name, or a part of the text",
  category: "Category",
  any_category: "Any category",
  language: "Language",
  any_language: "Any language",
  quality: "Quality",
  any_quality: "Any quality",
  account: "Account",
  any_account: "Any account",
  clear: "Clear filters",
  none: "No template matches",
  none_text: "Change the search or the filters.",
  empty: "No templates yet",
  empty_text: "Write the first one, or read those that Meta has.",
  no_drafts: "No drafts",
  no_drafts_text: "A template that you save before you submit it waits here.",
  unnamed: "Template whose name is not known yet",
  no_text: "Its text is not known yet",
  create: "New template",
  edit_of: "Changes that Meta does not have yet",
  draft: "Draft",
  unconfirmed: "Not confirmed by Meta",
  submitting: "Being submitted",
  refused: "Refused by Meta",
  faults: (count: number) => many(count, "thing to correct", "things to correct"),
  from: { webhook: "by webhook", list: "by sync" },
};

export const SYNC = {
  read: "Read again from Meta",
  reading: "Reading from Meta",
  synced: (when: string) => `Synced ${when}`,
  never: "Not read from Meta yet",
  failed: (says: string, advice: string) => `Could not be read from Meta. ${says} ${advice}`,
  /** What the reading really came to. */
  done: (syncs: readonly Pick<TemplateSync, "state" | "found" | "changed">[]): string => {
    const sum = (of: "found" | "changed") => syncs.reduce((total, each) => total + (each[of] ?? 0), 0);
    if (syncs.length === 0)
      return "Nothing was read: no account is known yet. It appears with the first message to your number. In the sandbox, write one there.";
    if (syncs.some(({ state }) => state !== "idle"))
      return "Meta is still being read. What it tells appears here by itself.";
    const read = `${many(sum("found"), "template was", "templates were")} read.`;
    return sum("changed") === 0
      ? `${read} Nothing has changed.`
      : `${read} ${many(sum("changed"), "has", "have")} changed.`;
  },
  title: "Read from Meta",
};

export const DETAIL = {
  back: "All templates",
  status: "Status",
  since: "Since",
  category: "Category",
  will_be: (category: string) => `Meta will change it to ${category}`,
  language: "Language",
  quality: "Quality",
  last_update: "Last update",
  meta_id: "Meta’s id",
  variables: "Variables",
  named: "By name",
  positional: "By number",
  no_variables: "None",
  edit: "Edit",
  go_on: "Continue editing",
  copy: "Duplicate",
  delete: "Delete",
  open: "Open it",
  preview: "Preview",
  rejected: "Meta rejected this template",
  paused: "Meta has paused this template",
  paused_until: (time: string) => `It can be sent again at about ${time}, unless its quality drops further.`,
  paused_open: "It can be sent again when Meta lifts the pause.",
  disabled: "Meta has disabled this template for good",
  disabled_text: "It can’t be sent or edited. Create a new one with other words.",
  limited: "Meta limits this template",
  deleted: "This template is deleted",
  deleted_text: "It can’t be sent any more. Meta keeps its name for four weeks.",
  recommends: "What Meta recommends",
  refused: "Meta refused to send it",
  no_reason: "Meta gave no reason.",
  edit_and_resubmit: "Edit and resubmit",
  languages: "Languages",
  other_languages: "This name in other languages",
  history: "History",
  history_none: "Nothing has happened to it since Wharf knows it.",
  sent_by: "Messages sent by it",
  days: (days: number) => `Last ${days} days`,
  counts: {
    total: "Sent by Wharf",
    sent: "On the way",
    delivered: "Delivered",
    read: "Read",
    failed: "Failed",
  },
  newest: (count: number) => `Only the newest ${formatNumber(count)} are counted.`,
  used_in: "Where it is used",
  unused: "Nothing that waits or is planned uses it.",
};
export const HISTORY = tableOf<(value: string | null) => string>({
  status: (value) => statusOf(value ?? ""),
  quality: (value) => QUALITIES[value ?? ""] ?? `Quality ${value}`,
  category: (value) => `Category ${categoryOf(value) ?? "changed"}`,
  components: () => "Content changed",
  listed: (value) => `Meta’s list says: ${statusOf(value ?? "UNKNOWN")}`,
  unlisted: () => "Missing in Meta’s list: deleted",
});
export const SOURCES = { webhook: "Told by a webhook", list: "Read from Meta’s list" };

/** What uses a template, by kind; kinds that later parts add are told by their names. */
export const USES = tableOf<(count: string, one: boolean) => string>({
  messages: (count, one) => (one ? "1 message waits to be sent" : `${count} messages wait to be sent`),
  groups: (count, one) => (one ? "1 template group has it" : `${count} template groups have it`),
  campaigns: (count, one) => (one ? "1 campaign uses it" : `${count} campaigns use it`),
  automations: (count, one) => (one ? "1 automation uses it" : `${count} automations use it`),
});
export const people = (count: number) => many(count, "customer", "customers");

export const REMOVE = {
  title: (name: string) => `Delete ${name}?`,
  one: (language: string) => `Only ${language}`,
  all: (count: number) => `All ${count} languages`,
  which: "What to delete",
  text: "Meta deletes it for good and keeps its name for four weeks.",
  touches: "This touches:",
  touches_nothing: "Nothing that waits or is planned uses it.",
  yes: "Delete at Meta",
  done: "Template deleted",
  done_text: (name: string) => `${name} can’t be sent any more.`,
  failed: "The template was not deleted",
};

export const EDIT_NOTE = {
  title: "Edit this template?",
  text: "Meta reviews the changes. Until it has approved them the template can’t be sent.",
  yes: "Edit",
};

export const EDITOR = {
  new_title: "New template",
  edit_title: (name: string) => `Edit ${name}`,
  draft_title: (name: string) => name || "Draft",
  lead: "Meta reviews each template before it can be sent, most of them within minutes.",
  back: "Templates",
  save: "Save draft",
  saved: "Draft saved",
  saved_text: "Meta is told nothing until you submit it.",
  submit: "Submit to Meta",
  resubmit: "Submit changes to Meta",
  submitted: "Submitted to Meta",
  submitted_text: "It can be sent as soon as Meta has approved it. This page tells when.",
  not_saved: "The draft was not saved",
  not_submitted: "The template was not submitted",
  discard: "Delete draft",
  discarded: "Draft deleted",
  to_correct: (count: number) => `${many(count, "thing", "things")} to correct before it can be submitted.`,
  refused: "Meta refused this template",
  unconfirmed: "Meta’s answer was lost",
  unconfirmed_text: "Meta may have it. Look at the list of templates before you submit it again.",
  taken: "Meta has a template of this name and language",
  open_taken: "Open that template",
  leave: "Leave without saving?",
  leave_text: "What you changed is lost.",
  leave_yes: "Leave",
  stay: "Stay",
  about: "About",
  name: "Name",
  name_hint: "Small letters, digits and underscores. Customers never see it.",
  language: "Language",
  category: "Category",
  account: "Account at Meta",
  fixed: "Meta lets no one change the name or the language of a template.",
  category_fixed: "The category of an approved template can’t be changed.",
  allow_change: "Meta may choose another category instead of rejecting it",
  layout: "Layout",
  layouts: { standard: "Standard", cards: "Cards", offer: "Limited-time offer" },
  header: "Header",
  header_kinds: PHONE.header_kinds,
  header_kind: "What the header shows",
  header_text: "Header text",
  location_hint: "You choose the place with each message.",
  product_hint: "You choose the product with each message.",
  body: "Message",
  body_text: "Message text",
  body_hint:
    "Write variables like {{1}}, or by name like {{first_name}}. *bold*, _italic_ and ~struck~ work.",
  add_variable: "Add a variable",
  footer: "Footer",
  footer_text: "Footer text",
  optional: "optional",
  sample_of: (name: string) => `Example for {{${name}}}`,
  samples_lead: "Meta’s reviewers see these examples. Don’t use real customer data.",
  count: (length: number, most: number) => `${formatNumber(length)} of ${formatNumber(most)} characters`,
  buttons: "Buttons",
  add_button: "Add a button",
  no_buttons: "No buttons.",
  button_kinds: tableOf<string>({
    QUICK_REPLY: "Quick reply",
    URL: "Open a link",
    PHONE_NUMBER: "Call a number",
    COPY_CODE: "Copy a coupon code",
    FLOW: "Open a form",
    VOICE_CALL: "Call on WhatsApp",
    CATALOG: "Show the catalogue",
    MPM: "Show several products",
    SPM: "Show a product",
  }),
  button_kind: (at: number) => `What button ${at} does`,
  button_text: "Words on the button",
  url: "Address",
  url_hint: "End it with {{1}} where each message has its own address.",
  url_sample: "Example of the whole address",
  phone: "Phone number",
  code_sample: "Example of a code",
  flow_id: "Id of the form",
  remove_button: (at: number) => `Remove button ${at}`,
  move_up: (at: number) => `Move button ${at} up`,
  cards: "Cards",
  card: (at: number) => `Card ${at}`,
  add_card: "Add a card",
  remove_card: (at: number) => `Remove card ${at}`,
  card_text: "Text of the card",
  cards_hint: "All cards have the same kind of header and the same buttons.",
  offer: "Offer",
  offer_text: "Name of the offer",
  offer_ends: "Show a countdown to its end",
  code: "One-time code",
  code_warning: "Add “For your security, do not share this code.”",
  code_expires: "Say after how many minutes the code expires",
  code_minutes: "Minutes",
  otp_kind: "How the code gets into the app",
  otp_kinds: tableOf<string>({
    COPY_CODE: "The customer copies it",
    ONE_TAP: "One tap fills it in (Android)",
    ZERO_TAP: "It is filled in without a tap (Android)",
  }),
  otp_text: "Words on the button",
  package: "Package of the Android app",
  hash: "App signing key hash",
  add_app: "Add an app",
  remove_app: (at: number) => `Remove app ${at}`,
  terms: "I accept Meta’s terms for codes that are filled in without a tap",
  more: "More",
  ttl: "Give up after (seconds)",
  ttl_hint: "How long Meta tries to deliver to a phone that is off. Empty: as Meta does.",
  preview: PHONE.label,
  preview_lead: "As a customer sees it, with your examples.",
  button_words: PHONE.button_words,
};

export const SAMPLE = {
  choose: (kind: string) => `Choose a ${kind.toLowerCase()}`,
  change: "Choose another file",
  none: "No sample yet",
  title: "Media library",
  upload: "Upload a file",
  uploading: (percent: number) => `${percent}% uploaded`,
  empty: "No such file in the library yet.",
  failed: "The file was not uploaded",
};

export const MEDIA = {
  lead: "Pictures, videos and PDFs for headers. Upload a file once and use it again.",
  upload: "Upload a file",
  empty: "No files yet",
  empty_text: "JPEG and PNG up to 5 MB, MP4 up to 16 MB, PDF up to 100 MB.",
  kinds: { image: "Picture", video: "Video", document: "PDF document" },
  used: (count: number) => (count === 0 ? "In no draft" : `In ${many(count, "draft", "drafts")}`),
  remove: (name: string) => `Remove ${name}`,
  ask: "Remove this file from the library?",
  ask_used: (count: number) => `${many(count, "draft shows", "drafts show")} it as a sample. They keep it.`,
  ask_text: "Messages that were sent with it keep it. It is no longer offered.",
  yes: "Remove",
  removed: "File removed",
  removed_text: "It is no longer offered.",
  failed: "The file was not removed",
};

export const GROUPS = {
  lead: "One message in several languages. Each customer gets the template in their language.",
  create: "New group",
  edit_button: "Edit",
  edit: (name: string) => `Edit ${name}`,
  empty: "No template groups yet",
  empty_text: "Put the languages of one message together. A message by group chooses among them.",
  name: "Name",
  account: "Account at Meta",
  templates: "Templates",
  templates_hint: "Each language may be there once.",
  add: "Add a template",
  remove: (name: string, language: string) => `Remove ${name} (${language})`,
  fallback: "Fallback language",
  fallback_hint: "For customers whose language is not among them.",
  is_fallback: "fallback",
  save: "Save group",
  cancel: "Cancel",
  saved: "Group saved",
  saved_text: (name: string) => `${name} can be used.`,
  not_saved: "The group was not saved",
  delete: "Delete",
  ask: (name: string) => `Delete ${name}?`,
  ask_text: "Its templates stay. Messages can’t be sent by this group any more.",
  deleted: "Group deleted",
  deleted_text: "Its templates are still there.",
  not_deleted: "The group was not deleted",
  missing: "Not at Meta",
  taken: "Its language is in the group already",
};
