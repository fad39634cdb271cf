import { describe, expect, test } from "vitest";
import { plainText, readRichText } from "./rich-text.ts";

const text = (value: string) => ({ kind: "text", text: value });

describe("WhatsApp's formatting", () => {
  test("bold, italic, strike and code become nodes, nested too", () => {
    expect(readRichText("*_both_* ~no~ `x*y*`")).toEqual([
      { kind: "bold", children: [{ kind: "italic", children: [text("both")] }] },
      text(" "),
      { kind: "strike", children: [text("no")] },
      text(" "),
      { kind: "code", text: "x*y*", block: false },
    ]);
  });

  test.each(["2*3*4", "snake_case_name", "* a *", "a * b", "**", "*open", "~~~", "_\n_", "`", "``````"])(
    "%j stays as it is",
    (plain) => expect(plainText(plain)).toBe(plain),
  );

  test("a link ends before the sentence's own punctuation", () => {
    expect(readRichText("(see https://a.example/x_y_z?q=1).")).toEqual([
      text("(see "),
      { kind: "link", text: "https://a.example/x_y_z?q=1", href: "https://a.example/x_y_z?q=1" },
      text(")."),
    ]);
  });

  test("only http and https become links", () => {
    expect(readRichText("javascript:alert(1) data:text/html,x").every((node) => node.kind === "text")).toBe(
      true,
    );
  });

  test("markup is text, and the longest message is read at once", () => {
    expect(readRichText("<img src=x onerror=alert(1)>")).toEqual([text("<img src=x onerror=alert(1)>")]);
    const began = performance.now();
    readRichText("*_~`".repeat(1024));
    expect(performance.now() - began).toBeLessThan(500);
  });
});
