import { currencyFormat } from "./intl.ts";

/** A currency that the browser doesn't know stands as it came. */
export function money(amount: number, currency: string | null): string {
  try {
    if (currency !== null) return currencyFormat(currency).format(amount);
  } catch {
    // No currency that the browser knows.
  }
  return [amount.toFixed(2), currency].filter(Boolean).join(" ");
}

const MOST_DECIMALS = 6;

/** Of one message: with all decimals that it has. */
export function unitPrice(amount: number, currency: string): string {
  try {
    return currencyFormat(currency, MOST_DECIMALS).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}
