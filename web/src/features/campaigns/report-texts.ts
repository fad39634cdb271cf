import type { Reached } from "../../../../src/contract/campaigns.ts";
import { formatNumber } from "../../lib/words/intl.ts";

/** What the report over all campaigns says. */

const THINGS = {
  day: ["day", "days"],
  campaign: ["campaign", "campaigns"],
  template: ["template", "templates"],
  category: ["category", "categories"],
  country: ["country", "countries"],
  number: ["number", "numbers"],
} as const;

export const REPORT = {
  title: "Campaign report",
  lead: "What came of all campaigns, counted when it happened. Days are those of UTC.",
  csv: "Export CSV",
  by: "Group by",
  by_names: {
    day: "Day",
    campaign: "Campaign",
    template: "Template",
    category: "Category",
    country: "Country",
    number: "Number",
  },
  time: "Time",
  any_time: "Any time",
  from_to: "From … to …",
  from: "From",
  to: "To",
  number: "Number",
  any_number: "Any number",
  none: "Nothing in this time",
  none_text: "Choose a longer time, or another number.",
  table: "All figures",
  total: "Total",
  charged: "Charged",
  charged_hint: "Charged: messages that Meta charges for.",
  cost: "Cost",
  cost_hint: "Cost: what Meta charges for, by your prices and without its discounts by volume.",
  unpriced: (count: number) => `${formatNumber(count)} without a price`,
  delivered_only: "Delivered, not read yet",
  words: (total: Reached, rows: number, by: keyof typeof THINGS) =>
    `${formatNumber(total.submitted)} submitted, ${formatNumber(total.delivered)} delivered, ${formatNumber(total.read)} read and ${formatNumber(total.failed)} failed, in ${formatNumber(rows)} ${THINGS[by][rows === 1 ? 0 : 1]}.`,
};
