import { expect, test } from "vitest";
import type { RetryPreset } from "../../../lib/types.ts";
import { scheduleSummary, scheduleWords } from "./retry-schedules.ts";

test("a schedule is told in words", () => {
  expect(scheduleSummary("standard")).toBe("10 attempts in about 3 days");
  const words = (preset: RetryPreset) => scheduleWords(preset).replaceAll("\u00a0", " ");
  expect(words("standard")).toBe("after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h");
  expect(words("long")).toBe("after 5 s, 1 min, 10 min, 1 h, 3 h, 6 h, 12 h, then 6 times every 24 h");
});
