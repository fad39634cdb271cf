import { expect, test } from "vitest";
import { SYNC } from "./texts.ts";

test("a reading from Meta says what it came to, also when there was nothing to read", () => {
  expect(SYNC.done([])).toMatch(/^Nothing was read: no account is known yet\./);
  expect(SYNC.done([{ state: "reading", found: null, changed: null }])).toMatch(
    /^Meta is still being read\./,
  );
  expect(SYNC.done([{ state: "idle", found: 7, changed: 0 }])).toBe(
    "7 templates were read. Nothing has changed.",
  );
  expect(
    SYNC.done([
      { state: "idle", found: 7, changed: 1 },
      { state: "idle", found: 2, changed: 0 },
    ]),
  ).toBe("9 templates were read. 1 has changed.");
});
