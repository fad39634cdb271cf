/**
 * Three countries write one mobile number in two ways, and Meta uses both: Brazil with and without the ninth digit,
 * Mexico with and without the 1, Argentina with and without the 9. The digits by which both are one number; of any other
 * number its own. Which of two people a number is follows from evidence alone: this only says that two of them may be one.
 */
export function commonNumber(digits: string): string {
  const brazil = /^55(\d{2})9?([6-9]\d{7})$/.exec(digits);
  if (brazil) return `55${brazil[1]}9${brazil[2]}`;
  const mexico = /^521?(\d{10})$/.exec(digits);
  if (mexico) return `52${mexico[1]}`;
  const argentina = /^549?(\d{10})$/.exec(digits);
  if (argentina) return `549${argentina[1]}`;
  return digits;
}
