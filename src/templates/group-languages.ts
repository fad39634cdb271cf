import { tableOf } from "../base/base.ts";
/**
 * The language among those that there are: as wanted to the letter, then of the same language in another country (pt_BR
 * for pt_PT), each wish in turn; then the fallback. Null: not even that is there.
 */
export function chooseLanguage(
  available: readonly string[],
  wanted: readonly string[],
  fallback: string,
): string | null {
  for (const wish of wanted) {
    const exact = available.find((each) => each.toLowerCase() === wish.replace("-", "_").toLowerCase());
    if (exact !== undefined) return exact;
    const alike = available.filter((each) => baseOf(each) === baseOf(wish));
    // The one without a country is meant for all of them.
    const [first] = alike.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
    if (first !== undefined) return first;
  }
  return available.includes(fallback) ? fallback : null;
}

const baseOf = (language: string): string => language.split(/[_-]/)[0]!.toLowerCase();

/** What most people read in the countries of these calling codes; the longest that fits counts. */
const BY_CODE = tableOf<string>({
  1: "en_US",
  7: "ru",
  20: "ar_EG",
  27: "en_ZA",
  30: "el",
  31: "nl",
  32: "nl_BE",
  33: "fr",
  34: "es_ES",
  36: "hu",
  39: "it",
  40: "ro",
  41: "de_CH",
  43: "de_AT",
  44: "en_GB",
  45: "da",
  46: "sv",
  47: "nb",
  48: "pl",
  49: "de",
  51: "es_PE",
  52: "es_MX",
  53: "es",
  54: "es_AR",
  55: "pt_BR",
  56: "es_CL",
  57: "es_CO",
  58: "es",
  60: "ms",
  61: "en_AU",
  62: "id",
  63: "fil",
  64: "en_NZ",
  65: "en_SG",
  66: "th",
  81: "ja",
  82: "ko",
  84: "vi",
  86: "zh_CN",
  90: "tr",
  91: "en_IN",
  92: "ur",
  93: "prs_AF",
  94: "si_LK",
  98: "fa",
  212: "ar_MA",
  213: "ar",
  216: "ar",
  218: "ar",
  225: "fr_CI",
  233: "en_GH",
  234: "en",
  250: "rw_RW",
  254: "en",
  255: "sw",
  256: "en_UG",
  351: "pt_PT",
  353: "en_IE",
  354: "en",
  355: "sq",
  358: "fi",
  359: "bg",
  370: "lt",
  371: "lv",
  372: "et",
  375: "be_BY",
  380: "uk",
  381: "sr",
  385: "hr",
  386: "sl",
  389: "mk",
  420: "cs",
  421: "sk",
  502: "es",
  503: "es",
  504: "es_HN",
  506: "es_CR",
  507: "es_PA",
  591: "es",
  593: "es_EC",
  595: "es",
  598: "es_UY",
  852: "zh_HK",
  855: "en",
  856: "lo",
  880: "bn",
  886: "zh_TW",
  961: "ar_LB",
  962: "ar",
  963: "ar",
  964: "ar",
  965: "ar",
  966: "ar",
  967: "ar",
  968: "ar",
  970: "ar",
  971: "ar_AE",
  972: "he",
  973: "ar",
  974: "ar_QA",
  992: "ru",
  994: "az",
  995: "ka",
  996: "ky_KG",
  998: "uz",
});

/** The language that is likely for the country of a number, given as digits; none where it is not known. */
export function languagesOfNumber(digits: string): string[] {
  for (let length = 3; length > 0; length--) {
    const language = BY_CODE[digits.slice(0, length)];
    if (language !== undefined) return [language];
  }
  return [];
}
