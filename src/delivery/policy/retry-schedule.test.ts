import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MAX_RETRY_AFTER_MS,
  readRetryAfter,
  RETRY_PRESETS,
  retryDelay_ms,
  type RetryPreset,
} from "./retry-schedule.ts";
import { shareOut } from "./fair-share.ts";

const HOUR_MS = 3_600_000;
const presets = Object.keys(RETRY_PRESETS) as RetryPreset[];

describe("the retry schedule", () => {
  const total_ms = (preset: RetryPreset, random = Math.random) =>
    RETRY_PRESETS[preset].reduce((sum, _, i) => sum + retryDelay_ms(preset, i + 1, null, random)!, 0);

  test.each([
    ["fast", 7, 1, 1.1],
    ["standard", 10, 72, 76],
    ["long", 14, 164, 172],
  ] as const)("of the preset %s has %d tries in %d to %d hours, on average", (preset, tries, least, most) => {
    expect(RETRY_PRESETS[preset]).toHaveLength(tries - 1);
    expect(retryDelay_ms(preset, tries, null)).toBeNull();
    expect(total_ms(preset, () => 0.5) / HOUR_MS).toBeGreaterThanOrEqual(least);
    expect(total_ms(preset, () => 0.5) / HOUR_MS).toBeLessThanOrEqual(most);
  });

  test("never takes less than half of its time nor more than half as much again", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...presets),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })),
        (preset, random) => {
          const planned_ms = RETRY_PRESETS[preset].reduce((sum, wait_s) => sum + wait_s * 1000, 0);
          const ratio = total_ms(preset, () => random.next().value as number) / planned_ms;
          expect(ratio).toBeGreaterThanOrEqual(0.5);
          expect(ratio).toBeLessThanOrEqual(1.5);
        },
      ),
    );
  });

  test("never tries at once, nor sooner than the receiver asked, nor later than the cap", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...presets),
        fc.nat(16),
        fc.option(fc.nat(10 * MAX_RETRY_AFTER_MS)),
        (preset, made, asked) => {
          const wait_s = RETRY_PRESETS[preset][made];
          const wait_ms = retryDelay_ms(preset, made + 1, asked);
          expect(wait_ms === null).toBe(wait_s === undefined);
          if (wait_s === undefined) return;
          expect(wait_ms).toBeGreaterThanOrEqual(
            Math.max(wait_s * 500, Math.min(asked ?? 0, MAX_RETRY_AFTER_MS)),
          );
          expect(wait_ms).toBeLessThanOrEqual(Math.max(wait_s * 1500, MAX_RETRY_AFTER_MS));
        },
      ),
    );
  });

  test("spreads a thousand that failed together evenly: no second of the five gets more than a third of them", () => {
    const seconds = new Map<number, number>();
    for (let i = 0; i < 1_000; i++) {
      const second = Math.floor(retryDelay_ms("standard", 1, null)! / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    expect(Math.max(...seconds.values())).toBeLessThan(333);
  });

  test("understands Retry-After as seconds and as a date, and ignores what is neither", () => {
    const now_ms = Date.parse("2026-11-22T12:00:00Z");
    for (const [header, wait_ms] of [
      ["120", 120_000],
      [" 1 ", 1_000],
      ["Sun, 22 Nov 2026 12:01:00 GMT", 60_000],
      ["Sunday, 22-Nov-26 12:01:00 GMT", 60_000],
      ["99999999999999999999", MAX_RETRY_AFTER_MS],
      ["Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_AFTER_MS],
      ["0", null],
      ["-5", null],
      ["1.5", null],
      ["Sun, 22 Nov 2026 11:59:00 GMT", null],
      ["soon", null],
      ["2027", MAX_RETRY_AFTER_MS > 2_027_000 ? 2_027_000 : null],
      ["", null],
      [undefined, null],
    ] as const)
      expect([header, readRetryAfter(header, now_ms)]).toEqual([header, wait_ms]);
  });
});

test("what is shared out is never more than there is or than is wished, and no small one waits for a big one", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { maxLength: 30 }), fc.nat(2_000), (wishes, room) => {
      const shares = shareOut(wishes, room);
      const sum = shares.reduce((total, share) => total + share, 0);
      expect(sum).toBe(
        Math.min(
          room,
          wishes.reduce((total, wish) => total + wish, 0),
        ),
      );
      const fair = Math.floor(room / Math.max(1, wishes.length));
      for (const [i, wish] of wishes.entries()) {
        expect(shares[i]).toBeLessThanOrEqual(wish);
        expect(shares[i]).toBeGreaterThanOrEqual(Math.min(wish, fair));
      }
    }),
  );
});
