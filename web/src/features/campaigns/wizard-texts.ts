import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";
import { duration } from "../../lib/words/time.ts";
import { categoryWords, people } from "./texts.ts";

/** What the four steps of writing a campaign say. */

export const WIZARD = {
  label: "Steps",
  steps: { basics: "Message", audience: "Audience", schedule: "Schedule", review: "Review" },
  filled: "filled in",
  back: "Back",
  next: (step: string) => `Next: ${step}`,
  draft: "This draft is saved as you go.",
  saving: "Saving…",
  saved: "All changes are saved.",
  not_saved: "Your last changes are not saved.",
  save_again: "Save again",
  delete: "Delete draft",
  ask_delete: "Delete this draft?",
  delete_added: (count: number) => `The ${people(count)} added to it are taken off it. Their contacts stay.`,
  deleted: "Draft deleted",
  not_deleted: "The draft was not deleted",
  gone: "This draft was deleted",
  gone_text:
    "Another person deleted it, or you did in another tab. What you changed since is not saved. You can start a new campaign.",
};

export const BASICS = {
  name: "Name",
  name_hint: "Only your team sees it.",
  name_missing: "Give the campaign a name.",
  number: "Send from",
  number_hint: "The business number that people get it from.",
  choose_number: "Choose a number",
  no_numbers:
    "No number is known yet. A number appears here, with its templates, once someone writes to it. In the sandbox, write a message there.",
  not_connected: "This number has no access token. Connect it before you launch.",
  number_paused: "Sending from this number is paused.",
  message: "What people get",
  message_kind: "Kind of message",
  kinds: { template: "One template", group: "By language" },
  change: "Change",
  category: (category: string | null) => (category === null ? "" : categoryWords(category)),
  no_message: {
    template: "Only approved templates can be sent to people who have not written in the last 24 hours.",
    group: "A group has the same message in several languages. Each person gets the one of their language.",
  },
  other_account: "It belongs to another account than the number. Choose another one.",
  variables: "What to fill in",
  variables_lead:
    "Each variable takes its words from the person, from your CSV, or is the same for everyone.",
};

export const PREVIEW = {
  title: "Preview",
  nothing: "Choose a message to see it here as a customer’s phone shows it.",
  language: "Language of the preview",
  examples: "With the examples of the template.",
  as: (name: string) => `As ${isolate(name)} gets it.`,
  choose: "Preview as a person",
  show_examples: "Show examples",
  would_be_skipped: (name: string, places: readonly string[]) =>
    `${isolate(name)} would be skipped: no value for ${places.join(", ")}.`,
};

export const AUDIENCE = {
  include: "Who gets it",
  include_hint: "Everyone who is in at least one of these. Each person gets it once.",
  exclude: "Who does not",
  exclude_hint: "People in any of these are left out, also when they are chosen above.",
  optional: "optional",
  add_source: "Add a list, segment or tag",
  search_source: "Search by name",
  no_sources: "There are no lists, segments or tags yet. Paste numbers instead.",
  nothing_found: "Nothing matches this search.",
  kinds: { list: "List", segment: "Segment", tag: "Tag" },
  gone: { list: "Deleted list", segment: "Deleted segment", tag: "Deleted tag" },
  people,
  remove: (name: string) => `Remove ${isolate(name)}`,
  added: "People added to this campaign",
  added_hint: "Paste numbers or rows of a spreadsheet. They are added to those above.",
  none_added: "No one was added.",
  columns: (columns: string) => `Columns: ${columns}`,
  csv: "Import a CSV",
  paste: "Paste numbers",
  paste_hint:
    "One number a line, with the country code. Rows of a spreadsheet work too: the number first, and a first line that names the columns.",
  numbers: "Numbers",
  numbers_example: "+44 7700 900123\n+1 555 010 0199",
  adding: "Adding people",
  add_people: (count: number) => (count === 0 ? "Add" : `Add ${people(count)}`),
  too_many: (most: number) =>
    `Paste at most ${formatNumber(most)} lines at once. Import longer lists as a CSV file.`,
  was_added: (added: number, updated: number) =>
    updated === 0
      ? `${people(added)} added.`
      : `${people(added)} added. ${people(updated)} were there already; their values are the new ones.`,
  refused: (count: number) => `${people(count)} could not be added:`,
  refused_line: (line: number, phone: string, says: string) => `Line ${line}, ${phone}: ${says}`,
  close: "Done",
  cancel: "Cancel",
  remove_added: "Remove all",
  ask_remove: (count: number) => `Remove ${people(count)} from this campaign?`,
  remove_text: "Their contacts stay, and so do the lists, segments and tags that you chose.",
  not_removed: "They were not removed",
  reach: "Reach",
  reach_empty: "Choose who gets it to see how many people that reaches.",
  counting: "Counting",
  gets_nothing: "gets nothing",
  would_get_it: (count: number) => (count === 1 ? "person would get it now" : "people would get it now"),
  included: (count: number) => `Of ${formatNumber(count)} that you chose:`,
  unreachable: "No number to write to",
  missing_values: "No value for a variable",
  excluded: "Excluded by you",
  duplicates: "Chosen more than once",
};

const numbers = (count: number) => (count === 1 ? "1 number" : `${formatNumber(count)} numbers`);

/** Numbers that are left out. */
export const LEFT_OUT = {
  paste: "Leave out numbers",
  paste_hint:
    "Choose a CSV file or paste numbers, with the country code. The column with the numbers is found by itself. No contacts are made of them.",
  choose_file: "Choose a CSV file",
  file: (name: string, count: number) => `${isolate(name)}: ${numbers(count)}`,
  numbers: "Numbers to leave out",
  numbers_example: AUDIENCE.numbers_example,
  adding: "Leaving out numbers",
  add_people: (count: number) => (count === 0 ? "Leave out" : `Leave out ${numbers(count)}`),
  too_many: (most: number) =>
    `Leave out at most ${formatNumber(most)} numbers at once. For more, import them to a list and exclude the list.`,
  was_added: (added: number, known: number) =>
    known === 0
      ? `${numbers(added)} left out.`
      : `${numbers(added)} left out. ${numbers(known)} were left out already.`,
  refused: (count: number) =>
    count === 1 ? "1 line is no number:" : `${formatNumber(count)} lines are no numbers:`,
  refused_line: AUDIENCE.refused_line,
  close: "Done",
  cancel: "Cancel",
  people: (count: number) => `${numbers(count)} left out`,
  remove: "Leave out none",
  ask_remove: (count: number) => `Leave out none of the ${numbers(count)}?`,
  remove_text: "Those of them who are chosen above get the campaign.",
  not_removed: "The numbers are still left out",
};

export const SCHEDULE = {
  when: "When it starts",
  now: "As soon as I launch it",
  now_hint: "The first messages go out within seconds.",
  at: "At a set time",
  at_hint: "For everyone at the same moment.",
  local: "At each person’s local time",
  local_hint:
    "At this time of the clock where the person is, by their time zone or the country of their number.",
  date: "Date",
  time: "Time",
  zone: "Time zone",
  other_zone: "For people whose zone is not known",
  past: "This time has passed. Choose a later one.",
  speed: "How fast it goes",
  fast: "As fast as the number may",
  fast_hint: "Replies in the Inbox always go first.",
  limited: "At most so many a minute",
  limited_hint:
    "For a team that answers replies, or a shop that can’t take everyone at once. You can change it while it runs.",
  per_minute: "Messages a minute",
  takes: (count: number, length_ms: number) =>
    `${people(count)} at this speed: about ${duration(length_ms)}.`,
  over_hours: "Deliver over (hours)",
  use_rate: (rate: number | null) => (rate === null ? "Use this" : `Use ${formatNumber(rate)} a minute`),
  safety: "What keeps it safe",
  canary: "Send to a few first",
  canary_hint: "The rest follows when the first ones went well. Otherwise it is put on hold, and you decide.",
  first: "How many first",
  by_percent: "A part of the audience",
  by_count: "A number of people",
  percent: "Percent",
  people: "People",
  wait: "Then wait (minutes)",
  breaker: "Put it on hold when it goes wrong",
  breaker_hint: "Looks at the last messages while it runs. Nothing more is sent until you resume it.",
  failed_percent: "Failed, in percent",
  opted_out_percent: "Opted out, in percent",
  empty_never: "Empty: never for this reason.",
  window: "Of the last messages",
  window_hint: "A larger number reacts later.",
  afterwards: "Afterwards",
  retry: "Try those again that Meta limited",
  retry_hint:
    "Meta caps how many marketing messages a person gets. Later tries often arrive. They stop when the person replies or opts out.",
  gap: "Hours between tries (24 or more)",
  until: "Keep trying until",
  until_wrong: "At most 7 days after the start.",
  clicks: "Count clicks on links",
  clicks_hint:
    "Works for buttons whose link Meta approved with this server’s own address. It counts who opens them and passes people on.",
};

export const REVIEW = {
  checking: "Checking the campaign",
  checks: "Checks",
  check_sum: (wrong: number) =>
    wrong === 0 ? "ready to launch" : wrong === 1 ? "1 thing to correct" : `${wrong} things to correct`,
  levels: { ok: "Passed", warning: "Look at this", error: "To be corrected" },
  check_names: {
    "Template Status": "Template status",
    "Audience Consent": "Audience consent",
    "Template Category": "Template category",
    Variables: "Variables",
    "Messaging Limit": "Messaging limit",
    "Marketing Limits": "Your marketing limits",
    Countries: "Countries",
    Connection: "Connection",
    Schedule: "Schedule",
    Approval: "Approval",
  },
  go_to: (step: string) => `Go to ${step}`,
  estimates: "What to expect",
  people: "People",
  of_people: (count: number) => `of ${formatNumber(count)} chosen`,
  takes: "Sending takes",
  at_once: "No time",
  about: (length: string) => `About ${length}`,
  rate: (per_s: number) =>
    per_s >= 1
      ? `${formatNumber(Math.round(per_s))} messages a second`
      : `${formatNumber(Math.max(1, Math.round(per_s * 60)))} messages a minute`,
  limit: "Meta’s daily limit",
  no_limit: "Not known",
  one_day: "Fits into a day",
  in_days: (days: number) => `${formatNumber(days)} days`,
  limit_hint: "Meta lets so many new people be written to each day. The campaign goes on by itself.",
  cost: "What Meta would charge for",
  cost_columns: ["Country", "Category", "Messages"],
  other_countries: (count: number) => (count === 1 ? "1 other country" : `${count} other countries`),
  money_columns: ["Price", "Amount"],
  no_price: "No price",
  cost_sum: "Cost",
  cost_most: "If everyone gets it, and Meta charges for each of them.",
  money_hint:
    "By your prices, without Meta’s discounts by volume. Meta charges for messages that are delivered.",
  cost_hint: "Meta charges for messages that are delivered, at its own prices for each country and category.",
  previews: "What real people would get",
  no_previews: "Choose a message and an audience to see it for real people.",
  preview_kinds: { complete: "Complete", missing: "Something missing", suppressed: "Gets nothing" },
  preview_of: (name: string) => `Message to ${isolate(name)}`,
  test: "Send a test",
  test_to: "Numbers",
  test_hint: "Up to 5, separated by commas. Tests are not counted.",
  test_too_many: "A test goes to at most 5 numbers.",
  test_as: (name: string) => `Filled in as for ${isolate(name)}.`,
  test_samples: "Filled in with the examples.",
  use_person: "Fill in as a person",
  use_samples: "Use examples",
  send_test: "Send test",
  test_states: {
    QUEUED: "Waiting to be sent.",
    sending: "On its way to Meta.",
    ACCEPTED: "Meta has accepted it.",
    SENT: "Sent.",
    DELIVERED: "Delivered.",
    READ: "Read.",
    PLAYED: "Played.",
    FAILED: "Not delivered.",
    unconfirmed: "Meta has not confirmed it.",
    cancelled: "Cancelled.",
  },
  launch_title: "Launch",
  goes_to: (count: number, start: string) => `It goes to ${people(count)}, ${start}.`,
  not_ready: "Correct what the checks say, then launch it here.",
  needs_approval: "A second person has to approve it before it starts.",
  ask_approval: "Ask for approval",
  launch: "Launch now",
  schedule: "Schedule",
  starts_now: "starting now",
  starts_at: (day: string, time: string, zone: string) => `on ${day} at ${time} (${zone})`,
  starts_local: (day: string, time: string) => `on ${day} at ${time} where each person is`,
  confirm: (count: number) => `Send to ${people(count)}?`,
  confirm_text: (count: number, start: string) =>
    `${people(count)} get this message, ${start}. You can pause or cancel it, but messages that are out can’t be taken back.`,
  confirm_ask: (count: number) => `Ask for approval to send to ${people(count)}?`,
  confirm_ask_text: (start: string) =>
    start === REVIEW.starts_now
      ? "Nothing is sent yet. It starts when another person approves it on the campaign’s page."
      : `Nothing is sent yet. Once another person approves it on the campaign’s page, it goes out ${start}.`,
  asked: "Approval asked for",
  launched: "Campaign launched",
  not_launched: "The campaign was not launched",
};
