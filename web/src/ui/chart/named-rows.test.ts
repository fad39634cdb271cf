import { describe, expect, it } from "vitest";
import { namedRows } from "./chart-frame.tsx";

const MINUTE = 60_000;
const from = Date.parse("2026-11-30T09:15:00Z");
const rows = (count: number, width_ms: number, start = from) =>
  Array.from({ length: count }, (_, index) => start + index * width_ms);

describe("the rows that an axis names", () => {
  it.each([
    { what: "a day of quarters", starts: rows(96, 15 * MINUTE), band: 11, step: 8 },
    { what: "an hour of minutes", starts: rows(60, MINUTE), band: 17, step: 8 },
    { what: "a month of days", starts: rows(30, 1_440 * MINUTE), band: 33, step: 4 },
    { what: "a week of hours on a phone", starts: rows(168, 60 * MINUTE), band: 1.6, step: 48 },
    { what: "few and wide", starts: rows(5, 60 * MINUTE), band: 200, step: 1 },
  ])("$what: evenly, one in $step", ({ starts, band, step }) => {
    const named = namedRows(starts, band);
    expect(named[0]).toBeLessThan(step);
    for (const [index, row] of named.slice(1).entries()) expect(row - named[index]!).toBe(step);
    expect(named.at(-1)).toBeGreaterThanOrEqual(starts.length - step);
  });

  it("begins at a round time", () => {
    const starts = rows(96, 15 * MINUTE);
    const local = new Date(starts[namedRows(starts, 11)[0]!]!);
    expect([local.getHours() % 2, local.getMinutes()]).toEqual([0, 0]);
  });

  it("names something of no rows and of one", () => {
    expect(namedRows([], 100)).toEqual([]);
    expect(namedRows([from], 100)).toEqual([0]);
  });
});
