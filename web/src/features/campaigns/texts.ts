import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { exactTime } from "../../lib/words/time.ts";
import type { Reply } from "../../../../src/contract/contract.ts";

/** What the list of campaigns says, and what several of their pages do. */

const many = (count: number, one: string, others: string) =>
  count === 1 ? `1 ${one}` : `${formatNumber(count)} ${others}`;

export const TITLE = "Campaigns";
/** Where there is nothing to take a part of. */
export const NO_SHARE = "–";

export const STATES = {
  DRAFT: "Draft",
  SCHEDULED: "Scheduled",
  RUNNING: "Running",
  PAUSED: "Paused",
  HELD: "On hold",
  COMPLETED: "Completed",
  CANCELLED: "Cancelled",
  ARCHIVED: "Archived",
  stalled: "Not moving",
};
/** A campaign that runs, and has nothing to do until a time comes. */
export const WAITS = "Running · waits";
/** What it came to; nothing is said of one that reached all. */
export const OUTCOMES = {
  PENDING: null,
  SENT: null,
  PARTIALLY_SENT: "partly sent",
  FAILED: "failed",
};

export const LIST = {
  lead: "One approved message to many people, with figures that you can open down to each person.",
  create: "New campaign",
  report: "Report",
  new_name: (day: string) => `Campaign of ${day}`,
  not_made: "The campaign was not created",
  unnamed: "Campaign without a name",
  loading: "Loading campaigns",
  older: "Show more",
  back: "All campaigns",
  state: "State",
  all: "All",
  search: "Search campaigns",
  search_hint: "A part of the name",
  clear: "Clear search",
  columns: ["Campaign", "State", "Sent", "Delivered", "Read", "Failed", "Created"],
  delivered: "Delivered",
  read: "Read",
  failed: "Failed",
  progress: (name: string) => `How far ${name} is`,
  sent_of: (sent: number, audience: number) => `${formatNumber(sent)} of ${formatNumber(audience)}`,
  without: (count: number) =>
    count === 0 ? undefined : `${people(count)} do not get it: skipped, failed or limited by Meta`,
  starts: (when: string) => `Starts ${when}`,
  group: (name: string) => `${name} (group)`,
  nothing_chosen: "No message chosen yet",
  none: "No campaign matches",
  none_text: "Change the search or choose another state.",
  empty: "No campaigns yet",
  empty_text: "A campaign sends one approved template to everyone you choose, and shows what came of it.",
  teach: [
    {
      title: "Choose the message",
      text: "An approved template, or a group of templates in several languages, filled in for each person.",
    },
    {
      title: "Choose the people",
      text: "Lists, segments and tags, or numbers that you paste. You see how many it reaches before it goes out.",
    },
    {
      title: "Launch and watch",
      text: "Now or later, at your speed. It is put on hold by itself when too many messages fail.",
    },
  ],
};

/** For what a campaign that runs waits, and until when. */
export const waitWords = ({
  for: what,
  people: count,
  until,
  time,
}: NonNullable<Reply<"GET /api/v1/campaigns/:id">["waits"]>) =>
  what === "local_time"
    ? `${people(count)} ${count === 1 ? "waits" : "wait"} until it is ${time} where they are.`
    : `${people(count)} ${count === 1 ? "waits" : "wait"} to be tried again after Meta’s limit${until === null ? "" : `, until ${exactTime(until)} at the latest`}.`;

export const CHOOSE = {
  person: "Choose a person",
  person_search: "Name or number",
  nothing_found: "No one matches this search.",
};

const CATEGORIES = tableOf<string>({
  MARKETING: "Marketing",
  UTILITY: "Utility",
  AUTHENTICATION: "Authentication",
  SERVICE: "Service",
});
/** Meta writes categories in small or capital letters. */
export const categoryWords = (category: string): string => {
  const words = category.replaceAll("_", " ").toLowerCase();
  return (
    CATEGORIES[category.toUpperCase()] ??
    (words === "" ? "Unknown" : words.charAt(0).toUpperCase() + words.slice(1))
  );
};

const countries = new Intl.DisplayNames("en-GB", { type: "region" });
/** A code that is none stays as it came. */
export function countryName(country: string | null): string {
  if (country === null || country === "ZZ") return "Unknown country";
  try {
    return countries.of(country) ?? country;
  } catch {
    return country;
  }
}

/** What the rate card has no price for, in a sentence. */
export const unpricedWords = (
  unpriced: readonly { country: string | null; category: string; messages: number }[],
): string => {
  const named = unpriced
    .slice(0, MOST_UNPRICED)
    .map(({ country, category, messages }) =>
      country === null
        ? `${formatNumber(messages)} to numbers whose country isn’t known`
        : `${formatNumber(messages)} in ${countryName(country)} (${categoryWords(category).toLowerCase()})`,
    );
  const rest = unpriced.slice(MOST_UNPRICED).reduce((sum, { messages }) => sum + messages, 0);
  return [...named, ...(rest > 0 ? [`${formatNumber(rest)} elsewhere`] : [])].join(", ");
};
const MOST_UNPRICED = 4;

export const PRICES = {
  add: "Add your prices",
  add_text: "to see this in money.",
  edit: "Prices",
  unpriced: (what: string) => `Not in it, as no price is known: ${what}.`,
};

export const people = (count: number) => many(count, "person", "people");
