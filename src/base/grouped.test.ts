import { expect, it } from "vitest";
import { grouped } from "./grouped.ts";

it("keeps keys and items in their order", () => {
  const groups = grouped([3, 1, 4, 1, 5, 9, 2, 6], (n) => (n % 2 === 0 ? "even" : "odd"));
  expect([...groups]).toEqual([
    ["odd", [3, 1, 1, 5, 9]],
    ["even", [4, 2, 6]],
  ]);
});
