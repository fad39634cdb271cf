import { expect, test } from "vitest";
import { localTime } from "./schedule.ts";

const LATE_MS = 15 * 60_000;
const schedule = { kind: "local", date: "2026-03-28", time: "09:00", time_zone: "Europe/Berlin" } as const;
const at = (started: string, zone: string) =>
  new Date(localTime(schedule, zone, Date.parse(started), LATE_MS)).toISOString();

test("where the time is over it is the same time of the clock on the next day, also when the clock changes in between", () => {
  expect(at("2026-03-28T07:00:00Z", "Europe/Berlin")).toBe("2026-03-28T08:00:00.000Z");
  expect(at("2026-03-28T08:14:00Z", "Europe/Berlin")).toBe("2026-03-28T08:00:00.000Z");
  // The clock goes forward in the night.
  expect(at("2026-03-28T08:16:00Z", "Europe/Berlin")).toBe("2026-03-29T07:00:00.000Z");
  expect(at("2026-03-29T07:16:00Z", "Europe/Berlin")).toBe("2026-03-30T07:00:00.000Z");
  expect(at("2026-04-09T07:16:00Z", "Europe/Berlin")).toBe("2026-04-10T07:00:00.000Z");
  // And back.
  expect(at("2026-10-24T07:16:00Z", "Europe/Berlin")).toBe("2026-10-25T08:00:00.000Z");
  expect(at("2026-03-29T07:16:00Z", "UTC")).toBe("2026-03-29T09:00:00.000Z");
});
