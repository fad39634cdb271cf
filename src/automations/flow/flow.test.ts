import { describe, expect, test } from "vitest";
import type { Atom, FlowNode } from "../../contract/automations.ts";
import { Flow, FlowNode as Node } from "../../contract/automations.ts";
import {
  afterAct,
  decide,
  exitBy,
  hasWord,
  isSaid,
  isWithin,
  keyOfCondition,
  keyOfSegment,
  nextTime,
  portsOf,
  readFacts,
  targetOf,
  timeOfDate,
  type Known,
  type MessageFacts,
  type Visit,
} from "./flow.ts";

const MINUTE = 60_000;
const at = (time: string) => Date.parse(`2026-11-30T${time}Z`);
const START = at("10:00:00");

const node = (given: object): FlowNode => Node.parse({ id: "n", x: 0, y: 0, ...given });
const visit = (more: Partial<Visit> = {}): Visit => ({
  run_id: "run",
  automation_id: "automation",
  contact_id: "contact",
  number: 3,
  started_ms: START,
  due_ms: null,
  message_id: null,
  ...more,
});
const known = (more: Partial<Known> = {}): Known => ({
  now_ms: START,
  since_ms: START - 5 * MINUTE,
  zone: "UTC",
  fields: {},
  marketing_state: "UNKNOWN",
  payload: {},
  answers: new Map(),
  call: null,
  messages: [],
  replies: [],
  events: [],
  window_until_ms: null,
  answered_ms: null,
  is_assigned: false,
  holds: new Map(),
  ...more,
});
const message = (more: Partial<MessageFacts> = {}): MessageFacts =>
  readFacts({
    id: "m1",
    node_id: "send",
    state: "sent",
    asked_ms: START - MINUTE,
    sent_ms: START - MINUTE,
    delivered_ms: null,
    read_ms: null,
    played_ms: null,
    failed_ms: null,
    error: null,
    ...more,
  });
const reply = (time: string, text: string | null = "Hi", payload: string | null = null) => ({
  at_ms: at(time),
  text,
  payload,
  tapped: payload !== null,
});
const outcome = (what: string, more: object = {}) => ({ id: what, what, ...more });
const wait = (outcomes: object[], deadline_min = 60) => node({ type: "wait", outcomes, deadline_min });

describe("a graph", () => {
  const flow = Flow.parse({
    nodes: [
      { id: "t", x: 0, y: 0, type: "trigger", trigger: null },
      { id: "e", x: 0, y: 0, type: "end" },
    ],
    edges: [
      { id: "a", from: "t", port: "next", to: "e" },
      { id: "b", from: "e", port: "next", to: "gone" },
    ],
    settings: { phone_number_id: null, frequency_cap: null },
  });

  test("leads by its edges, and nowhere by those that lead to no node", () => {
    expect([targetOf(flow, "t", "next"), targetOf(flow, "t", "failed"), targetOf(flow, "e", "next")]).toEqual(
      ["e", null, null],
    );
  });

  test.each<[object, string[]]>([
    [{ type: "trigger", trigger: null }, ["next"]],
    [{ type: "delay", until: { kind: "duration", minutes: 5 } }, ["next"]],
    [{ type: "wait", outcomes: [outcome("read"), outcome("replied")] }, ["read", "replied", "deadline"]],
    [{ type: "condition", test: { join: "all", items: [] } }, ["yes", "no"]],
    [
      {
        type: "split",
        branches: [
          { id: "a", name: "A", weight: 1 },
          { id: "b", name: "B", weight: 1 },
        ],
      },
      ["a", "b"],
    ],
    [{ type: "goto", to: null }, []],
    [{ type: "action", act: null }, ["next", "failed"]],
    [{ type: "end" }, []],
  ])("a node %j has the ports %j", (given, ports) => {
    expect(portsOf(node(given))).toEqual(ports);
  });
});

describe("words", () => {
  test.each<[string, string[], "is" | "contains" | "starts_with", boolean]>([
    ["PREÇO!", ["preco"], "is", true],
    ["the price please", ["price"], "is", false],
    ["the price please", ["price"], "contains", true],
    ["priceless", ["price"], "contains", false],
    ["price list", ["price"], "starts_with", true],
    ["prices", ["price"], "starts_with", false],
    ["מחיר 🙂", ["מחיר"], "is", true],
    ["anything", ["!!"], "contains", false],
  ])("%s has one of %j as a whole (%s): %s", (text, words, match, expected) => {
    expect(hasWord(text, words, match)).toBe(expected);
  });

  test("a tap counts by its payload or its text; nothing named is whatever was said", () => {
    const tap = { text: "Yes, please", payload: "yes", tapped: true };
    const named = (payloads: string[], texts: string[]) => isSaid(tap, { payloads, texts });
    expect([named([], []), named(["yes"], []), named(["no"], []), named(["no"], ["yes"])]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

describe("clocks", () => {
  const hours = { weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" };
  const night = { weekdays: [1], from: "22:00", to: "06:00" };

  test.each<[typeof hours, string, string, boolean]>([
    [hours, "UTC", "2026-11-30T09:00:00Z", true],
    [hours, "UTC", "2026-11-30T18:00:00Z", false],
    [hours, "UTC", "2026-11-29T12:00:00Z", false],
    [hours, "America/Sao_Paulo", "2026-11-30T09:00:00Z", false],
    [night, "UTC", "2026-12-01T05:59:00Z", true],
    [night, "UTC", "2026-12-02T05:59:00Z", false],
  ])("%j in %s has %s: %s", (given, zone, moment, expected) => {
    expect(isWithin(given, zone, Date.parse(moment))).toBe(expected);
  });

  test("the next time of a day is later than now, and a spring's missing hour is passed over", () => {
    const next = (time: string, weekdays: number[] | null, zone: string, after: string) =>
      new Date(nextTime({ time, weekdays }, zone, Date.parse(after))).toISOString();
    expect(next("10:00", null, "UTC", "2026-11-30T10:00:00Z")).toBe("2026-12-01T10:00:00.000Z");
    expect(next("10:00", [1], "UTC", "2026-11-30T10:00:00Z")).toBe("2026-12-07T10:00:00.000Z");
    expect(next("02:30", null, "Europe/Berlin", "2026-03-28T22:00:00Z")).toBe("2026-03-29T01:30:00.000Z");
  });

  test("a date is so many days before or after, at a time of the person's day", () => {
    expect(timeOfDate("2026-12-24", -7, "09:30", "Europe/Berlin")).toBe(Date.parse("2026-12-17T08:30:00Z"));
    expect(timeOfDate("soon", 0, "09:30", "UTC")).toBeNull();
  });
});

describe("a delay", () => {
  const duration = node({ type: "delay", until: { kind: "duration", minutes: 90 } });

  test("rests until it is over, then goes on as of its end", () => {
    expect(decide(duration, visit(), known())).toMatchObject({ kind: "rest", due_ms: START + 90 * MINUTE });
    const over = visit({ due_ms: START + 90 * MINUTE });
    expect(decide(duration, over, known({ now_ms: START + 91 * MINUTE }))).toMatchObject({
      kind: "pass",
      port: "next",
      at_ms: START + 90 * MINUTE,
    });
  });

  test("a run that stood still for long goes on as of now", () => {
    const now_ms = START + 900 * MINUTE;
    const over = visit({ due_ms: START + 90 * MINUTE });
    expect(decide(duration, over, known({ now_ms }))).toMatchObject({ kind: "pass", at_ms: now_ms });
  });

  test("outside of its hours it waits until they begin", () => {
    const hours = { weekdays: [2], from: "09:00", to: "18:00" };
    const given = node({ type: "delay", until: { kind: "duration", minutes: 1 }, hours });
    expect(decide(given, visit(), known())).toMatchObject({ due_ms: Date.parse("2026-12-01T09:00:00Z") });
  });

  test("jitter is its own for each run, and always the same", () => {
    const given = node({ type: "delay", until: { kind: "duration", minutes: 1 }, jitter_min: 60 });
    const due = (run_id: string) => {
      const step = decide(given, visit({ run_id }), known());
      return step.kind === "rest" ? (step.due_ms! - START) / MINUTE : -1;
    };
    const all = Array.from({ length: 50 }, (_, i) => due(`run ${i}`));
    expect(all).toEqual(Array.from({ length: 50 }, (_, i) => due(`run ${i}`)));
    expect(Math.min(...all)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...all)).toBeLessThanOrEqual(61);
    expect(new Set(all).size).toBeGreaterThan(40);
  });

  test("until a date field's day: at once where it is past or there is none", () => {
    const until = { kind: "date_field", field_id: crypto.randomUUID(), days: -1, time: "09:00" };
    const given = node({ type: "delay", until });
    const fields = (value: string) => known({ fields: { [until.field_id]: value } });
    expect(decide(given, visit(), fields("2026-12-24"))).toMatchObject({
      due_ms: Date.parse("2026-12-23T09:00:00Z"),
    });
    expect(decide(given, visit(), fields("2026-11-01"))).toMatchObject({ kind: "pass", at_ms: START });
    expect(decide(given, visit(), known())).toMatchObject({ kind: "pass", at_ms: START });
  });
});

describe("a wait", () => {
  const both = wait([outcome("read"), outcome("replied")]);
  const later = (minutes: number, more: Partial<Known>) =>
    known({ now_ms: START + minutes * MINUTE, ...more });

  test("rests until its deadline, and goes on by it", () => {
    const messages = [message()];
    expect(decide(both, visit(), known({ messages }))).toMatchObject({
      kind: "rest",
      due_ms: START + 60 * MINUTE,
      hears: ["replied"],
    });
    expect(decide(both, visit(), later(61, { messages }))).toMatchObject({
      port: "deadline",
      at_ms: START + 60 * MINUTE,
    });
  });

  test("the first outcome by its own time wins, whichever is known", () => {
    const read = message({ read_ms: at("10:02:00") });
    const replies = [reply("10:03:00")];
    expect(decide(both, visit(), later(5, { messages: [read], replies }))).toMatchObject({ port: "read" });
    const late = message({ read_ms: at("10:04:00") });
    expect(decide(both, visit(), later(5, { messages: [late], replies }))).toMatchObject({
      port: "replied",
      at_ms: at("10:03:00"),
    });
  });

  test("what came before the wait counts", () => {
    const messages = [message({ read_ms: at("09:59:30") })];
    expect(decide(both, visit(), known({ messages }))).toMatchObject({ port: "read", at_ms: START });
  });

  test("what came after the deadline does not, however late the clock is", () => {
    const messages = [message({ read_ms: at("11:00:01") })];
    expect(decide(both, visit(), later(65, { messages }))).toMatchObject({ port: "deadline" });
    expect(decide(both, visit(), later(65, { replies: [reply("11:00:01")] }))).toMatchObject({
      port: "deadline",
    });
  });

  test("a status that is read says that it was delivered", () => {
    const given = wait([outcome("delivered")]);
    const messages = [message({ read_ms: at("10:02:00") })];
    expect(decide(given, visit(), later(5, { messages }))).toMatchObject({ port: "delivered" });
  });

  test("a reply before the message was sent is none to it; of one that must say something others are none", () => {
    const messages = [message({ sent_ms: at("09:59:00") })];
    const early = later(5, { messages, replies: [reply("09:58:00")] });
    expect(decide(both, visit(), early)).toMatchObject({ kind: "rest" });
    const yes = wait([outcome("replied", { texts: ["yes"], payloads: ["YES"] })]);
    const said = (text: string, payload: string | null = null) =>
      decide(yes, visit(), later(5, { messages, replies: [reply("10:01:00", text, payload)] })).kind;
    expect([said("no"), said("Yes!"), said("OK", "YES"), said("OK", "NO")]).toEqual([
      "rest",
      "pass",
      "pass",
      "rest",
    ]);
  });

  test("not delivered in time is an outcome; one that arrived in time is none", () => {
    const given = wait([outcome("not_delivered", { after_min: 10 }), outcome("delivered")]);
    const of = (more: Partial<MessageFacts>, minutes: number) =>
      decide(given, visit(), later(minutes, { messages: [message(more)] }));
    expect(of({}, 5)).toMatchObject({ kind: "rest", wake_ms: START + 9 * MINUTE });
    expect(of({}, 10)).toMatchObject({ port: "not_delivered", at_ms: START + 9 * MINUTE });
    expect(of({ delivered_ms: at("10:08:00") }, 12)).toMatchObject({ port: "delivered" });
    expect(of({ delivered_ms: at("10:11:00") }, 12)).toMatchObject({ port: "not_delivered" });
  });

  test("failed, played, and other systems' events are outcomes", () => {
    const given = wait([outcome("failed"), outcome("played"), outcome("event", { name: "paid" })]);
    const port = (more: Partial<Known>) => {
      const step = decide(given, visit(), later(5, more));
      return step.kind === "pass" ? step.port : step.kind;
    };
    expect(port({ messages: [message({ failed_ms: at("10:01:00") })] })).toBe("failed");
    expect(port({ messages: [message({ played_ms: at("10:01:00") })] })).toBe("played");
    expect(port({ events: [{ name: "paid", at_ms: at("10:01:00") }] })).toBe("event");
    expect(port({ events: [{ name: "other", at_ms: at("10:01:00") }] })).toBe("rest");
    expect(port({ messages: [message({ failed_ms: at("10:01:00"), delivered_ms: at("10:02:00") })] })).toBe(
      "rest",
    );
  });

  test("it asks of the message that it names, else of the last one", () => {
    const messages = [
      message({ id: "m1", node_id: "first", read_ms: at("10:01:00") }),
      message({ id: "m2", node_id: "second" }),
    ];
    const of = (name: string | null) =>
      decide(node({ type: "wait", of: name, outcomes: [outcome("read")] }), visit(), later(5, { messages }));
    expect([of(null).kind, of("first").kind, of("second").kind]).toEqual(["rest", "pass", "rest"]);
  });
});

describe("a condition", () => {
  const asks = (atoms: object[], more: { join?: string; wait_min?: number } = {}) =>
    node({
      type: "condition",
      test: { join: more.join ?? "all", items: atoms },
      wait_min: more.wait_min ?? null,
    });
  const port = (given: FlowNode, about: Partial<Known>, of: Partial<Visit> = {}) => {
    const step = decide(given, visit(of), known(about));
    return step.kind === "pass" ? step.port : step.kind;
  };
  const TAG = { on: "tag", op: "any", ids: [crypto.randomUUID()] };
  const SEGMENT = crypto.randomUUID();

  test.each<[string, Partial<Atom> & object, Partial<Known>, Partial<Known>]>([
    [
      "sent",
      { is: "delivery_status", status: "sent" },
      { messages: [message()] },
      { messages: [message({ delivered_ms: START })] },
    ],
    [
      "delivered",
      { is: "delivery_status", status: "delivered" },
      { messages: [message({ read_ms: START })] },
      { messages: [message()] },
    ],
    [
      "read",
      { is: "delivery_status", status: "read" },
      { messages: [message({ read_ms: START })] },
      { messages: [message({ delivered_ms: START })] },
    ],
    [
      "played",
      { is: "delivery_status", status: "played" },
      { messages: [message({ played_ms: START })] },
      { messages: [message({ read_ms: START })] },
    ],
    [
      "failed",
      { is: "delivery_status", status: "failed" },
      { messages: [message({ failed_ms: START })] },
      { messages: [message({ failed_ms: START, delivered_ms: START })] },
    ],
    [
      "replied within",
      { is: "replied", within_min: 2 },
      { messages: [message({ sent_ms: at("09:50:00") })], replies: [reply("09:52:00")] },
      { messages: [message({ sent_ms: at("09:50:00") })], replies: [reply("09:52:01")] },
    ],
    [
      "contact",
      { is: "contact", condition: TAG as never },
      { holds: new Map([[keyOfCondition(TAG), true]]) },
      { holds: new Map([[keyOfCondition(TAG), false]]) },
    ],
    [
      "segment",
      { is: "segment", segment_id: SEGMENT },
      { holds: new Map([[keyOfSegment(SEGMENT), true]]) },
      { holds: new Map() },
    ],
    ["window", { is: "window_open" }, { window_until_ms: START + 1 }, { window_until_ms: START }],
    [
      "time",
      { is: "time", hours: { weekdays: [1], from: "09:00", to: "11:00" } },
      {},
      { zone: "Pacific/Honolulu" },
    ],
    [
      "payload",
      { is: "payload", path: ["order", "total"], test: { op: ">", value: 50 } },
      { payload: { order: { total: 51 } } },
      { payload: { order: { total: "cheap" } } },
    ],
    [
      "event",
      { is: "event", name: "paid" },
      { events: [{ name: "paid", at_ms: START }] },
      { events: [{ name: "seen", at_ms: START }] },
    ],
  ])("%s: yes, no, and the opposite", (_, atom, yes, no) => {
    const filled = { within_min: null, ...atom };
    const given = atom.is === "replied" ? filled : atom;
    expect([port(asks([given]), yes), port(asks([given]), no)]).toEqual(["yes", "no"]);
    expect([port(asks([{ ...given, not: true }]), yes), port(asks([{ ...given, not: true }]), no)]).toEqual([
      "no",
      "yes",
    ]);
    // The same with a wait: yes at once, or at the deadline no.
    const waits = asks([given], { wait_min: 30 });
    expect(port(waits, yes)).toBe("yes");
    expect(port(waits, { ...no, now_ms: START + 29 * MINUTE })).toBe("rest");
    expect(port(waits, { ...no, now_ms: START + 30 * MINUTE })).toBe("no");
  });

  test("all and any, nested", () => {
    const read = { is: "delivery_status", status: "read" };
    const event = { is: "event", name: "paid" };
    const window = { is: "window_open" };
    const nested = asks([window, { join: "any", items: [read, event] }]);
    const open = { window_until_ms: START + 1 };
    expect(port(nested, { ...open, messages: [message({ read_ms: START })] })).toBe("yes");
    expect(port(nested, { ...open, events: [{ name: "paid", at_ms: START }] })).toBe("yes");
    expect(port(nested, open)).toBe("no");
    expect(port(nested, { messages: [message({ read_ms: START })] })).toBe("no");
  });

  test("with a wait it is true from the first moment at which it was, though it is no more", () => {
    const sent = asks([{ is: "delivery_status", status: "sent" }], { wait_min: 30 });
    const messages = [message({ sent_ms: at("10:01:00"), delivered_ms: at("10:02:00") })];
    expect(decide(sent, visit(), known({ now_ms: at("10:05:00"), messages }))).toMatchObject({
      port: "yes",
      at_ms: at("10:01:00"),
    });
  });

  test("what became true after the deadline is a no", () => {
    const read = asks([{ is: "delivery_status", status: "read" }], { wait_min: 30 });
    const messages = [message({ read_ms: at("10:30:01") })];
    expect(decide(read, visit(), known({ now_ms: at("10:31:00"), messages }))).toMatchObject({
      port: "no",
      at_ms: at("10:30:00"),
    });
  });

  test("it shows what it was decided from", () => {
    const read = asks([{ is: "delivery_status", status: "read" }]);
    const messages = [message({ delivered_ms: at("09:59:30") })];
    expect(decide(read, visit(), known({ messages }))).toMatchObject({
      inputs: {
        tests: [{ status: "read", result: false, delivered_at: "2026-11-30T09:59:30.000Z", read_at: null }],
      },
    });
  });

  test("until it is open hours it waits for them", () => {
    const hours = { weekdays: [1], from: "12:00", to: "13:00" };
    const given = asks([{ is: "time", hours }], { wait_min: 300 });
    expect(decide(given, visit(), known())).toMatchObject({ kind: "rest", wake_ms: at("12:00:00") });
    expect(decide(given, visit(), known({ now_ms: at("12:00:00") }))).toMatchObject({ port: "yes" });
  });
});

test("a split is by its weights, and the same for the same person", () => {
  const branches = [
    { id: "a", name: "A", weight: 1 },
    { id: "b", name: "B", weight: 3 },
  ];
  const split = node({ type: "split", branches });
  const way = (contact_id: string) => {
    const step = decide(split, visit({ contact_id }), known());
    return step.kind === "pass" ? step.port : null;
  };
  const ways = Array.from({ length: 1_000 }, (_, i) => way(`contact ${i}`));
  expect(ways).toEqual(Array.from({ length: 1_000 }, (_, i) => way(`contact ${i}`)));
  const b = ways.filter((port) => port === "b").length;
  expect(b).toBeGreaterThan(690);
  expect(b).toBeLessThan(810);
});

test("go to names its node, and the end ends", () => {
  expect(decide(node({ type: "goto", to: "x" }), visit(), known())).toMatchObject({ kind: "pass", to: "x" });
  expect(decide(node({ type: "end" }), visit(), known())).toMatchObject({ kind: "end", state: "COMPLETED" });
});

describe("an action", () => {
  const send = (on_limit = "skip") =>
    node({
      type: "action",
      act: { kind: "send_template", template_id: null, template_group_id: null, variables: {} },
      on_limit,
    }) as Extract<FlowNode, { type: "action" }>;
  const sent = visit({ message_id: "m1" });
  const outcome_of = (more: Partial<MessageFacts>, on_limit?: string) =>
    decide(send(on_limit), sent, known({ messages: [message(more)] }));
  const refused = (reason: string, of_template = false) => ({
    state: "failed" as const,
    sent_ms: null,
    error: { reason, says: "No.", of_template },
  });

  test("is to be done, and rests on its message until that is on its way", () => {
    expect(decide(send(), visit(), known())).toMatchObject({ kind: "act" });
    expect(afterAct(send(), visit(), { kind: "sent", message_id: "m1" }, known())).toMatchObject({
      kind: "rest",
      status: "PENDING",
      message_id: "m1",
    });
    expect(outcome_of({ state: "queued", sent_ms: null })).toMatchObject({ kind: "rest", status: "PENDING" });
    expect(outcome_of({})).toMatchObject({ status: "COMPLETED", port: "next" });
    expect(outcome_of({ state: "unconfirmed", sent_ms: null })).toMatchObject({
      status: "COMPLETED",
      reason: "unconfirmed",
    });
  });

  test("a message that failed leaves by the failed port", () => {
    expect(outcome_of(refused("131026"))).toMatchObject({
      kind: "pass",
      status: "FAILED",
      port: "failed",
      reason: "131026",
    });
  });

  test("a template that can't be sent ends the run, to be retried", () => {
    expect(outcome_of(refused("TEMPLATE_PAUSED", true))).toMatchObject({
      kind: "end",
      state: "FAILED",
      stopped: true,
      reason: "TEMPLATE_PAUSED",
    });
    const acted = { kind: "stopped", reason: "TEMPLATE_REJECTED", says: "No." } as const;
    expect(afterAct(send(), visit(), acted, known())).toMatchObject({ kind: "end", stopped: true });
  });

  test("a limit skips it, ends the run, or waits until it allows it; consent never waits", () => {
    expect(outcome_of(refused("FREQUENCY_CAP"))).toMatchObject({ status: "SKIPPED", port: "next" });
    expect(outcome_of(refused("FREQUENCY_CAP"), "exit")).toMatchObject({ status: "SKIPPED" });
    expect(outcome_of(refused("QUIET_HOURS"), "exit")).toMatchObject({ kind: "end", state: "EXITED" });
    expect(outcome_of(refused("FREQUENCY_CAP"), "wait")).toMatchObject({
      kind: "rest",
      status: "SCHEDULED",
      message_id: null,
      reason: "frequency_cap",
    });
    expect(outcome_of(refused("MARKETING_REFUSED"), "wait")).toMatchObject({
      kind: "pass",
      status: "SKIPPED",
      reason: "consent",
    });
    const held = visit({ due_ms: START + MINUTE });
    expect(decide(send("wait"), held, known())).toMatchObject({ kind: "rest" });
    expect(decide(send("wait"), held, known({ now_ms: START + MINUTE }))).toMatchObject({ kind: "act" });
  });
});

test("exit rules: goals, a reply, an opt-out, an agent, and no longer matching", () => {
  const id = crypto.randomUUID();
  const key = keyOfSegment(id);
  const by = (rule: Parameters<typeof exitBy>[0][number], about: Partial<Known>) =>
    exitBy([rule], known(about)) !== null;
  const segment = (yes: boolean) => ({ holds: new Map([[key, yes]]) });
  expect([
    by({ kind: "goal_segment", segment_id: id }, segment(true)),
    by({ kind: "goal_segment", segment_id: id }, segment(false)),
    by({ kind: "left_segment", segment_id: id }, segment(false)),
    by({ kind: "left_segment", segment_id: id }, segment(true)),
    by({ kind: "goal_event", name: "paid" }, { events: [{ name: "paid", at_ms: START }] }),
    by({ kind: "goal_event", name: "paid" }, {}),
    by({ kind: "replied" }, { replies: [reply("09:58:00")] }),
    by({ kind: "replied" }, {}),
    by({ kind: "opted_out" }, { marketing_state: "UNSUBSCRIBED" }),
    by({ kind: "opted_out" }, {}),
    by({ kind: "taken_over" }, { answered_ms: START }),
    by({ kind: "taken_over" }, { is_assigned: true }),
    by({ kind: "taken_over" }, {}),
  ]).toEqual([true, false, true, false, true, false, true, false, true, false, true, true, false]);
});
