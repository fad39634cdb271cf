import { expect, it } from "vitest";
import { readBlocks } from "./rich-blocks.ts";

it("quotes and lists are told from the text around them", () => {
  expect(readBlocks("Before\n> one\n> two\n- a\n* b\n3. c\n4. d\nafter")).toEqual([
    { kind: "text", text: "Before" },
    { kind: "quote", text: "one\ntwo" },
    { kind: "list", ordered: false, start: 1, items: ["a", "b"] },
    { kind: "list", ordered: true, start: 3, items: ["c", "d"] },
    { kind: "text", text: "after" },
  ]);
});

it.each(["5-3 = 2", "-no space", "*bold* first", "a > b", "1.5 litres", ">", "- ", "2026. "])(
  "%s is only text",
  (text) => expect(readBlocks(text)).toEqual([{ kind: "text", text }]),
);

it("a block of code stays as it is, whatever its lines begin with", () => {
  const code = "```\n- a\n> b\n```";
  expect(readBlocks(`${code}\n- item`)).toEqual([
    { kind: "text", text: code },
    { kind: "list", ordered: false, start: 1, items: ["item"] },
  ]);
});

it("a long crafted text is read in no time", () => {
  const started = performance.now();
  readBlocks("> a\n- b\n```".repeat(1_000));
  expect(performance.now() - started).toBeLessThan(500);
});
