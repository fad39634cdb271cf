import { expect, test } from "vitest";
import { funnelOf, progressOf, standingOf } from "./standing.ts";
import type { Now, Reached } from "./types.ts";

const NO_ONE: Reached = {
  audience: 0,
  skipped: 0,
  queued: 0,
  submitted: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  played: 0,
  replied: 0,
  clicked: 0,
  opted_out: 0,
  failed: 0,
  limited: 0,
};
const NOWHERE: Now = {
  waiting: 0,
  skipped: 0,
  queued: 0,
  submitted: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  played: 0,
  failed: 0,
  limited: 0,
  unconfirmed: 0,
  cancelled: 0,
};
const reachedOf = (given: Partial<Reached>): Reached => ({ ...NO_ONE, ...given });
const nowOf = (given: Partial<Now>): Now => ({ ...NOWHERE, ...given });

test("the bar of a campaign is as long as its number says; who was skipped is no part of it", () => {
  const counts = reachedOf({ audience: 567, skipped: 540, sent: 17, failed: 4 });
  expect(progressOf({ counts })).toEqual({ got: 17, without: 544, left: 6 });
  // A message that was sent and then failed is not counted twice.
  const all = reachedOf({ audience: 4, sent: 4, failed: 1 });
  expect(progressOf({ counts: all })).toEqual({ got: 4, without: 0, left: 0 });
});

test("in the funnel who waits or is on the way is not lost, and each step's parts are the step before", () => {
  const reached = reachedOf({
    audience: 2_305,
    skipped: 15,
    queued: 5,
    submitted: 20,
    sent: 19,
    delivered: 12,
  });
  const now = nowOf({
    waiting: 2_265,
    queued: 5,
    skipped: 15,
    submitted: 1,
    sent: 6,
    delivered: 12,
    failed: 1,
  });
  const funnel = funnelOf(reached, now);
  expect(funnel.map(({ left }) => left.map(({ why, count }) => `${count} ${why}`))).toEqual([
    [],
    ["2270 waiting", "15 skipped"],
    ["1 underway"],
    ["6 underway", "1 failed"],
    ["12 unread"],
    [],
  ]);
  const sums = funnel.map(({ count, left }) => left.reduce((sum, part) => sum + part.count, count));
  expect(sums.slice(1)).toEqual(funnel.slice(0, -1).map(({ count }) => count));
});

test("the states of now are everyone, once each", () => {
  const now = nowOf({ waiting: 2, skipped: 3, delivered: 5, limited: 1 });
  expect(standingOf(now).map(({ state }) => state)).toEqual(["waiting", "skipped", "delivered", "limited"]);
  expect(standingOf(now).reduce((sum, { count }) => sum + count, 0)).toBe(11);
});
