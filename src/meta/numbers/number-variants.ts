/**
 * The other ids by which WhatsApp may know the same line: Brazil's mobiles with and without their ninth digit, Mexico's
 * with and without a 1, Argentina's with and without a 9 after the country code. Source: Meta's note on sending to
 * Brazil and Mexico; Argentina's 54 and 549 from what its webhooks say. Brazil's fixed lines begin with 2 to 5: what a
 * mobile would be without its 9 there may be another person's, so only evidence tells (`mayBeOneNumber`).
 */
export function variantsOf(digits: string): string[] {
  const brazil = /^(55[1-9]\d)(9?)([016-9]\d{7})$/.exec(digits);
  if (brazil) return [`${brazil[1]}${brazil[2] ? "" : "9"}${brazil[3]}`];
  const mexico = /^52(1?)([2-9]\d{9})$/.exec(digits);
  if (mexico) return [`52${mexico[1] ? "" : "1"}${mexico[2]}`];
  const argentina = /^54(9?)([1-8]\d{9})$/.exec(digits);
  if (argentina) return [`54${argentina[1] ? "" : "9"}${argentina[2]}`];
  return [];
}

/**
 * The digits by which both forms of such a number are one; of any other number its own. Which of two people a number is
 * follows from evidence alone: this only says that two of them may be one.
 */
export function commonNumber(digits: string): string {
  return [digits, ...variantsOf(digits)].reduce((a, b) => (b.length > a.length ? b : a));
}

/**
 * Whether two numbers can be two forms of one line's: in Brazil, Mexico, Argentina, or wherever a country has put one or
 * two digits behind its code or area (Côte d'Ivoire, Benin). Two of one length never are. Only for numbers that Meta, or
 * a person, says to be one line's.
 */
export function mayBeOneNumber(one: string, other: string): boolean {
  if (commonNumber(one) === commonNumber(other)) return true;
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const added = long.length - short.length;
  if (added < 1 || added > 2 || !/^\d{10,13}$/.test(short) || !/^\d+$/.test(long)) return false;
  return PLACES_OF_NEW_DIGITS.some(
    (place) => short.slice(0, place) + long.slice(place, place + added) + short.slice(place) === long,
  );
}

/** Behind a country code, or behind an area of two digits. */
const PLACES_OF_NEW_DIGITS = [2, 3, 4, 5];

/** As the line is dialled today: Brazil's mobiles with their ninth digit, Mexico's numbers without the 1. */
export function dialledToday(digits: string): string {
  return digits
    .replace(/^(55[1-9]\d)([016-9]\d{7})$/, (_, area: string, line: string) => `${area}9${line}`)
    .replace(/^521([2-9]\d{9})$/, "52$1");
}

/** Digits to look for in the numbers of a country, or in all. */
export interface NumberPart {
  digits: string;
  country: string | null;
}

/**
 * What is dialled within a country that WhatsApp's id of the line lacks or has more of, for the whole number or the
 * beginning of it: Brazil's ninth digit; Mexico's 044, 045, 01 and 1; Argentina's 15 between area and line.
 */
const AT_HOME: readonly (readonly [country: string, form: RegExp, kept: string])[] = [
  ["55", /^0?(?<area>[1-9]\d)9(?<line>[6-9]\d{2,7})$/, "$<area>$<line>"],
  ["55", /^0?(?<area>[1-9]\d)(?<line>[6-9]\d{2,7})$/, "$<area>9$<line>"],
  ["55", /^9(?<line>[6-9]\d{3,7})$/, "$<line>"],
  ["52", /^(?:04[45]|01|1)(?<line>[2-9]\d{2,9})$/, "$<line>"],
  ["54", /^0?(?<area>\d{2})15(?<line>\d{2,8})$/, "$<area>$<line>"],
  ["54", /^0?(?<area>\d{3})15(?<line>\d{2,7})$/, "$<area>$<line>"],
  ["54", /^0?(?<area>\d{4})15(?<line>\d{2,6})$/, "$<area>$<line>"],
  ["54", /^15(?<line>\d{4,8})$/, "$<line>"],
];
/** The same from abroad, of the beginning of a number: `variantsOf` knows whole ones. */
const FROM_ABROAD: readonly (readonly [country: string, form: RegExp, kept: string])[] = [
  ["55", /^(?<area>55[1-9]\d)9(?<line>[016-9]\d*)$/, "$<area>$<line>"],
  ["55", /^(?<area>55[1-9]\d)(?<line>[016-9]\d*)$/, "$<area>9$<line>"],
  ["52", /^521(?<line>[2-9]\d*)$/, "52$<line>"],
  ["52", /^52(?<line>[2-9]\d*)$/, "521$<line>"],
  ["54", /^549(?<line>[1-8]\d*)$/, "54$<line>"],
  ["54", /^54(?<line>[1-8]\d*)$/, "549$<line>"],
];

const rewritten = (digits: string, rules: typeof AT_HOME): NumberPart[] =>
  rules.flatMap(([country, form, kept]) =>
    form.test(digits) ? [{ digits: digits.replace(form, kept), country }] : [],
  );

/** By which other digits a number, or a part of one, may be kept that was written as it is dialled at home. */
export const dialledAtHome = (digits: string): NumberPart[] => rewritten(digits, AT_HOME);

/** The same of one that begins with its country code. */
export const dialledFromAbroad = (digits: string): NumberPart[] =>
  rewritten(digits, FROM_ABROAD).map((part) => ({ ...part, country: null }));
