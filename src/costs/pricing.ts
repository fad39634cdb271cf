import type { z } from "zod";
import type { Money, Rate } from "../contract/costs.ts";
import { marketsOf } from "./markets.ts";

export type Money = z.infer<typeof Money>;

/** Messages of a kind. `country` null: it is not known. */
export interface Charged {
  country: string | null;
  category: string;
  /** `2026-11-30`: the price of that day counts. */
  day: string;
  messages: number;
}

/** A currency and its prices, ready to be asked. */
export interface Pricer {
  currency: string;
  /** In millionths of the currency; null: the card has none. */
  microsOf(charged: Omit<Charged, "messages">): number | null;
  /** The days from which prices count, ascending. */
  days: readonly string[];
}

const MICROS = 1_000_000;

/** What Meta charges by another category's price where the card has none of its own. */
const SAME_PRICE: ReadonlyMap<string, string> = new Map([["marketing_lite", "marketing"]]);

/** Meta spells one of them with a hyphen in statuses. */
export const categoryOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");

export function createPricer(currency: string, rates: readonly z.infer<typeof Rate>[]): Pricer {
  const prices = new Map<string, { from: string; micros: number }[]>();
  for (const { market, category, from, price } of rates.toSorted((a, b) => (a.from < b.from ? 1 : -1))) {
    const key = `${market} ${category}`;
    const known = prices.get(key) ?? [];
    known.push({ from, micros: Math.round(price * MICROS) });
    prices.set(key, known);
  }
  return {
    currency,
    days: [...new Set(rates.map(({ from }) => from))].toSorted(),
    microsOf({ country, category, day }) {
      if (country === null) return null;
      const named = categoryOf(category);
      const same = SAME_PRICE.get(named);
      for (const each of same === undefined ? [named] : [named, same])
        for (const market of marketsOf(country)) {
          const price = prices.get(`${market} ${each}`)?.find(({ from }) => from <= day);
          if (price) return price.micros;
        }
      return null;
    },
  };
}

/** Of what has a price; what has none is named. */
export function moneyOf(pricer: Pricer, all: readonly Charged[]): Money {
  let micros = 0;
  const unpriced = new Map<string, Money["unpriced"][number]>();
  for (const charged of all) {
    const { country, category, messages } = charged;
    if (messages === 0) continue;
    const price = pricer.microsOf(charged);
    if (price !== null) {
      micros += price * messages;
      continue;
    }
    const key = `${country} ${category}`;
    const known = unpriced.get(key);
    unpriced.set(key, { country, category, messages: (known?.messages ?? 0) + messages });
  }
  return {
    currency: pricer.currency,
    amount: amountOf(micros),
    unpriced: [...unpriced.values()].toSorted((a, b) => b.messages - a.messages),
  };
}

export const amountOf = (micros: number): number => micros / MICROS;

/** Messages that are not in the amount. */
export const sumUnpriced = ({ unpriced }: Money): number =>
  unpriced.reduce((sum, { messages }) => sum + messages, 0);
