import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FAILING_AFTER, givesUpAt, judge, judgeTime, turnsOf, type Health, type Sign } from "./breaker.ts";

const DAY_MS = 86_400_000;
const FIVE_DAYS_S = 432_000;
const start_ms = Date.parse("2026-11-22T12:00:00Z");
const well: Health = {
  state: "ok",
  state_reason: null,
  failures: 0,
  failing_since: null,
  held_until: null,
  probe_at: null,
  trips: 0,
  warned_at: null,
  disabled_at: null,
  last_success_at: null,
  last_failure_at: null,
};
const success = (at_ms: number, probe = false): Sign => ({
  at_ms,
  probe,
  status: 200,
  error: null,
  error_code: null,
  retry_after_ms: null,
});
const failure = (at_ms: number, more: Partial<Sign> = {}): Sign => ({
  at_ms,
  probe: false,
  status: 500,
  error: "The server answered 500.",
  error_code: "http_status",
  retry_after_ms: null,
  ...more,
});
const times = (count: number, sign: Sign) => Array.from({ length: count }, () => sign);
const after = (health: Health, signs: Sign[], random = () => 0.5) =>
  judge(health, signs, FIVE_DAYS_S, random);

describe("the breaker", () => {
  test("opens at the fifth failure in a row, not before, and a success in between begins the count anew", () => {
    const four = after(well, times(FAILING_AFTER - 1, failure(start_ms)));
    expect(four).toMatchObject({ state: "ok", failures: 4, probe_at: null, trips: 0 });
    const five = after(four, [failure(start_ms)]);
    expect(five).toMatchObject({ state: "failing", failures: 5, trips: 1 });
    expect(five.probe_at!.getTime()).toBeGreaterThan(start_ms);
    const interrupted = after(four, [success(start_ms), ...times(4, failure(start_ms))]);
    expect(interrupted).toMatchObject({ state: "ok", failures: 4, trips: 0 });
  });

  test("opens once for all that was under way: 64 failures are one trip, however they are written", () => {
    const signs = times(64, failure(start_ms));
    const at_once = after(well, signs);
    expect(at_once).toMatchObject({ state: "failing", failures: 64, trips: 1 });
    const one_by_one = signs.reduce((health, sign) => after(health, [sign]), well);
    expect(one_by_one).toEqual(at_once);
    // Such a try may also end after the rest is over: it is still not the probe.
    const late = after(at_once, [failure(start_ms + 60_000)]);
    expect(late).toMatchObject({ trips: 1, probe_at: at_once.probe_at, failures: 65 });
  });

  test("opens again for longer at each probe that fails, between 10 s and 5 min, and any success closes it", () => {
    for (const edge of [0, 0.999_999]) {
      let health = after(well, times(5, failure(start_ms)), () => edge);
      const rests_s: number[] = [];
      for (let i = 0; i < 8; i++) {
        const at_ms = health.probe_at!.getTime();
        health = after(health, [failure(at_ms, { probe: true })], () => edge);
        rests_s.push(Math.round((health.probe_at!.getTime() - at_ms) / 1000));
      }
      expect(rests_s).toEqual(
        edge === 0 ? [20, 40, 80, 150, 150, 150, 150, 150] : [40, 80, 160, 300, 300, 300, 300, 300],
      );
      for (const probe of [true, false])
        expect(after(health, [success(start_ms + 1, probe)])).toMatchObject({
          state: "ok",
          state_reason: null,
          failures: 0,
          failing_since: null,
          probe_at: null,
          trips: 0,
        });
    }
  });

  test("whatever comes in whatever order: it is open exactly after five failures without a success, and only probes lengthen the rest", () => {
    const anySign = fc.record({
      ok: fc.boolean(),
      probe: fc.boolean(),
      status: fc.constantFrom(500, 429, 503, 404),
      retry_after_ms: fc.option(fc.integer({ min: 1, max: DAY_MS })),
      wait_ms: fc.nat(100_000),
    });
    fc.assert(
      fc.property(fc.array(anySign, { maxLength: 60 }), (signs) => {
        let health = well;
        let at_ms = start_ms;
        let streak = 0;
        for (const { ok, wait_ms, ...sign } of signs) {
          at_ms += wait_ms;
          const before = health;
          health = after(health, [ok ? success(at_ms, sign.probe) : failure(at_ms, sign)], Math.random);
          streak = ok ? 0 : streak + 1;
          expect(health.state).toBe(streak >= FAILING_AFTER ? "failing" : "ok");
          expect(health.failures).toBe(streak);
          expect(health.probe_at === null).toBe(health.state === "ok");
          expect(health.failing_since === null).toBe(streak === 0);
          const straggler = before.state === "failing" && health.state === "failing" && !sign.probe;
          expect(straggler ? health : before).toMatchObject({
            trips: before.trips,
            probe_at: before.probe_at,
          });
          const asked_ms = !ok && [429, 503].includes(sign.status) ? sign.retry_after_ms : null;
          expect(health.held_until?.getTime() ?? 0).toBeGreaterThanOrEqual(
            asked_ms === null ? 0 : at_ms + asked_ms,
          );
          // What it asked for is taken back by nothing but a probe that a person sent before its time, and it received.
          const by_person = ok && sign.probe && before.state === "failing";
          expect(health.held_until?.getTime() ?? 0).toBeGreaterThanOrEqual(
            by_person ? 0 : (before.held_until?.getTime() ?? 0),
          );
        }
      }),
    );
  });
});

describe("429 and 503", () => {
  const overload = (at_ms: number, retry_after_ms: number | null = null, probe = false) =>
    failure(at_ms, { status: 429, retry_after_ms, probe });
  const rest_s = (health: Health, at_ms: number) => Math.round((health.held_until!.getTime() - at_ms) / 1000);

  test("make the whole endpoint wait as long as they ask, the longest of several", () => {
    const health = after(well, [overload(start_ms, 120_000), overload(start_ms, 60_000)]);
    expect(rest_s(health, start_ms)).toBe(120);
    expect(rest_s(after(health, [success(start_ms + 1)]), start_ms)).toBe(120);
  });

  test("that don't say how long: half a minute, and longer each time until a success", () => {
    let health = well;
    let at_ms = start_ms;
    const rests_s: number[] = [];
    for (let i = 0; i < 8; i++) {
      // All that were under way say the same: it counts once.
      health = after(health, times(3, overload(at_ms, null, health.state === "failing")), () => 0);
      rests_s.push(rest_s(health, at_ms));
      at_ms = Math.max(health.held_until!.getTime(), health.probe_at?.getTime() ?? 0);
    }
    expect(rests_s.slice(0, 2)).toEqual([30, 60]);
    expect(rests_s.every((rest, i) => i === 0 || rest >= rests_s[i - 1]!)).toBe(true);
    expect(rests_s.at(-1)).toBe(150);
    health = after(health, [success(at_ms)]);
    expect(
      rest_s(
        after(health, [overload(at_ms)], () => 0),
        at_ms,
      ),
    ).toBe(30);
  });
});

describe("giving up", () => {
  /** One that fails every hour from `start_ms` on, until something else is said. */
  const failingUntil = (end_ms: number, from: Health = well): Health => {
    let health = after(from, times(5, failure(start_ms)));
    for (let at_ms = start_ms + 3_600_000; at_ms <= end_ms; at_ms += 3_600_000)
      health = after(health, [failure(at_ms, { probe: true })]);
    return health;
  };

  test("warns after half of the time, and disables when it is over, not before", () => {
    expect(failingUntil(start_ms + 2.5 * DAY_MS - 1).warned_at).toBeNull();
    const warned = failingUntil(start_ms + 2.5 * DAY_MS);
    expect(warned).toMatchObject({ state: "failing", warned_at: new Date(start_ms + 2.5 * DAY_MS) });
    expect(givesUpAt(warned, FIVE_DAYS_S)).toEqual(new Date(start_ms + 5 * DAY_MS));
    expect(failingUntil(start_ms + 5 * DAY_MS - 1).state).toBe("failing");
    expect(failingUntil(start_ms + 5 * DAY_MS)).toMatchObject({
      state: "disabled",
      disabled_at: new Date(start_ms + 5 * DAY_MS),
      state_reason: "Nothing was delivered since 2026-11-22 12:00 UTC. The server answered 500.",
    });
  });

  test("begins anew with any success", () => {
    const almost = failingUntil(start_ms + 4.9 * DAY_MS);
    const once = after(almost, [success(start_ms + 4.95 * DAY_MS)]);
    expect(once).toMatchObject({ state: "ok", warned_at: null, failing_since: null });
    expect(after(once, times(64, failure(start_ms + 5 * DAY_MS))).state).toBe("failing");
  });

  test("never comes without a warning as long before, nor by silence alone", () => {
    // Five failures, then nothing is sent for a month.
    const quiet = after(well, times(5, failure(start_ms)));
    const warned = judgeTime(quiet, start_ms + 30 * DAY_MS, FIVE_DAYS_S);
    expect(warned).toMatchObject({ state: "failing", warned_at: new Date(start_ms + 30 * DAY_MS) });
    expect(judgeTime(warned, start_ms + 60 * DAY_MS, FIVE_DAYS_S).state).toBe("failing");
    const early = after(warned, [failure(start_ms + 32.4 * DAY_MS, { probe: true })]);
    expect(early.state).toBe("failing");
    expect(judgeTime(early, start_ms + 32.5 * DAY_MS, FIVE_DAYS_S).state).toBe("disabled");
  });

  test("is immediate at 410, and a success that was still under way does not undo it", () => {
    const gone = after(well, [failure(start_ms, { status: 410, error_code: "gone", error: "Gone." })]);
    expect(gone).toMatchObject({ state: "disabled", disabled_at: new Date(start_ms), state_reason: "Gone." });
    expect(after(gone, [success(start_ms + 1)])).toMatchObject({
      state: "disabled",
      disabled_at: new Date(start_ms),
      last_success_at: new Date(start_ms + 1),
    });
  });

  test("and what led to it are told once a turn, in words", () => {
    const open = after(well, times(5, failure(start_ms)));
    expect(turnsOf(well, open, FIVE_DAYS_S)).toEqual([
      {
        kind: "failing",
        detail:
          "The last 5 attempts failed. The server answered 500. Deliveries wait, and one at a time is attempted until the endpoint answers again.",
      },
    ]);
    expect(turnsOf(open, after(open, times(9, failure(start_ms + 1))), FIVE_DAYS_S)).toEqual([]);
    const warned = failingUntil(start_ms + 2.5 * DAY_MS);
    expect(turnsOf(open, warned, FIVE_DAYS_S)).toEqual([
      {
        kind: "warned",
        detail:
          "Nothing was delivered since 2026-11-22 12:00 UTC. The server answered 500. If this goes on, the endpoint is disabled on 2026-11-27 12:00 UTC. Fix the receiver, change the URL, or switch the endpoint off.",
      },
    ]);
    const disabled = failingUntil(start_ms + 5 * DAY_MS);
    expect(turnsOf(warned, disabled, FIVE_DAYS_S)).toEqual([
      {
        kind: "disabled",
        detail:
          "Nothing was delivered since 2026-11-22 12:00 UTC. The server answered 500. Deliveries are held, and sent when you switch the endpoint on.",
      },
    ]);
    expect(turnsOf(warned, after(warned, [success(start_ms + 3 * DAY_MS)]), FIVE_DAYS_S)).toEqual([
      {
        kind: "recovered",
        detail:
          "An attempt succeeded, the first since 2026-11-22 12:00 UTC. Pending deliveries are being sent.",
      },
    ]);
  });
});
