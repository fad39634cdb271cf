import { expect, it } from "vitest";
import { commonNumber, mayBeOneNumber, variantsOf } from "./number-variants.ts";

it.each([
  ["Brazil", "5511987654321", "551187654321"],
  ["Brazil, a number that begins with 9 twice", "5511998765432", "551198765432"],
  ["Brazil, a mobile that no fixed line is like", "5511912345678", "551112345678"],
  ["Mexico", "5215512345678", "525512345678"],
  ["Argentina", "5491123456789", "541123456789"],
])("the two forms of a mobile number are one: %s (F5)", (_, one, other) => {
  expect(commonNumber(one)).toBe(commonNumber(other));
});

it.each([
  ["another number of the same place", "5511987654321", "551187654322"],
  ["a fixed line of Brazil, which has no ninth digit", "551134567890", "5511934567890"],
  ["another country", "15551234567", "555512345678"],
  ["what is no number", "US.1", "US.2"],
])("%s is another number (F5)", (_, one, other) => {
  expect(commonNumber(one)).not.toBe(commonNumber(other));
});

it.each([
  ["Brazil, where it could be a fixed line's", "5511934567890", "551134567890"],
  ["Brazil, a line that begins with 0", "5511901234567", "551101234567"],
  ["Mexico", "5215512345678", "525512345678"],
  ["Argentina", "5491123456789", "541123456789"],
  ["Côte d'Ivoire", "2250707123456", "22507123456"],
  ["Benin", "2290197123456", "22997123456"],
])("what is said to be one line's may be: %s", (_, one, other) => {
  expect([mayBeOneNumber(one, other), mayBeOneNumber(other, one)]).toEqual([true, true]);
});

it.each([
  ["numbers of one length", "5511987654321", "5511987654322"],
  ["another line of the same area", "5511934567890", "551134567891"],
  ["another country", "4915112345678", "15112345678"],
  ["digits that were added at the end", "5511345678901", "551134567890"],
  ["what is no number", "US.1234567890", "US.12345678901"],
])("and %s are not", (_, one, other) => {
  expect(mayBeOneNumber(one, other)).toBe(false);
});

it("a fixed line of Brazil is not looked for as a mobile", () => {
  expect(variantsOf("551134567890")).toEqual([]);
});
