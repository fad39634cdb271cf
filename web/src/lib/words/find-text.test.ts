import { expect, it } from "vitest";
import { findText } from "./find-text.ts";

it("finds without case and accents, and shows what is written", () => {
  expect(findText("Ein Café, bitte", "CAFE")).toEqual({ before: "Ein ", hit: "Café", after: ", bitte" });
  expect(findText("שָׁלוֹם לכם", "שלום")).toMatchObject({ before: "" });
  expect(findText("nothing of it", "café")).toBeNull();
  expect(findText("anything", " ")).toBeNull();
});

it("leaves out what is long before it, at a word", () => {
  const long = `${"word ".repeat(40)}needle in the hay`;
  expect(findText(long, "needle")).toEqual({
    before: "…word word word word ",
    hit: "needle",
    after: " in the hay",
  });
});
