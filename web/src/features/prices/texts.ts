import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";

/** Every text of the prices of messages. */

const prices = (count: number) => (count === 1 ? "1 price" : `${formatNumber(count)} prices`);

export const PRICES = {
  title: "Message prices",
  settings: "Settings",
  lead: "What Meta charges you for a message. With these prices, campaigns show what they cost in money.",
  owners: "Only owners can change them.",
  loading: "Loading prices",
  add: "Add prices",
  add_lead:
    "Meta publishes a price list for each currency, as a file. Upload it here, or paste rows of a spreadsheet.",
  meta_list: "Open Meta’s price lists",
  text: "Prices",
  text_hint:
    "A line for each market with a column for each category, as in Meta’s file. Or three columns: market, category and price.",
  example:
    "Market,Currency,Marketing,Utility,Authentication\nBrazil,USD,0.0625,0.0068,0.0068\nRest of Africa,USD,0.0225,0.0040,0.0040",
  upload: "Choose a file",
  currency: "Currency",
  currency_hint: "For a list that does not name it.",
  from: "They count from",
  from_hint: "Earlier messages keep their prices.",
  save: "Save prices",
  missing: "Paste prices or choose a file.",
  too_large: "This file is too large for a price list. Choose a file of at most 500 KB.",
  wrong: "Nothing was saved. Correct these lines:",
  line: (line: number | null, says: string) => (line === null ? says : `Line ${formatNumber(line)}: ${says}`),
  more_faults: "There may be more after these.",
  saved: "Prices saved",
  saved_text: (added: number, changed: number, unchanged: number) =>
    `${prices(added)} added, ${formatNumber(changed)} changed, ${formatNumber(unchanged)} unchanged.`,
  not_saved: "The prices were not saved",
  yours: "Your prices",
  yours_lead: (count: number, currency: string) => `${prices(count)} in ${currency}.`,
  none: "No prices yet",
  none_text: "Until you add prices, campaigns show how many messages Meta charges for, and no amounts.",
  search: "Search by market or category",
  nothing_found: "No price matches this search.",
  heads: ["Market", "Category", "Counts from", "Price"],
  shown: (shown: number, of: number) => `${formatNumber(shown)} of ${prices(of)}. Search to see the others.`,
  remove: "Remove all prices",
  ask_remove: "Remove all prices?",
  remove_text: "Campaigns and the report show messages instead of money until you add prices again.",
  removed: "Prices removed",
  removed_text: "Campaigns show messages again.",
  not_removed: "The prices were not removed",
  notes: "What the amounts mean",
  notes_list: [
    "Meta’s statuses say which messages it charges for. The amount is their number times your price.",
    "A country without a price of its own takes that of its region, then that of Other.",
    "Meta’s discounts by volume are not taken off. Its invoice decides.",
    "Each message has the price of the day on which it arrived, in UTC.",
  ],
};

const REGIONS = tableOf<string>({
  NORTH_AMERICA: "North America",
  REST_OF_AFRICA: "Rest of Africa",
  REST_OF_ASIA_PACIFIC: "Rest of Asia Pacific",
  REST_OF_CENTRAL_AND_EASTERN_EUROPE: "Rest of Central and Eastern Europe",
  REST_OF_LATIN_AMERICA: "Rest of Latin America",
  REST_OF_MIDDLE_EAST: "Rest of Middle East",
  REST_OF_WESTERN_EUROPE: "Rest of Western Europe",
  OTHER: "Other",
});
const countries = new Intl.DisplayNames("en-GB", { type: "region", fallback: "code" });

export const marketName = (market: string): string =>
  REGIONS[market] ?? (/^[A-Z]{2}$/.test(market) ? (countries.of(market) ?? market) : market);

export const categoryName = (category: string): string => {
  const words = category.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
