import { expect, test } from "vitest";
import type { Now } from "../../contract/campaigns.ts";
import { waitOf } from "./campaign-views.ts";

const NONE: Now = {
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
const nowOf = (given: Partial<Now>): Now => ({ ...NONE, ...given });
const until = "2026-12-04T10:00:00.000Z";
const retrying = {
  state: "RUNNING",
  schedule: { kind: "now" },
  limited_retry: { gap_h: 24, until },
} as const;
const local = {
  state: "RUNNING",
  schedule: { kind: "local", date: "2026-12-01", time: "10:00", time_zone: "Europe/Berlin" },
  limited_retry: null,
} as const;

test("a campaign that runs says for what and for how many people it waits", () => {
  expect(waitOf(retrying, nowOf({ delivered: 500, limited: 49 }))).toEqual({
    for: "limited_retry",
    people: 49,
    until,
    time: null,
  });
  expect(waitOf(local, nowOf({ delivered: 80, waiting: 320 }))).toEqual({
    for: "local_time",
    people: 320,
    until: null,
    time: "10:00",
  });
});

test("one that sends, is over, or has no one left waits for nothing", () => {
  expect(waitOf(retrying, nowOf({ queued: 3, limited: 49 }))).toBeNull();
  expect(waitOf(retrying, nowOf({ waiting: 3, limited: 49 }))).toBeNull();
  expect(waitOf(retrying, nowOf({ delivered: 500 }))).toBeNull();
  expect(waitOf({ ...retrying, limited_retry: null }, nowOf({ limited: 49 }))).toBeNull();
  expect(waitOf({ ...local, state: "PAUSED" }, nowOf({ waiting: 320 }))).toBeNull();
});
