import { expect, it } from "vitest";
import { commonNumber } from "./number-variants.ts";

it.each([
  ["Brazil", "5511987654321", "551187654321"],
  ["Brazil, a number that begins with 9 twice", "5511998765432", "551198765432"],
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
