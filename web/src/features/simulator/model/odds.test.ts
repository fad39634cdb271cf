import { expect, test } from "vitest";
import { expected, isSet, PRESETS, same, sharesOf } from "./odds.ts";

const odds = {
  failed: 0.02,
  delivered: 0.97,
  read: 0.75,
  read_at_once: 0.1,
  played: 0.8,
  held: 0,
  codes: { 131026: 6, 131049: 3, 131000: 1 },
};
const span: [number, number] = [1, 2];
const timing = { sent: span, delivered: span, read: span, played: span, held: span, review: span };
const graph = {
  odds,
  timing,
  throughput: 80,
  management_calls_per_h: null,
  windows: false,
  approved: 0.9,
};
const line = { repeat: 1, batch: 1, reorder: false, gather: 0 };
const settings = { graph, usual: { graph, line } };

test("of 100 messages as many are sent, delivered and read as the odds make it, and the numbers add up", () => {
  expect(expected(odds)).toEqual({ failed: 2, sent: 98, delivered: 95, read: 71, at_once: 7, played: 57 });
  const thirds = expected({ ...odds, failed: 1 / 3, delivered: 2 / 3, read: 1 / 3 });
  expect(thirds.failed + thirds.sent).toBe(100);
  expect(expected({ ...odds, failed: 1 })).toMatchObject({ failed: 100, sent: 0, delivered: 0, read: 0 });
});

test("a preset is shown as set when all that it sets is so, and at most one is", () => {
  const set = (now: typeof settings) => PRESETS.filter((each) => isSet(each, now)).map(({ label }) => label);
  expect(set(settings)).toEqual(["Realistic"]);
  for (const preset of PRESETS) {
    const { odds: changed = odds, timing: times = timing } = preset.of(graph);
    const after = { ...graph, odds: { ...odds, ...changed }, timing: { ...timing, ...times } };
    expect(set({ ...settings, graph: after as typeof graph })).toEqual([preset.label]);
  }
  expect(set({ ...settings, graph: { ...graph, odds: { ...odds, read: 0.5 } } })).toEqual([]);
});

test("the reasons have their shares by weight, and none when no weight is left", () => {
  expect(sharesOf(odds.codes)).toEqual([
    { code: "131000", weight: 1, share: 0.1 },
    { code: "131026", weight: 6, share: 0.6 },
    { code: "131049", weight: 3, share: 0.3 },
  ]);
  expect(sharesOf({ 131026: 0 })).toEqual([{ code: "131026", weight: 0, share: 0 }]);
});

test("settings are the same whatever the order of their names, and not when one has more", () => {
  expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(same(null, { a: 1 })).toBe(false);
});
