import * as fc from "fast-check";
import { expect, it } from "vitest";
import { momentOf, wallTime, zoneOfCountry } from "../base/base.ts";
import { longestQuiet_min, quietUntil, type QuietHours } from "./quiet-hours.ts";

const MINUTE_MS = 60_000;
const ALL = [1, 2, 3, 4, 5, 6, 7];
const night: QuietHours = { from: "21:00", to: "08:00", days: ALL, whole_days: [], action: "wait" };
const at = (text: string) => Date.parse(text);

it("ends a night in the morning where the person is", () => {
  expect(quietUntil(night, "America/Sao_Paulo", at("2026-11-30T23:59:00Z"))).toBeNull();
  expect(quietUntil(night, "America/Sao_Paulo", at("2026-12-01T00:00:00Z"))).toBe(at("2026-12-01T11:00:00Z"));
  expect(quietUntil(night, "America/Sao_Paulo", at("2026-12-01T10:59:59Z"))).toBe(at("2026-12-01T11:00:00Z"));
  expect(quietUntil(night, "America/Sao_Paulo", at("2026-12-01T11:00:00Z"))).toBeNull();
});

it("begins a night on its day alone, though it goes on into the next", () => {
  const friday = { ...night, days: [5] };
  // 4 December 2026 is a Friday.
  expect(quietUntil(friday, "UTC", at("2026-12-04T20:59:00Z"))).toBeNull();
  expect(quietUntil(friday, "UTC", at("2026-12-05T03:00:00Z"))).toBe(at("2026-12-05T08:00:00Z"));
  expect(quietUntil(friday, "UTC", at("2026-12-05T22:00:00Z"))).toBeNull();
});

it("goes over whole days to the first moment that is not quiet", () => {
  const sundays = { ...night, whole_days: [7] };
  expect(quietUntil(sundays, "Europe/Paris", at("2026-12-05T22:30:00Z"))).toBe(at("2026-12-07T07:00:00Z"));
});

it("ends at the hour that the clock shows, also on the days on which it changes", () => {
  // Clocks go from 2 to 3 on 29 March 2026 in Berlin, and from 3 back to 2 on 25 October.
  const early = { ...night, to: "02:30" };
  expect(quietUntil(early, "Europe/Berlin", at("2026-03-28T23:00:00Z"))).toBe(at("2026-03-29T01:30:00Z"));
  expect(quietUntil(early, "Europe/Berlin", at("2026-10-24T23:00:00Z"))).toBe(at("2026-10-25T00:30:00Z"));
  expect(quietUntil(night, "Europe/Berlin", at("2026-03-28T23:00:00Z"))).toBe(at("2026-03-29T06:00:00Z"));
});

it("tells the longest quiet stretch, and where it never ends", () => {
  expect(longestQuiet_min(night)).toBe(11 * 60);
  expect(longestQuiet_min({ ...night, whole_days: [6, 7] })).toBe(3 * 60 + 2 * 24 * 60 + 8 * 60);
  expect(longestQuiet_min({ ...night, whole_days: ALL })).toBeNull();
});

it("knows a zone for each country, and of several the one of most of its people", () => {
  expect(["BR", "US", "IN", "DE", "NG", "ID", "IL"].map(zoneOfCountry)).toEqual([
    "America/Sao_Paulo",
    "America/New_York",
    "Asia/Calcutta",
    "Europe/Berlin",
    "Africa/Lagos",
    "Asia/Jakarta",
    "Asia/Jerusalem",
  ]);
  expect(zoneOfCountry("")).toBeNull();
  const codes =
    "AEARATAUBRCACHCLCODEEGESFRGBGHHKIDIEILINITJPKEMAMXMYNGNLPEPHPKPLPTRUSASESGTHTRUAUSVNZA".match(/../g)!;
  for (const code of codes) expect(wallTime(zoneOfCountry(code)!, 0).year).toBeGreaterThan(1968);
});

it("finds the moment of any time that a clock shows, and a later one of a time that it skips", () => {
  const zones = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({
        min: at("2015-01-01T00:00:00Z") / MINUTE_MS,
        max: at("2029-01-01T00:00:00Z") / MINUTE_MS,
      }),
      (zone, minutes) => {
        const moment = minutes * MINUTE_MS;
        const found = momentOf(zone, wallTime(zone, moment));
        expect(wallTime(zone, found)).toEqual(wallTime(zone, moment));
        expect(found).toBeLessThanOrEqual(moment);
        expect(moment - found).toBeLessThanOrEqual(60 * MINUTE_MS);
      },
    ),
    { numRuns: 300 },
  );
});

it("ends where minute by minute it is found to end, in any zone and week", () => {
  const time = fc
    .integer({ min: 0, max: 47 })
    .map((half) => `${String(half >> 1).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);
  const days = fc.subarray(ALL);
  const hours = fc
    .record({ from: time, to: time, days, whole_days: fc.subarray(ALL, { maxLength: 3 }) })
    .filter(({ from, to }) => from !== to)
    .map((one): QuietHours => ({ ...one, action: "wait" }));
  fc.assert(
    fc.property(
      hours,
      fc.constantFrom("UTC", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Auckland"),
      // A week without a change of clocks.
      fc.integer({ min: 0, max: 7 * 96 - 1 }),
      (quiet, zone, quarter) => {
        const now_ms = at("2026-06-01T00:00:00Z") + quarter * 15 * MINUTE_MS;
        let end_ms = now_ms;
        while (quietUntil(quiet, zone, end_ms) !== null) end_ms += 15 * MINUTE_MS;
        expect(quietUntil(quiet, zone, now_ms)).toBe(end_ms === now_ms ? null : end_ms);
      },
    ),
    { numRuns: 150 },
  );
});
