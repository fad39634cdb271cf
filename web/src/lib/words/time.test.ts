import { expect, test } from "vitest";
import { ahead, bytes, dayLabel, daysAgo, duration, listTime } from "./time.ts";

const now = new Date(2026, 10, 22, 0, 30).getTime();
const local = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();

test("days are counted by the calendar, not by 24 hours", () => {
  expect(daysAgo(local(21, 23, 59), now)).toBe(1);
  expect(dayLabel(local(22, 0, 1), now)).toBe("Today");
  expect(dayLabel(local(21, 23, 59), now)).toBe("Yesterday");
});

test("a list says minutes first, then the time, then the day", () => {
  expect(listTime(local(22, 0, 30), now)).toBe("now");
  expect(listTime(local(22, 0, 5), now)).toBe("25m");
  expect(listTime(local(20, 12), now)).toMatch(/^Fri/);
  expect(listTime(local(1, 12), now)).toMatch(/Nov/);
});

test("sizes keep to three digits", () => {
  expect(bytes(812)).toBe("812 B");
  expect(bytes(2_345)).toBe("2.3 kB");
  expect(bytes(3_145_728)).toBe("3.1 MB");
});

test("what is left is said in one unit", () => {
  const at = (ms: number) => ahead(new Date(now + ms).toISOString(), now);
  expect([0, 400, 59_001, 240_000, 7_200_000, 3 * 86_400_000].map(at)).toEqual([
    "now",
    "in 1 s",
    "in 60 s",
    "in 4 min",
    "in 2 h",
    "in 3 days",
  ]);
});

test("a length of time is said in the two largest units that it has", () => {
  const seconds = [0.25, 3.456, 5, 90, 3_600, 9_000, 86_400, 2 * 86_400, 5.5 * 86_400];
  expect(seconds.map((each) => duration(each * 1_000))).toEqual([
    "250 ms",
    "3.4 s",
    "5 s",
    "1 min 30 s",
    "1 h",
    "2 h 30 min",
    "24 h",
    "2 days",
    "5 days 12 h",
  ]);
});
