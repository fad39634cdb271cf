import { expect, it } from "vitest";
import { retryableIn, sumOf } from "./retryable.ts";

it("only failures that may pass are offered to be tried again", () => {
  const counts = new Map([
    ["failed.131026", 40],
    ["failed.131050", 30],
    ["failed.131049", 20],
    ["failed.131016", 3],
    ["failed.0", 1],
    ["now.failed", 74],
  ]);
  expect([...retryableIn(counts)]).toEqual([
    [131016, 3],
    [0, 1],
  ]);
  expect(sumOf(retryableIn(counts))).toBe(4);
});
