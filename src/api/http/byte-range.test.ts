import { expect, it } from "vitest";
import { readRange } from "./byte-range.ts";

it.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=0-9", { start: 0, end: 9 }],
  ["bytes=3-5", { start: 3, end: 5 }],
  ["bytes=3-", { start: 3, end: 9 }],
  ["bytes=3-99999999999999999999", { start: 3, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-99", { start: 0, end: 9 }],
  ["Bytes= 3-5 ", { start: 3, end: 5 }],
  ["bytes=10-", "outside"],
  ["bytes=10-11", "outside"],
  ["bytes=-0", "outside"],
  // What isn't understood, and several ranges, may be ignored: the whole is the answer.
  ["bytes=5-3", null],
  ["bytes=-", null],
  ["bytes=", null],
  ["bytes=a-b", null],
  ["bytes=0-1,3-4", null],
  ["items=0-1", null],
  ["bytes=-1-2", null],
  ["", null],
] as const)("%j of ten bytes is %j", (header, range) => {
  expect(readRange(header, 10)).toEqual(range);
});

it("nothing is within an empty file", () => {
  expect(readRange("bytes=0-", 0)).toBe("outside");
  expect(readRange("bytes=-1", 0)).toBe("outside");
});
