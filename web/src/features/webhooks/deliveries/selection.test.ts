import { expect, test } from "vitest";
import { between } from "./selection.ts";

test("a range holds both of its ends, in whichever order they were clicked", () => {
  const shown = ["a", "b", "c", "d"];
  expect(between(shown, "b", "d")).toEqual(["b", "c", "d"]);
  expect(between(shown, "d", "b")).toEqual(["b", "c", "d"]);
  expect(between(shown, "c", "c")).toEqual(["c"]);
  // The first one is no longer shown, or there was none.
  expect(between(shown, "z", "b")).toEqual(["b"]);
  expect(between(shown, null, "b")).toEqual(["b"]);
});
