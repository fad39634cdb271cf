/**
 * Markets as Meta's rate cards have them: countries, and regions for those without a price of their own. Source: Meta's
 * page on pricing, its list of markets (2025). A country that no region names is in OTHER.
 */
const REGIONS = {
  NORTH_AMERICA: ["North America", "CA US"],
  REST_OF_AFRICA: [
    "Rest of Africa",
    "DZ AO BJ BW BF BI CM TD CG ER ET GA GM GH GW CI KE LS LR LY MG MW ML MR MA MZ NA NE RW SN SL SO SS SD SZ TZ TG TN UG ZM",
  ],
  REST_OF_ASIA_PACIFIC: [
    "Rest of Asia Pacific",
    "AF AU BD KH CN HK JP LA MN NP NZ PG PH SG LK TW TJ TH TM UZ VN",
  ],
  REST_OF_CENTRAL_AND_EASTERN_EUROPE: [
    "Rest of Central and Eastern Europe",
    "AL AM AZ BY BG HR CZ GE GR HU LV LT MD MK PL RO RS SK SI UA",
  ],
  REST_OF_LATIN_AMERICA: ["Rest of Latin America", "BO CR DO EC SV GT HT HN JM NI PA PY PR UY VE"],
  REST_OF_MIDDLE_EAST: ["Rest of Middle East", "BH IQ JO KW LB OM QA YE"],
  REST_OF_WESTERN_EUROPE: ["Rest of Western Europe", "AT BE DK FI IE NO PT SE CH"],
  OTHER: ["Other", ""],
} as const satisfies Record<string, readonly [name: string, countries: string]>;

const REGION_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(REGIONS).flatMap(([region, [, countries]]) =>
    countries.split(" ").map((country) => [country, region] as const),
  ),
);

/** The markets in which a price is looked for, the country's own first. */
export function marketsOf(country: string): string[] {
  const region = REGION_OF.get(country);
  return region === undefined ? [country, "OTHER"] : [country, region, "OTHER"];
}

const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCodePoint(65 + at));

/** By what people and Meta's files call a market: its code, or its name in English, in any spelling of `keyOf`. */
const MARKETS: ReadonlyMap<string, string> = new Map([
  ...LETTERS.flatMap((a) => LETTERS.flatMap((b) => countryKeys(`${a}${b}`))),
  ...Object.entries(REGIONS).flatMap(([region, [name]]) => [
    [keyOf(region), region] as const,
    [keyOf(name), region] as const,
  ]),
  ...Object.entries({
    UK: "GB",
    "United States of America": "US",
    USA: "US",
    UAE: "AE",
    Turkey: "TR",
    "Czech Republic": "CZ",
    "Ivory Coast": "CI",
    "Hong Kong": "HK",
    Macau: "MO",
    Swaziland: "SZ",
    "Rest of APAC": "REST_OF_ASIA_PACIFIC",
    "Rest of CEE": "REST_OF_CENTRAL_AND_EASTERN_EUROPE",
    "Rest of LATAM": "REST_OF_LATIN_AMERICA",
    "All other countries": "OTHER",
    "Rest of world": "OTHER",
  }).map(([name, market]) => [keyOf(name), market] as const),
]);

/** Codes that ISO has taken back have the name of another country. */
function countryKeys(code: string): (readonly [string, string])[] {
  const name = names.of(code);
  if (name === undefined || code === "ZZ" || new Intl.Locale(`und-${code}`).region !== code) return [];
  return [
    [keyOf(code), code],
    [keyOf(name), code],
  ];
}

function keyOf(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll("&", "and")
    .replaceAll(/[^\p{L}]/gu, "")
    .toLowerCase();
}

/** A country or region by its code or name; null: it is none. */
export const readMarket = (text: string): string | null => MARKETS.get(keyOf(text)) ?? null;
