import { expect, it } from "vitest";
import { readPrices } from "./price-csv.ts";
import { createPricer, moneyOf } from "./pricing.ts";

const FROM = "2026-10-01";
const pricesOf = (text: string) =>
  readPrices(text, FROM).rates.map(
    ({ market, category, from, price }) => `${market} ${category} ${from} ${price}`,
  );
const faultsOf = (text: string) => readPrices(text, FROM).faults;

it("Meta's own file is read: a title above, a line a market, a column for each category, n/a where there is no price", () => {
  const file = [
    "WhatsApp Business Platform rate card,,,,,",
    "Market,Currency,Marketing,Utility,Authentication,Authentication-International",
    "Brazil,$US,0.0625,0.0068,0.0068,n/a",
    '"Rest of Central & Eastern Europe",$US,0.0860,0.0212,,n/a',
    "Côte d’Ivoire,$US,0.0225,,,",
  ].join("\r\n");
  expect(readPrices(file, FROM)).toMatchObject({ currency: "USD", faults: [] });
  expect(pricesOf(file)).toEqual([
    "BR marketing 2026-10-01 0.0625",
    "BR utility 2026-10-01 0.0068",
    "BR authentication 2026-10-01 0.0068",
    "REST_OF_CENTRAL_AND_EASTERN_EUROPE marketing 2026-10-01 0.086",
    "REST_OF_CENTRAL_AND_EASTERN_EUROPE utility 2026-10-01 0.0212",
    "CI marketing 2026-10-01 0.0225",
  ]);
});

it("a line a price is read too, pasted from a spreadsheet, with decimal commas and a day of its own", () => {
  expect(
    pricesOf("market;category;price;from\nDE;Marketing;0,1131;2026-07-01\nger many;utility;0,0456;"),
  ).toEqual(["DE marketing 2026-07-01 0.1131", "DE utility 2026-10-01 0.0456"]);
  expect(pricesOf("Country\tCategory\tPrice\nIndia\tmarketing-lite\t₹0.7846")).toEqual([
    "IN marketing_lite 2026-10-01 0.7846",
  ]);
});

it("each wrong line is named, with what to do", () => {
  const file =
    "market,category,price,currency,from\nAtlantis,utility,1,,\nFR,utility,cheap,,\nFR,,1,,\nES,utility,1,EUR,\nES,utility,1,USD,1.2.2026\nES,utility,2,EUR,";
  expect(faultsOf(file)).toEqual([
    { line: 2, says: "“Atlantis” is no country and none of Meta's regions." },
    { line: 3, says: "“cheap” is no price. Write it as 0.0625." },
    { line: 4, says: "The category is missing, such as marketing." },
    { line: 6, says: "The file has prices in EUR and in USD. Keep one currency." },
    { line: 6, says: "“1.2.2026” is no day. Write it as 2026-01-31." },
    { line: 7, says: "The same market, category and day stand in line 5." },
  ]);
  expect(faultsOf("a,b\n1,2")).toEqual([
    { line: null, says: expect.stringContaining("The first line has to name") },
  ]);
  expect(faultsOf("market,marketing\nFR,")).toEqual([{ line: null, says: "There is no price in it." }]);
});

const rate = (market: string, category: string, from: string, price: number) => ({
  market,
  category,
  from,
  price,
});
const PRICER = createPricer("USD", [
  rate("BR", "marketing", "2026-01-01", 0.0625),
  rate("BR", "marketing", "2026-07-01", 0.07),
  rate("REST_OF_AFRICA", "marketing", "2026-01-01", 0.02),
  rate("OTHER", "utility", "2026-01-01", 0.01),
]);
const charged = (country: string | null, category: string, day: string, messages: number) => ({
  country,
  category,
  day,
  messages,
});

it("a price is that of the country, its region or all others, and of the day; what has none is named and not counted", () => {
  const money = (...all: ReturnType<typeof charged>[]) => moneyOf(PRICER, all);
  expect(
    money(charged("BR", "marketing", "2026-06-30", 2), charged("BR", "MARKETING", "2026-07-01", 1)).amount,
  ).toBe(0.195);
  expect(money(charged("KE", "marketing_lite", "2026-07-01", 50)).amount).toBe(1);
  expect(money(charged("KE", "utility", "2026-07-01", 3)).amount).toBe(0.03);
  expect(
    money(
      charged("BR", "marketing", "2026-07-01", 10),
      charged("BR", "marketing", "2025-12-31", 4),
      charged("FR", "marketing", "2026-07-01", 7),
      charged("FR", "marketing", "2026-07-02", 2),
      charged(null, "utility", "2026-07-01", 1),
    ),
  ).toEqual({
    currency: "USD",
    amount: 0.7,
    unpriced: [
      { country: "FR", category: "marketing", messages: 9 },
      { country: "BR", category: "marketing", messages: 4 },
      { country: null, category: "utility", messages: 1 },
    ],
  });
});

it("ten million messages are summed to the last cent", () => {
  expect(moneyOf(PRICER, [charged("BR", "marketing", "2026-08-01", 9_999_999)]).amount).toBe(699_999.93);
});
