import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";

/** What a condition about a contact says, and what chooses among tags and lists. */

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;

export const CONDITION = {
  remove_condition: "Remove condition",
  subject: "What it is about",
  operator: "How it is compared",
  value: "Value",
  value_to: "Up to",
  between: "and",
  days: "Days",
  days_unit: "days",
  values_hint: "Separate with commas",
  event_name: "Name of the event",
  event_hint: "order.placed",
  event_path: "Number in the event",
  event_path_hint: "total or cart.total",
  within: "Within",
  ever: "at any time",
  last_days: (days: number) => `in the last ${many(days, "day", "days")}`,
  measure: "What counts",
  campaign: "Campaign",
  any_campaign: "any campaign",
  choose: "Choose…",
  gone: "Deleted",
  none_chosen: "Choose",
  chosen: (names: string[]) =>
    names.length > 2 ? `${names.slice(0, 2).join(", ")} +${names.length - 2}` : names.join(", "),
  yes: "Yes",
  no: "No",
};

export const PICK = {
  tags: { add: "Add tag", search: "Find or create a tag", none: "No tags yet", label: "Tags" },
  lists: { add: "Add to list", search: "Find or create a list", none: "No lists yet", label: "Lists" },
  create: (name: string) => `Create “${name}”`,
  nothing: (text: string) => `Nothing is called “${text}”.`,
  remove: (name: string) => `Remove ${name}`,
  failed: "Not created",
};

export const SUBJECT_GROUPS = {
  about: "About the contact",
  membership: "Tags, lists and consent",
  activity: "Activity",
  fields: "Your fields",
};

export const SUBJECTS = {
  name: "Name",
  phone: "Phone number",
  language: "Language",
  country: "Country",
  time_zone: "Time zone",
  created_at: "First seen",
  last_inbound_at: "Last message received",
  last_delivered_at: "Last message delivered",
  last_read_at: "Last message read",
  last_replied_at: "Last reply to a message",
  tag: "Tag",
  list: "List",
  consent: "Marketing preference",
  event: "Event",
  campaign: "Campaigns",
};

/** The same by any name. */
export const SUBJECT_NAMES = tableOf<string>(SUBJECTS);

export const OPERATORS = tableOf<string>({
  is: "is",
  is_not: "is not",
  contains: "contains",
  starts_with: "starts with",
  in: "is one of",
  not_in: "is none of",
  "=": "is",
  "<": "is less than",
  ">": "is more than",
  "<=": "is at most",
  ">=": "is at least",
  between: "is between",
  before: "is before",
  after: "is after",
  on: "is on",
  in_last_days: "is in the last",
  not_in_last_days: "is not in the last",
  is_set: "is known",
  is_not_set: "is not known",
  any: "is any of",
  none: "is none of",
});

export const MEASURES = { count: "how many times", last: "the last time", sum: "the sum of" };

export const RECEIVED = {
  sent: "were sent",
  delivered: "were delivered",
  read: "were read",
  replied: "were replied to",
  clicked: "were clicked",
};
