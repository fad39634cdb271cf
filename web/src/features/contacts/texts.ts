import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;
export const contactsOf = (count: number) => many(count, "contact", "contacts");

export const TITLE = "Contacts";
export const LOADING = "Loading";
export const MORE = "Show more";
export const SAVE = "Save";
export const CANCEL = "Cancel";
export const NOT_SAVED = "Not saved";

export const LIST = {
  lead: "The people you write with: who they are, what you know of them, and whether they want marketing.",
  create: "New contact",
  import: "Import",
  export: "Export",
  search: "Search contacts",
  search_hint: "Name, number or @username",
  tag: "Tag",
  any_tag: "Any tag",
  list: "List",
  any_list: "Any list",
  segment: "Segment",
  any_segment: "Any segment",
  consent: "Marketing",
  any_consent: "Any preference",
  country: "Country",
  any_country: "Any country",
  sort: "Order",
  sorts: { newest: "Newest first", last_inbound: "Last message first", name: "By name" },
  clear: "Clear filters",
  counting: "Counting…",
  count: contactsOf,
  no_count: "The number of contacts could not be found.",
  none: "No contact matches",
  none_text: "Try another search, or clear the filters.",
  empty: "No contacts yet",
  empty_text: "People appear here when they write to you. You can also add a contact yourself.",
  heads: {
    name: "Name",
    phone: "Phone",
    tags: "Tags",
    country: "Country",
    consent: "Marketing",
    seen: "Last message",
  },
  never: "Never wrote",
  more_tags: (count: number) => `+${count}`,
  more_tags_label: (names: string[]) => names.join(", "),
  choose: (name: string) => `Choose ${name}`,
  choose_page: "Choose all on this page",
};

export const BULK = {
  chosen: (count: number) => `${contactsOf(count)} chosen`,
  all: (count: number) => `Choose all ${formatNumber(count)} that match`,
  all_chosen: (count: number) => `All ${contactsOf(count)} that match are chosen`,
  clear: "Clear choice",
  tag: "Tag",
  untag: "Remove tag",
  list: "Add to list",
  unlist: "Remove from list",
  done: "Contacts changed",
  done_text: (count: number, changes: number) =>
    changes === 0
      ? `Nothing had to change for ${contactsOf(count)}.`
      : `${contactsOf(count)} were gone through.`,
  tagged: (name: string, count: number) => `“${name}” is now on ${contactsOf(count)}.`,
  untagged: (name: string, count: number) => `“${name}” was taken from ${contactsOf(count)}.`,
  listed: (name: string, count: number) => `${contactsOf(count)} are on “${name}”.`,
  unlisted: (name: string, count: number) => `${contactsOf(count)} are no longer on “${name}”.`,
  failed: "Contacts not changed",
};

export const NEW = {
  title: "New contact",
  phone: "Phone number",
  phone_hint: "With the country code, such as +49 151 23456789",
  name: "Name",
  yes: "Add contact",
  done: "Contact added",
  done_text: (name: string) => `${name} is in your contacts.`,
  known: "Contact found",
  known_text: "This number was in your contacts already.",
  failed: "Contact not added",
};

export const PAGE = {
  back: "Contacts",
  change_consent: "Change consent",
  whole_consent: "Consent history and proof",
  loading: "Loading contact",
  about: "About",
  fields: "Fields",
  no_fields: "Fields hold what you know of each contact, such as a birthday or a customer number.",
  make_fields: "Define fields",
  name: "Name",
  phone: "Phone",
  language: "Language",
  country: "Country",
  time_zone: "Time zone",
  identities: "Known as",
  former: "former",
  tags: "Tags",
  lists: "Lists",
  consent: "Marketing",
  consent_link: "Preferences and evidence",
  no_consent: "Nothing is recorded. A stop word or a tap on “Stop promotions” appears here.",
  not_counted: "Not counted",
  activity: "Activity",
  first_seen: "First seen",
  last_inbound: "Last wrote",
  last_delivered: "Last delivered",
  last_read: "Last read",
  last_replied: "Last replied to a message",
  never: "Never",
  conversations: "Conversations",
  no_conversations: "No conversation yet.",
  with: (number: string) => `With ${number}`,
  notes: "Private notes",
  notes_text: "Only your team sees them. They are never sent.",
  no_notes: "No notes yet.",
  events: "Events from your systems",
  no_events: "No events yet. Your systems send them through the API, for example when an order is placed.",
  campaigns: "Campaigns",
  no_campaigns: "This contact was not in a campaign yet.",
  more: "Show more",
  merge: "Merge with another contact",
  erase: "Erase person",
  actions: "More actions",
  message: "Open conversation",
  erased: "This person was erased",
  erased_text: "Names, numbers and messages are gone. What remains is only counted.",
  group: "This is a group",
  group_text: "Open its conversation to see who is in it.",
  edit: (name: string) => `Edit ${name}`,
  empty: "Add",
  yes: "Yes",
  no: "No",
  not_set: "Not set",
  invalid_language: "Choose a language such as pt-BR.",
};

export const RECIPIENT_STATES = tableOf<string>({
  WAITING: "Waiting",
  SKIPPED: "Skipped",
  QUEUED: "Queued",
  SUBMITTED: "Submitted",
  SENT: "Sent",
  DELIVERED: "Delivered",
  READ: "Read",
  PLAYED: "Played",
  FAILED: "Failed",
  LIMITED: "Limited by Meta",
  UNCONFIRMED: "Not confirmed",
  CANCELLED: "Cancelled",
});

/** Why a campaign sent them nothing. */
export const SKIP_REASONS = {
  consent: "They want no marketing.",
  unreachable: "There was no number to write to.",
  missing_value: "There was no value for a variable of the message.",
  frequency_cap: "They had got as much marketing as your frequency cap allows.",
  quiet_hours: "It was quiet hours where they are.",
  template: "There was no template to send in their language.",
  erased: "The person was erased.",
};

export const IDENTITIES = tableOf<string>({
  wa_id: "WhatsApp number",
  phone: "Phone number",
  bsuid: "WhatsApp user ID",
  parent_bsuid: "Business user ID",
  username: "Username",
  group: "Group",
});

export const MERGE = {
  title: "Merge two contacts",
  lead: "Use this when two contacts are one person. It can’t be taken back.",
  search: "Find the other contact",
  search_hint: "Name or number",
  none: "No other contact matches.",
  choose: (name: string) => `Choose ${name}`,
  checking: "Checking…",
  refused: {
    number: "Each of them has a phone number. A contact has one, so these stay two contacts.",
    user_id: "WhatsApp knows them as two people: each has a user ID of its own.",
    parent_user_id: "WhatsApp knows them as two people: each has a business user ID of its own.",
    same: "This is the same contact. Choose another one.",
    erased: "One of them was erased. Nothing can be joined with it.",
    group: "One of them is a group. Only people can be merged.",
  },
  stays: (name: string) => `“${name}” stays. Where both have a name or a value, this one’s is kept.`,
  goes: (name: string) => `“${name}” goes.`,
  comes: (parts: string) => `Comes over: ${parts}.`,
  comes_nothing: "There is nothing else to bring over.",
  conversations: (count: number) => many(count, "conversation", "conversations"),
  messages: (count: number) => many(count, "message", "messages"),
  tags: (count: number) => many(count, "tag", "tags"),
  lists: (count: number) => many(count, "list", "lists"),
  yes: "Merge contacts",
  done: "Contacts merged",
  done_text: (name: string) => `All of it is with ${name} now.`,
  failed: "Not merged",
};

export const ERASE = {
  title: (name: string) => `Erase ${name}?`,
  text: "This removes the person for good, and can’t be taken back:",
  names: "names, numbers, IDs, fields, tags and lists",
  messages: (count: number) => `what was said in ${many(count, "message", "messages")}`,
  files: (count: number) => many(count, "file", "files"),
  queued: (count: number) =>
    `${many(count, "message that waits", "messages that wait")} to be sent, cancelled`,
  stays:
    "What stays is counted only: that messages were sent and read, and when consent was given or withdrawn.",
  later: "If the person writes again, a new contact begins.",
  journal: (days: number | null) =>
    days === null
      ? "The Journal keeps the webhooks as Meta sent them, and they name the person. No time is set after which they are removed."
      : `The Journal keeps the webhooks as Meta sent them for ${many(days, "day", "days")} at most, and they name the person until then.`,
  type: (word: string) => `Type ${word} to confirm`,
  word: "ERASE",
  yes: "Erase person",
  done: "Person erased",
  done_text: "Nothing is left that tells who it was.",
  failed: "Not erased",
};

export const USES = {
  nothing: "Nothing else uses it.",
  segments: (names: string) => `Segments that use it: ${names}. They will find no one by it.`,
  campaigns: (names: string) => `Campaigns that use it: ${names}.`,
  automations: (names: string, active: boolean) =>
    `Automations that use it: ${names}.${active ? " Some are active: their steps and conditions will find nothing by it." : ""}`,
  checking: "Looking for what uses it…",
};

export const NAMING = {
  name: "Name",
  description: "Description",
  description_hint: "What it is for. Optional.",
  rename: "Rename",
  remove: "Delete",
  saved: "Saved",
  made: "Created",
  is_there: (name: string) => `“${name}” is ready to use.`,
  deleted: "Deleted",
  is_gone: (name: string) => `“${name}” is gone.`,
  not_deleted: "Not deleted",
  more: (name: string) => `Actions for ${name}`,
};

export const LISTS = {
  title: "Lists",
  lead: "Groups of contacts that you put together yourself. Who is on a list stays on it until you change it.",
  create: "New list",
  rename: "Edit list",
  empty: "No lists yet",
  empty_text: "Make a list, then add contacts to it from the Contacts page.",
  count: contactsOf,
  remove: (name: string) => `Delete the list “${name}”?`,
  remove_text: (count: number) =>
    `The list goes. ${count === 0 ? "No one is on it." : `Its ${contactsOf(count)} stay.`}`,
};

export const TAGS = {
  title: "Tags",
  lead: "Short labels on contacts, such as VIP or Wholesale. Segments and campaigns can use them.",
  create: "New tag",
  rename: "Rename tag",
  empty: "No tags yet",
  empty_text: "Tag a contact on its page, or make a tag here first.",
  count: contactsOf,
  remove: (name: string) => `Delete the tag “${name}”?`,
  remove_text: (count: number) =>
    count === 0 ? "No contact has it." : `It is taken from ${contactsOf(count)}. The contacts stay.`,
};

export const FIELDS = {
  title: "Fields",
  lead: "What you keep of each contact beside name and number. Templates can use the values as variables.",
  create: "New field",
  rename: "Edit field",
  kind: "Kind",
  kinds: { text: "Text", number: "Number", date: "Date", boolean: "Yes or no", choice: "Choice" },
  kind_hint: "The kind can’t be changed later.",
  choices: "Choices",
  choices_hint: "One on each line.",
  empty: "No fields yet",
  empty_text: "Make a field such as Birthday, Customer number or Size.",
  remove: (name: string) => `Delete the field “${name}”?`,
  remove_text: "The field goes, and every contact’s value of it.",
  choices_of: (choices: readonly string[]) => choices.join(", "),
  built_in: "Name, phone, language, country and time zone are there for every contact.",
};

export const SEGMENTS = {
  title: "Segments",
  lead: "Contacts found by conditions. A segment is looked up anew each time it is used, so it is always current.",
  create: "New segment",
  empty: "No segments yet",
  empty_text: "Describe who you want to reach, and see at once how many they are.",
  conditions: (count: number) => many(count, "condition", "conditions"),
  changed: "Changed",
  duplicate: "Duplicate",
  copy_of: (name: string) => `Copy of ${name}`,
  show: "Show contacts",
  remove: (name: string) => `Delete the segment “${name}”?`,
  remove_text: "The segment goes. Its contacts stay.",
};

export const BUILDER = {
  new: "New segment",
  back: "Segments",
  name: "Name of the segment",
  name_hint: "Such as “Read in the last month, no order yet”",
  missing_name: "Give the segment a name.",
  missing: (count: number) => `Complete ${many(count, "condition", "conditions")} before you save.`,
  saved: "Segment saved",
  saved_text: (name: string) => `“${name}” is ready to use.`,
  group: (index: number) => `Group ${index}`,
  first: "Contacts who meet all of these",
  or: "or",
  and: "and",
  any: "any of these",
  add_condition: "Add condition",
  add_any: "Add “any of”",
  add_alternative: "Add alternative",
  add_group: "Add group (or)",
  remove_group: "Remove group",
  count: "Contacts now",
  counting: "Counting…",
  incomplete: "Complete the conditions to see who is in the segment.",
  preview: "Some of them, the newest first",
  no_one: "No contact matches these conditions now.",
  failed: "The count failed",
};
