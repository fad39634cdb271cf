/**
 * The other ids by which WhatsApp may know the same line: Brazil's mobiles with and without their ninth digit, Mexico's
 * with and without a 1, Argentina's with and without a 9 after the country code. Source: Meta's note on sending to
 * Brazil and Mexico; Argentina's 54 and 549 from what its webhooks say.
 */
export function variantsOf(digits: string): string[] {
  const brazil = /^(55[1-9]\d)(9?)([6-9]\d{7})$/.exec(digits);
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
