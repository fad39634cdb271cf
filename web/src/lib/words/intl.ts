/**
 * How numbers, money and times are written: the pages are in English, so all of them follow one locale, whatever the
 * browser's. Times are the reader's local ones.
 */
const LOCALE = "en-GB";

const numbers = new Intl.NumberFormat(LOCALE);

/** `3,600` */
export const formatNumber = (value: number): string => numbers.format(value);

const percents = new Intl.NumberFormat(LOCALE, { style: "percent" });
/** A share of 1 as a whole percent: 0.125 is “13%”. */
export const formatPercent = (share: number): string => percents.format(share);

/** Throws a RangeError for a currency that the browser doesn't know. */
export const currencyFormat = (currency: string, most_decimals?: number) =>
  new Intl.NumberFormat(LOCALE, {
    style: "currency",
    currency,
    ...(most_decimals !== undefined && { maximumFractionDigits: most_decimals }),
  });

export const timeFormat = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALE, options);
