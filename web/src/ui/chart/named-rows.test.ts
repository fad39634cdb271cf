import { afterEach, describe, expect, it } from "vitest";
import { namedRows } from "./named-rows.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

/** What the axis says, in the reader's zone. */
function named(
  at: string,
  count: number,
  width_ms: number,
  band: number,
  from = "2026-11-30T09:17:00Z",
): string[] {
  process.env["TZ"] = at;
  const first = Math.floor(Date.parse(from) / width_ms) * width_ms;
  const starts = Array.from({ length: count }, (_, index) => first + index * width_ms);
  return namedRows(starts, band).map((index) =>
    new Date(starts[index]!).toLocaleString("en-GB", {
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    }),
  );
}

describe("the rows that an axis names", () => {
  it("stand at whole steps of a clock", () => {
    expect(named("UTC", 60, MINUTE, 17).slice(0, 3)).toEqual(["Mon 09:20", "Mon 09:25", "Mon 09:30"]);
    expect(named("UTC", 60, MINUTE, 6).slice(0, 3)).toEqual(["Mon 09:30", "Mon 09:45", "Mon 10:00"]);
    expect(named("UTC", 96, 15 * MINUTE, 11).slice(0, 3)).toEqual(["Mon 10:00", "Mon 12:00", "Mon 14:00"]);
    expect(named("UTC", 96, 15 * MINUTE, 3.5).slice(0, 3)).toEqual(["Mon 12:00", "Mon 18:00", "Tue 00:00"]);
    expect(named("UTC", 168, HOUR, 1.6)).toEqual(["Tue 00:00", "Thu 00:00", "Sat 00:00", "Mon 00:00"]);
    expect(named("UTC", 5, HOUR, 200)).toHaveLength(5);
  });
  it("go by the reader's zone, also one that is half an hour off", () => {
    expect(named("America/New_York", 96, 15 * MINUTE, 11)[0]).toBe("Mon 06:00");
    expect(named("Asia/Kolkata", 96, 15 * MINUTE, 11)[0]).toBe("Mon 16:00");
    // Rows are whole hours of UTC: none of them begins with an hour there.
    expect(named("Asia/Kolkata", 168, HOUR, 3.5).slice(0, 2)).toEqual(["Tue 00:30", "Wed 00:30"]);
  });
  it("are whole hours also after the clock was put forward, and back", () => {
    const night = (from: string) => named("America/New_York", 40, 15 * MINUTE, 11, from);
    expect(night("2026-03-08T03:00:00Z")).toEqual([
      "Sat 22:00",
      "Sun 00:00",
      "Sun 04:00",
      "Sun 06:00",
      "Sun 08:00",
    ]);
    expect(night("2026-11-01T03:00:00Z")).toEqual(["Sun 00:00", "Sun 02:00", "Sun 04:00", "Sun 06:00"]);
  });
  it("begin a day at one where midnight is left out", () => {
    expect(named("Africa/Cairo", 168, HOUR, 3.5, "2026-04-21T10:00:00Z")).toContain("Fri 01:00");
  });
  it("are none of no rows, and one of one", () => {
    expect(namedRows([], 100)).toEqual([]);
    expect(namedRows([Date.parse("2026-11-30T09:15:00Z")], 100)).toEqual([0]);
  });
});
