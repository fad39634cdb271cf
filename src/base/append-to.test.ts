import { expect, test } from "vitest";
import { appendTo } from "./base.ts";

test("a list of any length is appended, where as arguments it would overflow the stack (M6)", () => {
  const more = Array.from({ length: 1_000_000 }, (_, i) => i);
  const list = [-1];
  expect(() => list.push(...more)).toThrow(RangeError);
  appendTo(list, more);
  expect([list.length, list[0], list.at(-1)]).toEqual([1_000_001, -1, 999_999]);
});
