import { formatNumber } from "../../lib/words/intl.ts";
import { isolate } from "../../lib/words/isolate.ts";
import { duration } from "../../lib/words/time.ts";
import { people } from "./texts.ts";

/** What the page of one campaign says. */

const messages = (count: number) => (count === 1 ? "1 message" : `${formatNumber(count)} messages`);

export const COUNTS = {
  audience: "Audience",
  skipped: "Skipped",
  queued: "Queued",
  submitted: "Submitted",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  replied: "Replied",
  clicked: "Clicked",
  opted_out: "Opted out",
  failed: "Failed",
  limited: "Limited by Meta",
};

export const KPI = {
  label: "Figures",
  whole: "Everyone it is for",
  of: (part: string, whole: number, name: string) =>
    `${part} of ${formatNumber(whole)} ${name.toLowerCase()}`,
  means: {
    audience: "Everyone who was chosen when it was launched. Opens all of them.",
    skipped: "Nothing was sent to them, for a reason that each row says.",
    queued: "About to be sent.",
    submitted: "Handed to Meta.",
    sent: "Accepted and sent by Meta. Percent of those submitted.",
    delivered: "Arrived on the phone. Percent of those sent.",
    read: "Opened. People can hide this, so the true number is higher. Percent of those delivered.",
    played: "Listened to or watched.",
    replied: "Wrote back within 72 hours. Percent of those delivered.",
    clicked: "Opened a link of the message. Percent of those delivered.",
    opted_out: "Stopped marketing messages after this one. Percent of those delivered.",
    failed: "Not delivered for another reason than Meta’s limit. Percent of those submitted.",
    limited:
      "Meta chose not to deliver, as the person gets many marketing messages. Percent of those submitted.",
  },
};

export const RESULTS = {
  title: "Results",
  loading: "Loading the results",
  live: "Live,",
  figures: "Figures",
  updated: (when: string) => `updated ${when}`,
  partial: "What is still missing",
};

export const FUNNEL = {
  title: "From audience to reply",
  left: {
    waiting: (count: number) => `${formatNumber(count)} waiting`,
    skipped: (count: number) => `${formatNumber(count)} skipped`,
    cancelled: (count: number) => `${formatNumber(count)} cancelled`,
    underway: (count: number) => `${formatNumber(count)} on the way`,
    failed: (count: number) => `${formatNumber(count)} failed`,
    unread: (count: number) => `${formatNumber(count)} not seen to be read`,
    silent: (count: number) => `${formatNumber(count)} without a reply`,
  },
};

export const STANDING = {
  title: "Where everyone is now",
  lead: "Each person stands in exactly one line.",
  columns: ["State", "People", "Part"],
  sum: "Sum",
  counted: "Counted so far",
  of: (audience: string) => `of ${audience}`,
};

export const RISING = {
  title: "Progress",
  too_early: "The chart is drawn once there are figures of two minutes.",
  words: (from: string, to: string, submitted: number, delivered: number, read: number) =>
    `From ${from} to ${to}: ${formatNumber(submitted)} submitted, ${formatNumber(delivered)} delivered, ${formatNumber(read)} read.`,
  table: "Show as a table",
  time: "Time",
};

export const REASONS = {
  failures: "Why messages failed",
  no_failures: "No message has failed.",
  code: (code: number) => `(${code})`,
  limited: "Limited by Meta",
  skipped: "Who was skipped",
  no_skipped: "No one was skipped.",
  of_audience: (part: string) => `${part} of the audience`,
  countries: "By country",
  no_countries: "Known once people are chosen.",
  country_columns: ["Country", "Audience", "Delivered", "Read"],
  more_countries: (count: number) =>
    count === 1 ? "1 more country is in the CSV." : `${count} more countries are in the CSV.`,
};

export const TIMES = {
  title: "How long it took",
  deliver: "To arrive",
  read: "To be read",
  none: "Not known yet",
  half: (length: string) => `${length} (median)`,
  most: (length: string) => `95% within ${length}`,
  cost: "What Meta charges for",
  no_cost: "Meta tells it with the first deliveries.",
  cost_columns: ["Category", "Charged", "Free"],
  amount: "Cost",
  cost_hint: "As Meta’s statuses say. Prices are on Meta’s invoice.",
  money_hint: "As Meta’s statuses say, by your prices and without Meta’s discounts by volume.",
};

export const RECIPIENT_STATES = {
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
};
export const SKIP_REASONS = {
  consent: "Does not want marketing messages",
  unreachable: "No number to write to",
  missing_value: "A value is missing",
  frequency_cap: "Had enough marketing messages lately",
  quiet_hours: "Quiet hours",
  template: "No template in their language",
  erased: "Erased",
};

export const PEOPLE = {
  title: "People",
  csv: "Export CSV",
  loading: "Loading people",
  more: "Show more people",
  columns: ["Person", "State", "Reason", "Reaction"],
  search: "Search people",
  search_hint: "Name or number",
  state: "State of the message",
  any_state: "Any state",
  skip_reason: "Why skipped",
  any_reason: "Skipped or not",
  clear: "Show everyone",
  behind: (count: string) => `Those behind “${count}”`,
  with_error: (code: string) => (code === "0" ? "Refused before Meta was asked" : `Error ${code}`),
  from_country: (country: string) => `From ${country}`,
  none: "No one here",
  none_text: "No one matches the search and the filters.",
  none_yet: "People appear here as soon as they are chosen.",
  no_number: "Number hidden",
  open: (name: string) => `Open the conversation with ${isolate(name)}`,
  replied: "Replied",
  clicked: "Clicked",
  opted_out: "Opted out",
  due: (when: string) => `Goes out ${when}`,
  again: (when: string) => `Tried again ${when}`,
  attempts: (count: number) => `${count} tries`,
};

export const FACTS = {
  group: (name: string) => `${name} (by language)`,
  rate: (per_min: number) => `at most ${formatNumber(per_min)} a minute`,
  started: (time: string) => `started ${time}`,
  ended: (time: string) => `ended ${time}`,
  starts: (time: string) => `starts ${time}`,
  by: (name: string) => `by ${isolate(name)}`,
};

export const BANNERS = {
  held: {
    template: "On hold: the template can’t be sent",
    number_paused: "On hold: the number is paused",
    limit: "On hold: Meta’s limit is reached",
    breaker: "On hold: too much went wrong",
    missed_start: "It did not start in time",
    approval: "Waiting for approval",
    connection: "On hold: the connection to Meta",
    canary: "Waiting after the first ones",
    audience: "On hold: the audience can’t be read",
  },
  approved_again: "Meta has approved the template again. Resume to go on.",
  waits: {
    limited_retry: "Waiting to try again those that Meta limited",
    local_time: "Waiting for people’s local time",
  },
  waits_text: {
    limited_retry: "Everyone else is done. It ends by itself after the last try.",
    local_time: "It goes on by itself.",
  },
  asked_by: (name: string) => `${isolate(name)} asks for your approval.`,
  asked_by_you: "You asked for it, so another person has to approve it. Show them this page.",
  approve: "Approve and start",
  stalled: "It runs, but nothing is being sent",
  preparing: (done: number, of: number | null) =>
    of === null
      ? `Choosing the people: ${formatNumber(done)} so far`
      : `Choosing the people: ${formatNumber(done)} of ${formatNumber(of)}`,
  preparing_label: "People chosen",
  preparing_text: "Sending begins when everyone is chosen.",
  paused: "Paused",
  paused_text: (count: number) =>
    count === 0
      ? "No one is waiting."
      : `${people(count)} have not got it yet. Resume it to go on with them.`,
  archived: "Archived",
  archived_text: "It is not in the list of campaigns any more. Its figures stay.",
};

export const ACTIONS = {
  more: "More",
  pause: "Pause",
  resume: "Resume",
  start_now: "Start now",
  cancel: "Cancel campaign",
  retry: (count: number) => `Retry failed (${formatNumber(count)})`,
  rate: "Change speed",
  duplicate: "Duplicate",
  archive: "Archive",
  unarchive: "Take out of the archive",
  duplicated: "Duplicated as a draft",
  not_duplicated: "The campaign was not duplicated",
  done: {
    pause: "Paused",
    resume: "Resumed",
    cancel: "Cancelled",
    retry: "Trying again",
    approve: "Approved",
    archive: "Archived",
    unarchive: "Back in the list",
  },
  failed: {
    pause: "It was not paused",
    resume: "It was not resumed",
    cancel: "It was not cancelled",
    retry: "Nothing is tried again",
    approve: "It was not approved",
    archive: "It was not archived",
    unarchive: "It is still archived",
  },
};

export const CANCEL = {
  title: "Cancel this campaign?",
  yes: "Cancel campaign",
  no: "Keep it running",
  scheduled: "It will not start, and no one gets it.",
  waiting: (count: number) => `${people(count)} who are waiting will not get it.`,
  queued: (count: number) =>
    `${messages(count)} in the queue are taken back, as far as they are not on their way.`,
  submitted: (count: number) => `${messages(count)} with Meta can’t be stopped any more.`,
  final: "A cancelled campaign can’t be resumed. You can duplicate it.",
};

export const RETRY = {
  title: (count: number) => `Try ${people(count)} again?`,
  yes: "Try again",
  text: "Only those are tried whose failure may pass. The rest stay as they are, and their reasons with them.",
};

export const RATE = {
  title: "Change speed",
  limited: "Limit messages a minute",
  limited_hint: "Off: as fast as the number may.",
  per_minute: "Messages a minute",
  wrong: "Enter a number from 1 to 60,000.",
  takes: (count: number, length_ms: number) =>
    `The ${formatNumber(count)} that are left take about ${duration(length_ms)}.`,
  cancel: "Cancel",
  save: "Save",
  saved: "Speed changed",
  saved_text: (rate: number | null) =>
    rate === null ? "It goes as fast as the number may." : `At most ${formatNumber(rate)} messages a minute.`,
  not_saved: "The speed was not changed",
};
