import { z } from "zod";
import { Named } from "./audience.ts";
import { Day } from "./shapes.ts";

/** Shapes of what messages cost: the rate card that a workspace enters, and money. */

const Count = z.number().int();

export const Rate = z
  .object({
    market: z
      .string()
      .min(1)
      .max(100)
      .describe(
        "A country such as `DE`, a region of Meta's such as `REST_OF_AFRICA`, or `OTHER` for all others",
      ),
    category: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .describe("As Meta names it in `pricing`: `marketing`, `utility`, `authentication`"),
    from: Day.describe("It counts from this day on, until the next price of the same market and category"),
    price: z.number().min(0).max(100_000).describe("For one message, with up to 6 decimals"),
  })
  .strict();
const Currency = z.string().regex(/^[A-Z]{3}$/, "must be a currency such as USD");

export const RateCard = z.object({
  currency: z.string().nullable().describe("null: no prices were entered"),
  rates: z.array(Rate),
  updated_at: z.iso.datetime().nullable(),
  updated_by: Named.nullable(),
});
export const NewRateCard = z.object({ currency: Currency, rates: z.array(Rate).max(10_000) }).strict();

export const PriceCsv = z
  .object({
    csv: z
      .string()
      .min(1)
      .max(500_000)
      .describe(
        "A line a price (market, category, price, and from if it differs), or Meta's own form: a line a market with a column for each category",
      ),
    from: Day.describe("The day of lines that name none"),
    currency: Currency.optional().describe("Of a file that names none"),
  })
  .strict();
export const PriceFault = z.object({
  line: Count.nullable().describe("null: it is about the whole file"),
  says: z.string(),
});
export const AddedPrices = z.object({
  card: RateCard,
  added: Count,
  changed: Count,
  unchanged: Count,
  faults: z.array(PriceFault).describe("Where there are any, nothing was changed"),
});

export const Money = z.object({
  currency: z.string(),
  amount: z
    .number()
    .describe("Of all that the rate card has a price for; Meta's discounts by volume are not taken off"),
  unpriced: z
    .array(z.object({ country: z.string().nullable(), category: z.string(), messages: Count }))
    .describe("What the rate card has no price for; it is not in the amount"),
});
