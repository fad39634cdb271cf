import { expect, test } from "vitest";
import { isolate, plainName } from "./isolate.ts";

test("a name that has a direction of its own ends it where the name ends; others stay as they are", () => {
  expect(isolate("Zoë O’Hara 3")).toBe("Zoë O’Hara 3");
  expect(isolate("דנה")).toBe("\u2068דנה\u2069");
  expect(isolate("Ann\u202egnp")).toBe("\u2068Ann\u202egnp\u2069");
  // One that closes the isolate itself would be outside of it.
  expect(isolate("Ann\u2069\u202eb")).toBe("\u2068Ann\u202eb\u2069");
});

test("a name that others chose is shown without what is unseen, and not for ever", () => {
  expect(plainName(" Ann\u202e\u200b\n gnp\u2069 ")).toBe("Ann gnp");
  // A family is one letter of four joined.
  expect(plainName("👩‍👩‍👧 נועה")).toBe("👩‍👩‍👧 נועה");
  expect(plainName("x".repeat(200))).toBe(`${"x".repeat(79)}…`);
  expect(plainName("\u200b\u2060")).toBe("");
});
