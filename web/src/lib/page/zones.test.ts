import { expect, test } from "vitest";
import { clockIn, momentIn } from "./zones.ts";

test("a time of the clock in a zone is a moment, and back", () => {
  for (const [zone, date, time, moment] of [
    ["UTC", "2026-11-30", "09:30", "2026-11-30T09:30:00.000Z"],
    ["Asia/Kolkata", "2026-11-30", "09:30", "2026-11-30T04:00:00.000Z"],
    ["America/Sao_Paulo", "2026-12-31", "23:00", "2027-01-01T02:00:00.000Z"],
    ["Europe/Berlin", "2026-07-01", "00:00", "2026-06-30T22:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01", "00:00", "2025-12-31T10:00:00.000Z"],
  ] as const) {
    expect(momentIn(zone, { date, time })).toBe(moment);
    expect(clockIn(zone, Date.parse(moment))).toEqual({ date, time });
  }
});

test("the hour that summer time leaves out is the one after, and the one that comes twice is its first", () => {
  expect(momentIn("Europe/Berlin", { date: "2026-03-29", time: "02:30" })).toBe("2026-03-29T01:30:00.000Z");
  expect(momentIn("Europe/Berlin", { date: "2026-10-25", time: "02:30" })).toBe("2026-10-25T00:30:00.000Z");
});

test("what is no time is none", () => {
  expect(momentIn("UTC", { date: "", time: "09:30" })).toBe(null);
});
