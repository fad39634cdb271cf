import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

/** The most that fell into any second. */
function busiestSecond(times_ms: readonly number[]): number {
  const sorted = times_ms.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [i, time] of sorted.entries()) {
    while (time - sorted[first]! >= 1_000) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

/** Sends as fast as the pace lets it, with a backlog, on a clock of its own. When each request left, and arrived. */
function sendFor(
  ms: number,
  limit: number,
  late: () => number,
  connects: () => number = () => 0,
): { left: number[]; arrived: number[] } {
  const pace = createPace();
  const left: number[] = [];
  const arrived: number[] = [];
  let connecting: { at_ms: number; begun: (now_ms: number) => void }[] = [];
  let now_ms = 0;
  while (now_ms < ms) {
    for (const { at_ms, begun } of connecting.filter(({ at_ms }) => at_ms <= now_ms)) begun(at_ms);
    connecting = connecting.filter(({ at_ms }) => at_ms > now_ms);
    const next_ms = pace.next_ms(limit);
    if (next_ms <= now_ms) {
      const begun = pace.go(now_ms, limit);
      const at_ms = now_ms + connects();
      if (at_ms <= now_ms) begun(now_ms);
      else connecting.push({ at_ms, begun });
      left.push(at_ms);
      arrived.push(at_ms + Math.random() * 25);
      continue;
    }
    const soonest = Math.min(next_ms + late(), ...connecting.map(({ at_ms }) => at_ms));
    now_ms = Math.max(now_ms + 0.01, soonest);
  }
  return { left, arrived };
}

test.each([1, 2, 10, 100, 1_000])(
  "a minute at %d a second: never more in any second, even as the receiver sees it, and at least 95 % of it, the last second like the first",
  (limit) => {
    // A timer is up to 2 ms late, and every now and then everything stands still for up to 80 ms.
    const late = () => (Math.random() < 0.001 ? Math.random() * 80 : Math.random() * 2);
    const { left, arrived } = sendFor(60_000, limit, late);
    expect(busiestSecond(left)).toBeLessThanOrEqual(limit);
    expect(busiestSecond(arrived)).toBeLessThanOrEqual(limit);
    expect(left.length).toBeGreaterThanOrEqual(0.95 * 60 * limit);
    const last = left.filter((at_ms) => at_ms >= 50_000).length;
    expect(last).toBeGreaterThanOrEqual(Math.floor(0.95 * 10 * limit));
  },
);

test("sends are spread over the second, not all at its start", () => {
  const { left } = sendFor(5_000, 100, () => 1);
  for (let from_ms = 0; from_ms < 4_500; from_ms += 100)
    expect(left.filter((at_ms) => at_ms >= from_ms && at_ms < from_ms + 500).length).toBeLessThan(65);
});

test("however late it is, and however long connecting takes: never more in any second", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.oneof(fc.nat(5), fc.nat(400), fc.nat(3_000))),
      fc.infiniteStream(fc.oneof(fc.constant(0), fc.nat(300), fc.nat(2_500))),
      (limit, late, connects) => {
        const { arrived } = sendFor(
          10_000,
          limit,
          () => late.next().value as number,
          () => connects.next().value as number,
        );
        expect(busiestSecond(arrived)).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 50 },
  );
});
