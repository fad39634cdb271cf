import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectDir } from "../src/base/base.ts";

/** docs/scenarios.md: one line a scenario, its number, what happens, and the tests that show it or why it is no case. */
const rows = readFileSync(join(projectDir, "docs/scenarios.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^[A-Z]\d+$/.test(cells[1] ?? "")
      ? [{ number: cells[1]!, scenario: cells[2] ?? "", shown: cells[3] ?? "" }]
      : [];
  });

describe("docs/scenarios.md", () => {
  test("numbers its scenarios chapter by chapter, without a hole", () => {
    const chapters = [...new Set(rows.map(({ number }) => number[0]!))];
    const numbers = chapters.flatMap((letter) =>
      rows.filter(({ number }) => number.startsWith(letter)).map((_, i) => `${letter}${i + 1}`),
    );
    expect(rows.map(({ number }) => number)).toEqual(numbers);
    expect(chapters.length).toBeGreaterThan(5);
    expect(rows.length).toBeGreaterThan(70);
  });

  test.each(rows.filter(({ number }) => !number.startsWith("N")))("$number: $scenario", ({ shown }) => {
    const named = [...shown.matchAll(/\]\(\.\.\/([^)]+)\): "(.*?)"(?=<br>|$)/g)];
    expect(named.length).toBe(shown.split("<br>").length);
    for (const [, file, title] of named) {
      const text = readFileSync(join(projectDir, file!), "utf8");
      expect([title, text.includes(`"${title}"`)]).toEqual([title, true]);
    }
  });

  test("says why, where there is no test", () => {
    const without = rows.filter(({ number }) => number.startsWith("N"));
    expect(without.length).toBeGreaterThan(0);
    expect(without.filter(({ shown }) => shown === "")).toEqual([]);
  });
});
