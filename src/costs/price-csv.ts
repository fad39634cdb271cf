import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";
import type { PriceFault, Rate } from "../contract/costs.ts";
import { readMarket } from "./markets.ts";
import { categoryOf } from "./pricing.ts";

export interface ReadPrices {
  rates: z.infer<typeof Rate>[];
  /** The one that the file names; null: it names none. */
  currency: string | null;
  faults: z.infer<typeof PriceFault>[];
}

/** Columns by what Meta's files and people call them. */
const MARKET = new Set(["market", "country", "region", "markets", "countries"]);
const CATEGORY = new Set(["category", "type"]);
const PRICE = new Set(["price", "rate", "cost"]);
const FROM = new Set(["from", "from_date", "effective_date", "valid_from", "date"]);
const CURRENCY = new Set(["currency"]);
/** Columns of which Meta's own file has one each, with the price in it. */
const CATEGORIES = new Set([
  "marketing",
  "utility",
  "authentication",
  "authentication_international",
  "service",
  "marketing_lite",
]);
/** What stands where a market has no price. */
const NONE = new Set(["", "n/a", "na", "-", "–", "—"]);
const MOST = 100_000;

/**
 * Prices of a CSV or of rows pasted from a spreadsheet: a line a price (market, category, price), or as Meta's own file has
 * it, a line a market with a column for each category. `from` is the day where a line names none. Lines above the one with
 * the heads are left out, as Meta's file begins with a title.
 */
export function readPrices(text: string, from: string): ReadPrices {
  const read: ReadPrices = { rates: [], currency: null, faults: [] };
  const rows = rowsOf(text);
  if (typeof rows === "string") return { ...read, faults: [{ line: null, says: rows }] };
  const at = rows.findIndex(({ cells }) => cells.some((cell) => MARKET.has(categoryOf(cell))));
  const heads = rows[at]?.cells.map(categoryOf) ?? [];
  const place = (of: ReadonlySet<string>) => heads.findIndex((head) => of.has(head));
  const columns = {
    market: place(MARKET),
    category: place(CATEGORY),
    price: place(PRICE),
    from: place(FROM),
    currency: place(CURRENCY),
    wide: heads.flatMap((head, index) => (CATEGORIES.has(head) ? [{ index, category: head }] : [])),
  };
  const is_long = columns.category >= 0 && columns.price >= 0;
  if (at < 0 || (!is_long && columns.wide.length === 0))
    return { ...read, faults: [{ line: null, says: HEADS }] };
  const seen = new Map<string, number>();
  for (const { cells, line } of rows.slice(at + 1)) {
    const cell = (index: number) => (index < 0 ? "" : (cells[index] ?? "").trim());
    const fault = (says: string) => void read.faults.push({ line, says });
    const market = readMarket(cell(columns.market));
    if (market === null) {
      fault(`“${cell(columns.market)}” is no country and none of Meta's regions.`);
      continue;
    }
    const currency = cell(columns.currency)
      .toUpperCase()
      .replace(/^\$US$|^US\$$/, "USD");
    if (currency !== "" && currency !== (read.currency ??= currency))
      fault(`The file has prices in ${read.currency} and in ${currency}. Keep one currency.`);
    const day = cell(columns.from) === "" ? from : dayOf(cell(columns.from));
    if (day === null) {
      fault(`“${cell(columns.from)}” is no day. Write it as 2026-01-31.`);
      continue;
    }
    const priced = is_long
      ? [{ category: categoryOf(cell(columns.category)), text: cell(columns.price) }]
      : columns.wide.map(({ index, category }) => ({ category, text: cell(index) }));
    for (const { category, text: written } of priced) {
      if (!is_long && NONE.has(written.toLowerCase())) continue;
      const price = priceOf(written);
      const key = `${market} ${category} ${day}`;
      const before = seen.get(key);
      if (category === "") fault("The category is missing, such as marketing.");
      else if (price === null) fault(`“${written}” is no price. Write it as 0.0625.`);
      else if (before !== undefined) fault(`The same market, category and day stand in line ${before}.`);
      else {
        seen.set(key, line);
        read.rates.push({ market, category, from: day, price });
      }
    }
  }
  if (read.rates.length === 0 && read.faults.length === 0) read.faults.push({ line: null, says: EMPTY });
  return read;
}

const HEADS =
  "The first line has to name the columns: market, category and price; or market and one column for each category, such as marketing and utility.";
const EMPTY = "There is no price in it.";

interface Row {
  cells: string[];
  line: number;
}

/** A sentence where it is no table. */
function rowsOf(text: string): Row[] | string {
  const first = text.slice(0, 2_000);
  const delimiter = ["\t", ";", ","].find((each) => first.split(each).length > 2) ?? ",";
  try {
    const parsed = parse(text, {
      bom: true,
      info: true,
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) return `It can't be read as a table: ${error.message}.`;
    throw error;
  }
}

function dayOf(text: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : null;
}

/** With a point or a comma before its decimals, and what stands around it, as `$0.0625`. */
function priceOf(text: string): number | null {
  const digits = text.replaceAll(/[^\d.,-]/g, "").replace(/^(\d+),(\d+)$/, "$1.$2");
  if (!/^\d+(\.\d{1,6})?$/.test(digits)) return null;
  const price = Number(digits);
  return price <= MOST ? price : null;
}
