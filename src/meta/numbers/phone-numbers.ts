import {
  AsYouType,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { appendTo, percentDecoded, withoutInvisible, withPlainDigits } from "../../base/base.ts";
import {
  dialledAtHome,
  dialledFromAbroad,
  dialledToday,
  variantsOf,
  type NumberPart,
} from "./number-variants.ts";

/**
 * A number as people type, paste and link it, read the one way for whatever is sent, searched or begun. Whether it is
 * complete and valid is libphonenumber's to say: a number that is another person's by mistake must never be written to.
 */
export interface NumberRead {
  /** The number alone, in plain digits and signs. */
  written: string;
  /** As it stands there, without what is around it. */
  digits: string;
  /** It says that it begins with a country code: by a plus, 00, or as WhatsApp's own link. */
  international: boolean;
  /** It begins with an area code in brackets, as it is dialled at home. */
  national: boolean;
  extension: string | null;
}

const LINK =
  /^(?:https?:\/\/)?(?:www\.)?wa\.me\/(?:c\/)?([^?#/]*)|^(?:(?:https?:\/\/)?(?:api|web|www|chat)\.whatsapp\.com\/send|whatsapp:\/\/send)\/?\?(?:[^#]*&)?phone=([^&#]*)/i;
/** WhatsApp's own id of a number, as other programs show it. */
const WHATSAPP_ID = /^\+?(\d+)(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$/i;
const SCHEME = /^(?:tel|sms|callto|whatsapp):(?:\/\/)?/i;
/** `ext. 5`, `x5`, `#5`, in the words of the countries that have some. */
const EXTENSION =
  /[\s,;(]*(?:(?<!\p{L})(?:extension|extensión|extensão|extn?|xtn?|poste|anexo|ramal|interno|int|durchwahl|dw|app|доб|вн|x)\.?|[#~])[\s:.=-]*(\d{1,9})\)?$/iu;
/** Between digits; what else stands there is no part of a number. */
const WRITTEN = /^[\s(]*\+?[\s(]*\d[\d\s().\-/]*$/;

/** Footnote marks and powers, which a compatible form would turn into digits. */
const RAISED = /[\u00b2\u00b3\u00b9\u2070-\u209c]/;
/** The zero that is dialled within the country and left out from abroad: behind the country code. */
const TRUNK_ZERO = /^([\s(]*(?:\+|00)[\s(]*\d{1,3}[\s).-]*)\(\s*0\s*\)/;
const LONGEST_AREA_CODE = 5;
/** Of a link with all that it says, and of a number as it is written: each gap of a longer one would be looked at. */
const MOST_CHARACTERS = 4_096;
const MOST_WRITTEN = 200;

/** `030/901820`, `+49 30/901820`: a slash ends the area code. Anywhere else it stands between two numbers. */
function hasSecondNumber(written: string): boolean {
  const [before = "", ...after] = written.split("/");
  if (after.length === 0) return false;
  const typed = new AsYouType();
  typed.input(before.replace(/^[\s(]*00/, "+"));
  const national =
    before.replace(/\D/g, "").replace(/^0+/, "").length - (typed.getCallingCode()?.length ?? 0);
  return after.length > 1 || national > LONGEST_AREA_CODE;
}

/** Null: the text is no number, nor a part of one. */
export function readNumber(text: string): NumberRead | null {
  if (text.length > MOST_CHARACTERS || RAISED.test(text)) return null;
  const plain = withPlainDigits(withoutInvisible(text.normalize("NFKC")))
    .replace(/[\p{Pd}\u2212\u30fc\u00b7\u2022\u2219\u22c5]/gu, "-")
    .trim();
  const link = LINK.exec(plain) ?? WHATSAPP_ID.exec(plain);
  const bare = link?.[1] ?? link?.[2] ?? plain.replace(SCHEME, "");
  const [written = "", ...parameters] = (bare === plain ? plain : percentDecoded(bare).trim()).split(
    /;(?=ext=|phone-context=|isub=)/i,
  );
  const parameter = (name: string) =>
    parameters.find((each) => each.toLowerCase().startsWith(name))?.slice(name.length);
  const context = parameter("phone-context=+");
  const extended = EXTENSION.exec(written);
  const number = `${context === undefined ? "" : `+${context}`}${extended ? written.slice(0, extended.index) : written}`;
  if (number.length > MOST_WRITTEN || !WRITTEN.test(number) || hasSecondNumber(number)) return null;
  const has_plus = link !== null || number.includes("+");
  const bared = number.replace(TRUNK_ZERO, "$1");
  if ((has_plus || /^\D*00/.test(number)) && /\(\s*0\s*\)/.test(bared)) return null;
  const digits = bared.replace(/\D/g, "");
  const has_zeros = !has_plus && digits.startsWith("00");
  return {
    written: bared,
    digits: has_zeros || has_plus ? digits.replace(/^0+/, "") : digits,
    international: has_plus || has_zeros,
    national: !has_plus && /^\s*\(/.test(number),
    extension: parameter("ext=") ?? extended?.[1] ?? null,
  };
}

/** Meta's test numbers (of an area code that is given to no one), and those that regulators keep for fiction. */
const UNASSIGNED = /^(?:1555\d{7}|447700900\d{3}|3363998\d{4})$/;

/** The full number where these digits, country code first, are one: libphonenumber corrects what is known to be spelt in two ways. */
function complete(digits: string): string | null {
  if (UNASSIGNED.test(digits)) return digits;
  const parsed = parsePhoneNumberFromString(`+${digits}`, { extract: false });
  return parsed?.isValid() ? parsed.number.slice(1) : null;
}

/** Where a number is dialled that is written without its country code: where one of ours is, or in a country (`BR`). */
export type Near = string | { country: string } | null;

/** ISO 3166-1, of a country that has phone numbers. */
export const isCountry = (code: string): boolean => isSupportedCountry(code);

function homeOf(near: Near) {
  if (near === null) return null;
  if (typeof near === "object") {
    const { country } = near;
    return isSupportedCountry(country)
      ? { place: { defaultCountry: country }, calling_code: getCountryCallingCode(country) }
      : null;
  }
  const own = parsePhoneNumberFromString(`+${near.replace(/\D/g, "")}`);
  if (!own) return null;
  const place = own.country
    ? { defaultCountry: own.country }
    : { defaultCallingCode: own.countryCallingCode };
  return { place, calling_code: own.countryCallingCode };
}

/** The same, of digits as they are dialled in the country of `near`. */
function completeNear(
  digits: string,
  near: Near,
): { digits: string; national: string; usual: boolean } | null {
  const home = homeOf(near);
  if (!home) return null;
  const { place, calling_code } = home;
  // Then as it was dialled once, or still is, where libphonenumber knows of it no more.
  const forms = [
    digits,
    ...dialledAtHome(digits).flatMap((part) => (part.country === calling_code ? [part.digits] : [])),
  ];
  const parsed = forms
    .map((each) => parsePhoneNumberFromString(each, { ...place, extract: false }))
    .find((each) => each?.isValid());
  if (!parsed) return null;
  // In countries whose numbers may have any length nearly all digits are some number: what counts is what people write.
  const national = parsed.formatNational();
  const usual = national.replace(/\D/g, "") === digits || parsed.getType() === "MOBILE";
  return { digits: parsed.number.slice(1), national, usual };
}

/** Also of the ids that WhatsApp gives to lines which are dialled otherwise. */
function completeAbroad(digits: string): string | null {
  // In Brazil eight digits after a 9 are an old number, or a new one that lacks its last digit; no number begins with 0 or 1.
  const others = /^55[1-9]\d[019]\d{7}$/.test(digits) ? [] : variantsOf(digits);
  return [digits, ...others].map(complete).find((each) => each !== null) ?? null;
}

/**
 * Whether what stands between digits parts two numbers, each of them written whole: in countries whose numbers may have
 * any length both together are some number too. One number's last group is seldom what people write for another.
 */
function isTwoNumbers(written: string, near: Near): boolean {
  const isWhole = (part: string) => {
    const read = readNumber(part);
    if (!read) return false;
    const at_home = !read.international && completeNear(read.digits, near)?.usual === true;
    return at_home || complete(read.digits) !== null;
  };
  return [...written.matchAll(/(?<=\d)[^\d+]+(?=\d)/g)].some(
    ({ index, 0: between }) =>
      isWhole(written.slice(0, index)) && isWhole(written.slice(index + between.length)),
  );
}

/** ISO 3166-1, as `BR`; null where the digits, country code first, don't tell. */
export function countryOf(digits: string): string | null {
  return parsePhoneNumberFromString(`+${dialledToday(digits)}`, { extract: false })?.country ?? null;
}

/** Countries that dial an 8 before their areas. A zero begins no country code, and North America's 1 is its own. */
const EIGHT_FIRST = ["RU", "KZ", "BY", "TM"] as const;

/**
 * Whether the groups in which digits without a plus stand allow that they begin with the country code of `abroad`: it
 * ends the first group, or is within it. “8 495 …” is no number of +84. Where the first group has more than the code, it
 * may be an 8 with an area as well. Digits in one group are taken as WhatsApp writes them, country code first.
 */
function isGroupedAs(abroad: string, { written, digits }: NumberRead): boolean {
  const code = parsePhoneNumberFromString(`+${abroad}`)?.countryCallingCode ?? "";
  const first = firstGroup(written);
  if (first === digits || first.length === code.length) return true;
  if (first.length < code.length) return false;
  return !(
    digits.startsWith("8") &&
    EIGHT_FIRST.some((country) => parsePhoneNumberFromString(digits, country)?.isValid())
  );
}

const firstGroup = (written: string): string => /\d+/.exec(written)?.[0] ?? "";

export type NumberJudged = { digits: string } | { problem: string };

/**
 * The one number that is meant, its country code first; else a sentence that says what to do. `near` is the number that
 * sends, or a country: what is written without a country code is read as it is dialled there. Where it could as well begin with one,
 * nothing is guessed.
 */
export function judgeNumber(text: string, near: Near): NumberJudged {
  const read = readNumber(text);
  const example = "Write it with + and its country code, as +49 1512 3456789.";
  if (!read) return { problem: `“${excerpt(text)}” is not a phone number. ${example}` };
  if (read.extension !== null)
    return { problem: `WhatsApp knows no extensions (${read.extension}). Give the number without it.` };
  const here = read.international ? null : completeNear(read.digits, near);
  const whole = read.national && here !== null ? null : completeAbroad(read.digits);
  const is_other =
    whole !== null && !read.international && whole !== here?.digits && !isGroupedAs(whole, read);
  // Groups that part it as it is dialled at home, and as no number from abroad, leave one way to read it.
  const abroad =
    is_other && here !== null && firstGroup(here.national) === firstGroup(read.written) ? null : whole;
  if (abroad !== null && here?.usual && abroad !== here.digits)
    return {
      problem: `${read.digits} may be +${abroad} or, as it is dialled at home, +${here.digits}. Write it with + and its country code.`,
    };
  const digits = abroad ?? here?.digits ?? null;
  if (digits !== null && isTwoNumbers(read.written, near))
    return {
      problem: `“${excerpt(text)}” may be two phone numbers. Give one, with + and its country code and without spaces.`,
    };
  if (is_other && abroad !== null)
    return { problem: `“${excerpt(text)}” may be a number as it is dialled in another country. ${example}` };
  if (digits !== null) return { digits };
  return {
    problem: read.international
      ? `${read.digits === "" ? `“${excerpt(text)}”` : `+${read.digits}`} is not a complete, valid phone number. Check its digits.`
      : `${read.digits} is not a complete, valid phone number. ${example}`,
  };
}

const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What to look for in numbers, each of them enough; none where the text is no number. Parts of numbers count too. */
export function searchedNumbers(text: string, near: readonly string[]): NumberPart[] {
  // Slashes and all: what is only looked for may be parted by anything.
  const read = readNumber(text) ?? readNumber(text.replaceAll("/", " "));
  if (!read) return [];
  // Two zeros need not be dialled from abroad: they may stand within a number.
  const found = new Set([read.digits, read.written.replace(/\D/g, "")].filter(({ length }) => length >= 3));
  if (read.digits.length < 3) return [...found].map((digits) => ({ digits, country: null }));
  const parts = dialledFromAbroad(read.digits);
  const add = (digits: string | null) => {
    if (digits === null) return;
    for (const each of [digits, ...variantsOf(digits)]) found.add(each);
  };
  add(complete(read.digits));
  for (const each of variantsOf(read.digits)) found.add(each);
  if (!read.international) {
    for (const own of near) add(completeNear(read.digits, own)?.digits ?? null);
    // A part of a number as it is dialled: no number begins with the zero that leads out of the town.
    const inner = read.digits.replace(/^0/, "");
    if (inner.length >= 3) found.add(inner);
    appendTo(parts, dialledAtHome(read.digits));
  }
  for (const { digits, country } of parts) if (country === null) found.add(digits);
  const anywhere = [...found].map((digits) => ({ digits, country: null }));
  return [...anywhere, ...parts.filter(({ country }) => country !== null)];
}
