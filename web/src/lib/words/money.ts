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
