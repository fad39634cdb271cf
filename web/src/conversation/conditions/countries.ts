/** ISO 3166-1, as libphonenumber knows them: one more where the number's country is shared by several. */
const CODES =
  "AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split(
    " ",
  );

const names = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

export const countryName = (code: string): string => names.of(code) ?? code;

export const COUNTRIES: readonly { value: string; label: string }[] = CODES.map((value) => ({
  value,
  label: countryName(value),
})).toSorted((a, b) => a.label.localeCompare(b.label, "en"));

const languages = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

/** `pt-BR` is Brazilian Portuguese. */
export function languageName(tag: string): string {
  try {
    return languages.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Of templates, as Meta names them, with what people are set to beside them. */
export const LANGUAGES: readonly { value: string; label: string }[] =
  "af ar az bg bn bs ca cs da de el en en-GB en-US es es-AR es-ES es-MX et fa fi fil fr gu ha he hi hr hu id it ja ka kk kn ko ky lo lt lv mk ml mr ms nb nl pa pl pt pt-BR pt-PT ro ru rw sk sl sq sr sv sw ta te th tr uk ur uz vi zh zh-CN zh-HK zh-TW zu"
    .split(" ")
    .map((value) => ({ value, label: languageName(value) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, "en"));

export const TIME_ZONES: readonly { value: string; label: string }[] = Intl.supportedValuesOf("timeZone").map(
  (value) => ({ value, label: value.replaceAll("_", " ") }),
);
