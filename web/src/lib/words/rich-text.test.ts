import { describe, expect, test, vi } from "vitest";
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

  test("markup is text", () => {
    expect(readRichText("<img src=x onerror=alert(1)>")).toEqual([text("<img src=x onerror=alert(1)>")]);
  });

  test("a mark that never closes says nothing of another line, nor of another mark", () => {
    expect(readRichText("*a _b\n*c* _d_ *e")).toEqual([
      text("*a _b\n"),
      { kind: "bold", children: [text("c")] },
      text(" "),
      { kind: "italic", children: [text("d")] },
      text(" *e"),
    ]);
  });
});

/** How many characters are searched for a mark, a link's end or a line's: what took the time. */
function searched(work: () => void): number {
  // oxlint-disable-next-line typescript/unbound-method -- called with its `this`
  const { indexOf } = String.prototype;
  let characters = 0;
  const spy = vi.spyOn(String.prototype, "indexOf").mockImplementation(function (
    this: string,
    what,
    from = 0,
  ) {
    const found = indexOf.call(this, what, from);
    characters += (found < 0 ? this.length : found) - from + 1;
    return found;
  });
  work();
  spy.mockRestore();
  return characters;
}

describe("a text that was made to be slow", () => {
  const SHAPES = {
    "marks that never close": " *a",
    "marks of every kind": " *a _b ~c",
    "marks within marks": "*_~a",
    "marks that close at once": "*a* ",
    backticks: "`\n",
    "three backticks": "``` ",
    lines: "*\n_a\n",
    links: "http://%",
  };

  test.each(Object.entries(SHAPES))("%s take work in step with their length (M2)", (_, shape) => {
    const work = (length: number) => {
      const text = shape.repeat(Math.ceil(length / shape.length)).slice(0, length);
      return searched(() => void readRichText(text));
    };
    // Three marks may lie in each other, and each looks for its end and that of its line.
    for (const length of [1_000, 8_000]) expect(work(length)).toBeLessThan(length * 12);
  });

  test("beyond 8,000 characters it is shown as it is, and a list looks at the first 300 (M2)", () => {
    const long = " *a*".repeat(16_384);
    expect(searched(() => expect(readRichText(long)).toEqual([text(long)]))).toBe(0);
    expect(searched(() => expect(plainText(long)).toBe(" a".repeat(75)))).toBeLessThan(3_600);
  });
});
