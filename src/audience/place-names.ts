/** Languages, countries and time zones as they are kept; null where a text names none. */

const LANGUAGES = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** BCP 47, as `pt-BR`. Its grammar allows any word of up to eight letters, and no language has more than three. */
export function languageTag(text: string): string | null {
  try {
    const tag = Intl.getCanonicalLocales(text.replaceAll("_", "-"))[0]!;
    const [language = ""] = tag.split("-");
    const is_known = language.length === 3 || LANGUAGES.of(language) !== undefined;
    return language.length <= 3 && is_known ? tag : null;
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
