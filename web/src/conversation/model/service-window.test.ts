import { expect, test } from "vitest";
import { serviceWindow } from "./service-window.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const at = (ms: number) => serviceWindow(new Date(now + ms).toISOString(), now);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("the countdown says hours and minutes, and closes at its very time", () => {
  expect(at(5 * HOUR + 12 * MINUTE + 59_000).label).toBe("5h 12m left");
  expect(at(12 * MINUTE).label).toBe("12m left");
  expect(at(59_000).label).toBe("Less than a minute left");
  expect(at(0)).toEqual({ state: "closed", label: "Window closed", left: 0 });
  expect(at(-HOUR).state).toBe("closed");
});

test("six hours before its end it is closing", () => {
  expect(at(6 * HOUR + 1).state).toBe("open");
  expect(at(6 * HOUR).state).toBe("closing");
});

test("a customer who never wrote, or a time that can't be read, has no window", () => {
  expect(serviceWindow(null, now).state).toBe("closed");
  expect(serviceWindow("?", now).state).toBe("closed");
});
