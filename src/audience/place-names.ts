/** Languages, countries and time zones as they are kept; null where a text names none. */

/** BCP 47, as `pt-BR`. */
export function languageTag(text: string): string | null {
  try {
    return Intl.getCanonicalLocales(text.replaceAll("_", "-"))[0]!;
  } catch {
    return null;
  }
}

const REGIONS = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** ISO 3166-1, as `BR`. */
export function countryCode(text: string): string | null {
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && REGIONS.of(code) !== undefined ? code : null;
}

/** IANA, as `America/Sao_Paulo`. */
export function timeZoneName(text: string): string | null {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
