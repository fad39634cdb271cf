import type { z } from "zod";
import { Problem } from "../base/base.ts";
import type * as shapes from "../contract/costs.ts";
import { iso, rowsOf, sql, type Database, type Queryable, type Tx } from "../db/db.ts";
import { readMarket } from "./markets.ts";
import { readPrices } from "./price-csv.ts";
import { categoryOf, createPricer, type Pricer } from "./pricing.ts";

type RateCard = z.infer<typeof shapes.RateCard>;
type Rate = z.infer<typeof shapes.Rate>;

/** By the keys of rate_cards and rates; a card has some hundreds of prices. */
export async function readRateCard(db: Queryable, workspace_id: string): Promise<RateCard> {
  const card = await db.first<Omit<RateCard, "rates">>(sql`
    select c.currency, ${iso(sql`c.updated_at`)} as updated_at,
      case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as updated_by
    from rate_cards c left join users u on u.id = c.user_id where c.workspace_id = ${workspace_id}`);
  if (!card) return { currency: null, rates: [], updated_at: null, updated_by: null };
  const rates = await db.rows<Rate>(sql`
    select market, category, to_char(from_date, 'YYYY-MM-DD') as "from", price::float8 as price from rates
    where workspace_id = ${workspace_id} order by market, category, from_date desc`);
  return { ...card, rates };
}

/** Null: the workspace has entered no prices. */
export async function readPricer(db: Queryable, workspace_id: string): Promise<Pricer | null> {
  const { currency, rates } = await readRateCard(db, workspace_id);
  return currency === null ? null : createPricer(currency, rates);
}

/** All of it, in place of what was there. Throws RATE_CARD_INVALID. */
export async function putRateCard(
  db: Database,
  workspace_id: string,
  { currency, rates }: z.infer<typeof shapes.NewRateCard>,
  user_id: string | null,
): Promise<RateCard> {
  const named = rates.map((rate, index) => {
    const market = readMarket(rate.market);
    if (market === null)
      throw new Problem(
        "RATE_CARD_INVALID",
        `\`rates.${index}.market\` is no country and none of Meta's regions.`,
      );
    return { ...rate, market, category: categoryOf(rate.category) };
  });
  const keys = new Set(named.map(({ market, category, from }) => `${market} ${category} ${from}`));
  if (keys.size < named.length)
    throw new Problem("RATE_CARD_INVALID", "`rates` has two prices of one market, category and day.");
  return db.transaction(async (tx) => {
    await tx.run(sql`delete from rate_cards where workspace_id = ${workspace_id}`);
    await writeCard(tx, workspace_id, currency, user_id);
    await writeRates(tx, workspace_id, named);
    return readRateCard(tx, workspace_id);
  });
}

export async function removeRateCard(db: Database, workspace_id: string): Promise<null> {
  await db.run(sql`delete from rate_cards where workspace_id = ${workspace_id}`);
  return null;
}

/** Adds the prices of a CSV: all of them, or none where a line is wrong. Earlier days keep the prices that they have. */
export async function addPrices(
  db: Database,
  workspace_id: string,
  { csv, from, currency: chosen }: z.infer<typeof shapes.PriceCsv>,
  user_id: string | null,
): Promise<z.infer<typeof shapes.AddedPrices>> {
  const read = readPrices(csv, from);
  return db.transaction(async (tx) => {
    const known = await readRateCard(tx, workspace_id);
    const currency = read.currency ?? chosen ?? known.currency;
    const faults = [...read.faults, ...currencyFaults(currency, known.currency)];
    const refused = { card: known, added: 0, changed: 0, unchanged: 0, faults: faults.slice(0, MOST_FAULTS) };
    if (faults.length > 0 || currency === null) return refused;
    await writeCard(tx, workspace_id, currency, user_id);
    const before = new Map(known.rates.map((rate) => [keyOf(rate), rate.price]));
    const differs = read.rates.filter((rate) => before.get(keyOf(rate)) !== rate.price);
    const changed = differs.filter((rate) => before.has(keyOf(rate))).length;
    await writeRates(tx, workspace_id, differs);
    return {
      card: await readRateCard(tx, workspace_id),
      added: differs.length - changed,
      changed,
      unchanged: read.rates.length - differs.length,
      faults: [],
    };
  });
}

const MOST_FAULTS = 100;
const keyOf = ({ market, category, from }: Rate) => `${market} ${category} ${from}`;

function currencyFaults(currency: string | null, known: string | null): { line: null; says: string }[] {
  if (currency === null) return [{ line: null, says: "Choose the currency of these prices." }];
  if (!/^[A-Z]{3}$/.test(currency))
    return [{ line: null, says: `“${currency}” is no currency. Write it as USD.` }];
  return known === null || known === currency
    ? []
    : [
        {
          line: null,
          says: `Your prices are in ${known}, and these are in ${currency}. Remove the prices first to change the currency.`,
        },
      ];
}

const writeCard = (tx: Tx, workspace_id: string, currency: string, user_id: string | null) =>
  tx.run(sql`
    insert into rate_cards as c (workspace_id, currency, user_id) values (${workspace_id}, ${currency}, ${user_id})
    on conflict (workspace_id) do update set currency = excluded.currency, user_id = excluded.user_id, updated_at = now()`);

async function writeRates(tx: Tx, workspace_id: string, rates: readonly Rate[]): Promise<void> {
  if (rates.length === 0) return;
  const rows = rates.map(({ market, category, from, price }) => {
    return { market, category, from_date: from, price: String(price) };
  });
  await tx.run(sql`
    insert into rates (workspace_id, market, category, from_date, price)
    select ${workspace_id}, market, category, from_date::date, price::numeric
    from ${rowsOf(rows, { market: "text", category: "text", from_date: "text", price: "text" })}
    on conflict (workspace_id, market, category, from_date) do update set price = excluded.price`);
}
