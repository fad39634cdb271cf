/** As it is written where the reader is; a currency that the browser doesn't know stands as it came. */
export function money(amount: number, currency: string | null): string {
  try {
    if (currency !== null)
      return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(amount);
  } catch {
    // No currency that anybody knows.
  }
  return [amount.toFixed(2), currency].filter(Boolean).join(" ");
}
