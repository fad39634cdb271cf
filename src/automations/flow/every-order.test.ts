import { describe, expect, test } from "vitest";
import { FlowNode as Node } from "../../contract/automations.ts";
import { decide, keyOfCondition, keyOfSegment, readFacts, type Known, type Visit } from "./flow.ts";

/** Each outcome and each condition by what happens before the deadline, after it, or never, in every order of telling. */

const MINUTE = 60_000;
const START = Date.parse("2026-11-30T10:00:00Z");
const DEADLINE_MIN = 60;
const OUTCOMES = ["delivered", "read", "played", "replied", "failed", "not_delivered", "event"] as const;
type What = (typeof OUTCOMES)[number];
interface Happening {
  what: What;
  minute: number;
}

const visit: Visit = {
  run_id: "run",
  automation_id: "automation",
  contact_id: "contact",
  number: 3,
  started_ms: START,
  due_ms: null,
  message_id: null,
};

/** All that happened until now, told in the order given. */
function knownOf(happenings: readonly Happening[], minute: number): Known {
  const told = happenings.filter((one) => one.minute <= minute);
  const at = (what: What) => {
    const first = told.find((one) => one.what === what);
    return first === undefined ? null : START + first.minute * MINUTE;
  };
  const all = (what: What) =>
    told
      .filter((one) => one.what === what)
      .map((one) => START + one.minute * MINUTE)
      .toSorted((a, b) => a - b);
  return {
    now_ms: START + minute * MINUTE,
    since_ms: START - 5 * MINUTE,
    zone: "UTC",
    fields: {},
    marketing_state: "UNKNOWN",
    payload: {},
    messages: [
      readFacts({
        id: "m",
        node_id: "send",
        state: "sent",
        asked_ms: START - MINUTE,
        sent_ms: START,
        delivered_ms: at("delivered"),
        read_ms: at("read"),
        played_ms: at("played"),
        failed_ms: at("failed"),
        error: null,
      }),
    ],
    answers: new Map(),
    call: null,
    replies: all("replied").map((at_ms) => ({ at_ms, text: "Hi", payload: null, tapped: false })),
    events: all("event").map((at_ms) => ({ at_ms, name: "paid" })),
    window_until_ms: null,
    answered_ms: null,
    is_assigned: false,
    holds: new Map(),
  };
}

/** Looked at so often, as the engine does; where it went, and when that was decided. */
function goes(
  node: Node,
  happenings: readonly Happening[],
  every: number,
  known = knownOf,
): [string | null, number] {
  let due_ms: number | null = null;
  for (let minute = 0; minute <= 200; minute += every) {
    const step = decide(node, { ...visit, due_ms }, known(happenings, minute));
    if (step.kind === "rest") due_ms = step.due_ms;
    if (step.kind === "pass") return [step.port, Math.round((step.at_ms - START) / MINUTE)];
  }
  throw new Error("it rests for ever");
}

function permutations<One>(all: readonly One[]): One[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, i) => permutations(all.toSpliced(i, 1)).map((rest) => [one, ...rest]));
}

/** What the message's own states imply is taken into account: read was delivered, and what arrived has not failed. */
function expected(outcomes: readonly What[], happenings: readonly Happening[]): [string, number] {
  const first = (...whats: What[]) =>
    Math.min(Infinity, ...happenings.filter(({ what }) => whats.includes(what)).map(({ minute }) => minute));
  const delivered = first("delivered", "read", "played");
  const at: Record<What, number> = {
    delivered,
    read: first("read", "played"),
    played: first("played"),
    replied: first("replied"),
    failed: delivered < Infinity ? Infinity : first("failed"),
    not_delivered: delivered <= 45 ? Infinity : 45,
    event: first("event"),
  };
  const order = ["delivered", "read", "played", "replied", "event", "failed", "not_delivered"];
  const [won] = [...outcomes]
    .filter((what) => at[what] <= DEADLINE_MIN)
    .toSorted((a, b) => at[a] - at[b] || order.indexOf(a) - order.indexOf(b));
  return won === undefined ? ["deadline", DEADLINE_MIN] : [won, at[won]];
}

const wait = (outcomes: readonly What[]) =>
  Node.parse({
    id: "w",
    x: 0,
    y: 0,
    type: "wait",
    outcomes: outcomes.map((what) => ({ id: what, what, after_min: 45, name: "paid" })),
    deadline_min: DEADLINE_MIN,
  });

describe("a wait for", () => {
  const pairs = OUTCOMES.flatMap((one, i) => OUTCOMES.slice(i + 1).map((other) => [one, other] as const));
  test.each(pairs)(
    "%s and %s goes by the first, at whatever times they happen and in whichever order they are told",
    (one, other) => {
      const minutes = [10, 30, 70, null];
      const live: unknown[][] = [];
      for (const first of minutes)
        for (const second of minutes) {
          const happenings = [
            ...(first === null || one === "not_delivered" ? [] : [{ what: one, minute: first }]),
            ...(second === null || other === "not_delivered" ? [] : [{ what: other, minute: second }]),
          ];
          // Each is told twice.
          const [port, minute] = expected([one, other], happenings);
          for (const told of permutations([...happenings, ...happenings])) {
            const [went] = goes(wait([one, other]), told, 200);
            expect({ happenings, went }).toEqual({ happenings, went: port });
          }
          // Who looks all the time comes to the same, and at the time at which it happened; but for what Meta takes back.
          if (happenings.length < 2 || !happenings.some(({ what }) => what === "failed"))
            live.push([goes(wait([one, other]), happenings, 1), [port, minute]]);
        }
      expect(live.map(([went]) => went)).toEqual(live.map(([, right]) => right));
    },
  );
});

describe("a condition that waits", () => {
  const TAG = { on: "tag", op: "any", ids: [crypto.randomUUID()] };
  const SEGMENT = crypto.randomUUID();
  /** What makes it true from a minute on. */
  const cases: [string, object, (minute: number) => (now: number) => Partial<Known>][] = [
    ...(["delivered", "read", "played", "failed"] as const).map(
      (status): [string, object, (minute: number) => (now: number) => Partial<Known>] => [
        status,
        { is: "delivery_status", status },
        (minute) => (now) => ({ messages: knownOf([{ what: status, minute }], now).messages }),
      ],
    ),
    [
      "replied",
      { is: "replied", within_min: null },
      (minute) => (now) => ({ replies: knownOf([{ what: "replied", minute }], now).replies }),
    ],
    [
      "event",
      { is: "event", name: "paid" },
      (minute) => (now) => ({ events: knownOf([{ what: "event", minute }], now).events }),
    ],
    [
      "contact",
      { is: "contact", condition: TAG },
      (minute) => (now) => ({ holds: new Map([[keyOfCondition(TAG), now >= minute]]) }),
    ],
    [
      "segment",
      { is: "segment", segment_id: SEGMENT },
      (minute) => (now) => ({ holds: new Map([[keyOfSegment(SEGMENT), now >= minute]]) }),
    ],
    [
      "window",
      { is: "window_open" },
      (minute) => (now) => ({ window_until_ms: now >= minute ? START + 5_000 * MINUTE : null }),
    ],
  ];
  test.each(cases)(
    "%s: yes where it is true before the deadline, no where only after it or never; and turned around",
    (_, atom, by) => {
      const given = (not: boolean) =>
        Node.parse({
          id: "c",
          x: 0,
          y: 0,
          type: "condition",
          test: { join: "all", items: [{ ...atom, not }] },
          wait_min: DEADLINE_MIN,
        });
      const look = (not: boolean, minute: number) =>
        goes(given(not), [], 1, (_all, now) => ({ ...knownOf([], now), ...by(minute)(now) }));
      expect([look(false, 0), look(false, 10), look(false, 60), look(false, 61), look(false, 1_000)]).toEqual(
        [
          ["yes", 0],
          ["yes", 10],
          ["yes", 60],
          ["no", 60],
          ["no", 60],
        ],
      );
      expect([look(true, 0)[0], look(true, 10)]).toEqual(["no", ["yes", 0]]);
    },
  );
});
