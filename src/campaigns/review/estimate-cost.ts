import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { amountOf, moneyOf, type Pricer } from "../../costs/costs.ts";
import { startOf, type CampaignRow } from "../definition/definition.ts";

type Review = z.infer<typeof shapes.Review>;

/**
 * What it costs where everyone gets it and Meta charges for each: Meta alone knows what it does not charge for, and which
 * discounts by volume there are.
 */
export function estimateCost(
  pricer: Pricer | null,
  category: string,
  countries: readonly { country: string | null; people: number }[],
  day: string,
): Pick<Review, "cost" | "money"> {
  const charged = countries.map(({ country, people }) => ({ country, category, day, messages: people }));
  const cost = charged.map((one) => {
    const money = pricer === null ? null : moneyOf(pricer, [one]);
    const micros = pricer?.microsOf(one) ?? null;
    const known = money !== null && micros !== null;
    const { country, messages } = one;
    return {
      country,
      category,
      messages,
      price: known ? amountOf(micros) : null,
      amount: known ? money.amount : null,
    };
  });
  return { cost, money: pricer === null ? null : moneyOf(pricer, charged) };
}

/** In UTC. */
export const dayOfStart = ({ schedule }: CampaignRow, now: Date): string =>
  new Date(Math.max(startOf(schedule) ?? 0, now.getTime())).toISOString().slice(0, 10);
