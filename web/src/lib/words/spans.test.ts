import { expect, test } from "vitest";
import { fromLocalInput, sinceTime, toLocalInput } from "./spans.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

test("a span in the address is counted back from now, a moment is taken as it is, and nonsense is no filter", () => {
  expect(sinceTime("24h", now)).toBe("2026-11-21T12:00:00.000Z");
  expect(sinceTime("2026-11-20T08:00:00Z", now)).toBe("2026-11-20T08:00:00.000Z");
  expect(sinceTime("yesterday", now)).toBeUndefined();
  expect(sinceTime(undefined, now)).toBeUndefined();
});

test("what one enters is in one's own zone, and comes back as it was entered", () => {
  expect(fromLocalInput("2026-03-29T14:05")).toBe(new Date(2026, 2, 29, 14, 5).toISOString());
  expect(toLocalInput(fromLocalInput("2026-03-29T14:05"))).toBe("2026-03-29T14:05");
  expect(toLocalInput("nonsense")).toBe("");
  expect(fromLocalInput("")).toBeUndefined();
});
