import { describe, expect, test } from "vitest";
import type { Flow, FlowCheck, FlowNode } from "../../contract/automations.ts";
import { checkFlow } from "./checks.ts";
import type { Known, KnownTemplate } from "./known.ts";
import { RECIPES } from "./recipes.ts";

const TAG = "01a22bad-35f5-71b1-be46-f24c63afb900";
const LIST = "01a22bad-35f5-71b1-be46-f24c63afb901";
const SEGMENT = "01a22bad-35f5-71b1-be46-f24c63afb902";
const BIRTHDAY = "01a22bad-35f5-71b1-be46-f24c63afb903";
const ORDERS = "01a22bad-35f5-71b1-be46-f24c63afb904";
const SALE = "01a22bad-35f5-71b1-be46-f24c63afb905";
const PAUSED = "01a22bad-35f5-71b1-be46-f24c63afb906";
const NUMBER = "01a22bad-35f5-71b1-be46-f24c63afb907";
const GROUP = "01a22bad-35f5-71b1-be46-f24c63afb908";
const USER = "01a22bad-35f5-71b1-be46-f24c63afb909";
const CAROUSEL = "01a22bad-35f5-71b1-be46-f24c63afb90a";
const GONE = "01a22bad-35f5-71b1-be46-f24c63afb9ff";

const template = (name: string, more: Partial<KnownTemplate> = {}): KnownTemplate => ({
  id: SALE,
  name,
  waba_id: "1",
  status: "APPROVED",
  category: "MARKETING",
  is_read: true,
  places: [],
  unsupported: null,
  ...more,
});
const NAMED = { place: "body.1", kind: "text", required: true, sample: null } as const;
const known: Known = {
  names: new Map([
    [`tag ${TAG}`, "VIP"],
    [`list ${LIST}`, "News"],
    [`segment ${SEGMENT}`, "Recent"],
    [`field ${BIRTHDAY}`, "Birthday"],
    [`field ${ORDERS}`, "Orders"],
    [`number ${NUMBER}`, "+49 151 1000"],
    [`user ${USER}`, "Zoë"],
  ]),
  fields: new Map([
    [BIRTHDAY, { kind: "date", choices: [] }],
    [ORDERS, { kind: "number", choices: [] }],
  ]),
  templates: new Map([
    [SALE, template("sale", { places: [NAMED] })],
    [PAUSED, template("paused", { status: "PAUSED" })],
    [CAROUSEL, template("carousel", { unsupported: "Carousels can't be sent." })],
  ]),
  groups: new Map([
    [
      GROUP,
      { name: "Sale", waba_id: "1", members: [template("en"), template("de", { status: "REJECTED" })] },
    ],
  ]),
  waba_id: "1",
};

const at = (id: string) => ({ id, name: "", x: 0, y: 0 });
type Of<Type extends FlowNode["type"]> = Extract<FlowNode, { type: Type }>;
const trigger = (what: Of<"trigger">["trigger"]): FlowNode => ({
  ...at("trigger"),
  type: "trigger",
  trigger: what,
});
const delay = (id: string, minutes: number, more: Partial<Of<"delay">> = {}): FlowNode => ({
  ...at(id),
  type: "delay",
  until: { kind: "duration", minutes },
  jitter_min: 0,
  hours: null,
  ...more,
});
const act = (id: string, what: Of<"action">["act"]): FlowNode => ({
  ...at(id),
  type: "action",
  act: what,
  on_limit: "skip",
});
type Act = NonNullable<Of<"action">["act"]>;
const send = (id: string, more: Partial<Extract<Act, { kind: "send_template" }>> = {}): FlowNode =>
  act(id, {
    kind: "send_template",
    template_id: SALE,
    template_group_id: null,
    variables: { "body.1": { from: "contact", what: "name", fallback: null } },
    ...more,
  });
const text = (id: string, body = "Hello"): FlowNode => act(id, { kind: "send_text", text: body });
const end: FlowNode = { ...at("end"), type: "end" };
const outcome = (id: string, what: Of<"wait">["outcomes"][number]["what"], more = {}) => {
  return { id, what, after_min: null, payloads: [], texts: [], name: "", ...more };
};
const wait = (id: string, outcomes: Of<"wait">["outcomes"], more: Partial<Of<"wait">> = {}): FlowNode => ({
  ...at(id),
  type: "wait",
  of: null,
  outcomes,
  deadline_min: 60,
  ...more,
});
const condition = (id: string, items: Of<"condition">["test"]["items"], more = {}): FlowNode => ({
  ...at(id),
  type: "condition",
  test: { join: "all", items },
  wait_min: null,
  ...more,
});
const split = (id: string): FlowNode => ({
  ...at(id),
  type: "split",
  branches: [
    { id: "a", name: "Old words", weight: 1 },
    { id: "b", name: "New words", weight: 1 },
  ],
});
const goTo = (id: string, to: string | null): FlowNode => ({ ...at(id), type: "goto", to });

/** A flow of these nodes and `from.port > to` edges that is right in all else. */
const flow = (nodes: FlowNode[], ways: string[], settings: Partial<Flow["settings"]> = {}): Flow => ({
  nodes,
  edges: ways.map((way, i) => {
    const [from = "", port = "", to = ""] = way.split(/\.| > /);
    return { id: `e${i}`, from, port, to };
  }),
  notes: [],
  settings: {
    phone_number_id: NUMBER,
    frequency_cap: "7_DAYS",
    reentry: "one_at_a_time",
    key_path: null,
    exclude: [],
    exit_rules: [{ kind: "replied" }],
    pause_when_answered: false,
    include_existing: false,
    existing_per_min: 60,
    ...settings,
  },
});
const MESSAGE = trigger({ kind: "message_received" });
const EVENT = trigger({ kind: "api_event", name: "checkout" });
/** One node between a trigger and the end. */
const only = (node: FlowNode, start = MESSAGE, ways = [`${node.id}.next > end`]) =>
  flow([start, node, end], [`trigger.next > ${node.id}`, ...ways]);

const found = (what: Flow, by: Known = known) =>
  checkFlow(what, by).map(({ name, level, node_id }) => [name, level, node_id]);
const says = (what: Flow, name: FlowCheck["name"]) =>
  checkFlow(what, known)
    .filter((check) => check.name === name)
    .map((check) => check.says);

describe("a flow that is right has no checks", () => {
  test.each<[string, Flow]>([
    ["a template after a message", only(send("send"))],
    ["a text at once", only(text("hello"))],
    [
      "a group of which one can be sent, and advice of the other",
      only(send("send", { template_id: null, template_group_id: GROUP, variables: {} })),
    ],
    [
      "a wait with both its ways",
      flow(
        [
          EVENT,
          send("send"),
          wait("read", [outcome("read", "read")]),
          act("tag", { kind: "add_tag", tag_id: TAG }),
          end,
        ],
        [
          "trigger.next > send",
          "send.next > read",
          "read.read > end",
          "read.deadline > tag",
          "tag.next > end",
        ],
      ),
    ],
    [
      "a circle with a delay",
      flow(
        [MESSAGE, send("send"), delay("day", 1_440), goTo("again", "send")],
        ["trigger.next > send", "send.next > day", "day.next > again"],
      ),
    ],
  ])("%s", (_, what) => {
    expect(checkFlow(what, known).filter(({ level }) => level === "error")).toEqual([]);
  });

  test("recipes lack only what is the workspace's own", () => {
    const open = new Set(["Action Completeness", "Trigger"]);
    for (const { key, flow: drawn } of RECIPES) {
      const checks = checkFlow(drawn, known).filter(({ level }) => level === "error");
      expect([key, checks.filter(({ name }) => !open.has(name))]).toEqual([key, []]);
      expect([key, checks.length > 0]).toEqual([key, true]);
      for (const check of checks) expect(check.says).toMatch(/choose|Choose/);
    }
  });
});

type Row = [what: string, flow: Flow, expected: [string, string, string | null]];

test.each<Row>([
  ["no trigger", flow([end], []), ["Trigger", "error", null]],
  [
    "two of them",
    flow([MESSAGE, { ...at("second"), type: "trigger", trigger: null }, end], ["trigger.next > end"]),
    ["Trigger", "error", "second"],
  ],
  ["none chosen", only(text("hello"), trigger(null)), ["Trigger", "error", "trigger"]],
  [
    "no words",
    only(text("hello"), trigger({ kind: "keyword", words: [], match: "is" })),
    ["Trigger", "error", "trigger"],
  ],
  [
    "a tag that was deleted",
    only(send("send"), trigger({ kind: "tag_added", tag_id: GONE })),
    ["Trigger", "error", "trigger"],
  ],
  ["no event", only(send("send"), trigger({ kind: "api_event", name: "" })), ["Trigger", "error", "trigger"]],
  [
    "a field that holds no date",
    only(
      send("send"),
      trigger({ kind: "date_field", field_id: ORDERS, days: 0, every_year: true, time: "09:00" }),
    ),
    ["Trigger", "error", "trigger"],
  ],
  [
    "a value that the field can't hold",
    only(send("send"), trigger({ kind: "field_changed", field_id: ORDERS, to: "many" })),
    ["Trigger", "error", "trigger"],
  ],
  [
    "a zone that there is not",
    only(
      send("send"),
      trigger({
        kind: "schedule",
        weekdays: [1],
        time: "09:00",
        time_zone: "Mars/Base",
        audience: { kind: "list", id: LIST },
      }),
    ),
    ["Trigger", "error", "trigger"],
  ],
  [
    "a node that no edge leads to",
    flow([MESSAGE, text("hello"), text("loose"), end], ["trigger.next > hello", "hello.next > end"]),
    ["Node Connections", "error", "loose"],
  ],
  ["a trigger that leads nowhere", flow([MESSAGE], []), ["Node Connections", "error", "trigger"]],
  [
    "a delay that leads nowhere",
    only(delay("pause", 5), MESSAGE, []),
    ["Node Connections", "error", "pause"],
  ],
  [
    "an edge by no way of the node",
    only(text("hello"), MESSAGE, ["hello.next > end", "hello.yes > end"]),
    ["Node Connections", "error", "hello"],
  ],
  [
    "two edges by one way",
    only(text("hello"), MESSAGE, ["hello.next > end", "hello.next > hello"]),
    ["Node Connections", "error", "hello"],
  ],
  [
    "an edge to a node that is gone",
    only(text("hello"), MESSAGE, ["hello.next > nothing"]),
    ["Node Connections", "error", "hello"],
  ],
  [
    "an edge back to the trigger",
    only(text("hello"), MESSAGE, ["hello.next > trigger"]),
    ["Node Connections", "error", "hello"],
  ],
  [
    "a go-to without a node",
    flow([MESSAGE, goTo("back", null)], ["trigger.next > back"]),
    ["Node Connections", "error", "back"],
  ],
  [
    "two nodes of one id",
    flow([MESSAGE, text("hello"), text("hello"), end], ["trigger.next > hello", "hello.next > end"]),
    ["Node Connections", "error", "hello"],
  ],
  [
    "no way for NO",
    only(condition("open", [{ is: "window_open", not: false }]), MESSAGE, ["open.yes > end"]),
    ["Condition Branch Completeness", "error", "open"],
  ],
  [
    "no way for the deadline",
    flow(
      [MESSAGE, send("send"), wait("read", [outcome("read", "read")]), end],
      ["trigger.next > send", "send.next > read", "read.read > end"],
    ),
    ["Condition Branch Completeness", "error", "read"],
  ],
  [
    "no way for an outcome",
    flow(
      [MESSAGE, send("send"), wait("read", [outcome("read", "read")]), end],
      ["trigger.next > send", "send.next > read", "read.deadline > end"],
    ),
    ["Condition Branch Completeness", "error", "read"],
  ],
  [
    "no way for a branch",
    only(split("half"), MESSAGE, ["half.a > end"]),
    ["Condition Branch Completeness", "error", "half"],
  ],
])("what starts and connects a flow: %s", (_, what, expected) => {
  expect(found(what)).toContainEqual(expected);
});

const asked = (items: Of<"condition">["test"]["items"], more = {}) =>
  only(condition("ask", items, more), EVENT, ["ask.yes > end", "ask.no > end"]);
const field = (test: object) =>
  asked([{ is: "contact", not: false, condition: { on: "field", field_id: ORDERS, test } } as never]);
const waiting = (outcomes: Of<"wait">["outcomes"], more: Partial<Of<"wait">> = {}) =>
  flow(
    [EVENT, send("send"), wait("wait", outcomes, more), end],
    [
      "trigger.next > send",
      "send.next > wait",
      ...outcomes.map(({ id }) => `wait.${id} > end`),
      "wait.deadline > end",
    ],
  );

test.each<[string, Flow]>([
  ["an empty condition", asked([])],
  ["an empty group", asked([{ join: "any", items: [] }])],
  ["a segment that is not chosen", asked([{ is: "segment", not: false, segment_id: null }])],
  [
    "a segment that was deleted, in a group",
    asked([{ join: "any", items: [{ is: "segment", not: false, segment_id: GONE }] }]),
  ],
  ["an event without a name", asked([{ is: "event", not: false, name: "" }])],
  ["a field asked what it can't be", field({ op: "starts_with", value: "a" })],
  [
    "a field that was deleted",
    asked([
      { is: "contact", not: false, condition: { on: "field", field_id: GONE, test: { op: "is_set" } } },
    ]),
  ],
  [
    "a tag that was deleted",
    asked([{ is: "contact", not: false, condition: { on: "tag", op: "any", ids: [TAG, GONE] } }]),
  ],
  [
    "a message when none was sent",
    asked([{ is: "replied", not: false, of: null, within_min: null, payloads: [], texts: [] }]),
  ],
  [
    "the message of a node that sends none",
    asked([{ is: "delivery_status", not: false, of: "end", status: "read" }]),
  ],
])("Condition Logic Completeness: %s", (_, what) => {
  expect(found(what)).toContainEqual(["Condition Logic Completeness", "error", "ask"]);
});

test.each<[string, Flow]>([
  ["a wait for nothing", waiting([])],
  ["two ways of one id", waiting([outcome("read", "read"), outcome("read", "delivered")])],
  ["not delivered, without a time", waiting([outcome("late", "not_delivered")])],
  ["an event without a name", waiting([outcome("bought", "event")])],
  ["the message of a node that is gone", waiting([outcome("read", "read")], { of: "nothing" })],
])("Condition Logic Completeness of a wait: %s", (_, what) => {
  expect(found(what)).toContainEqual(["Condition Logic Completeness", "error", "wait"]);
});

test("what is asked right is complete", () => {
  expect(found(field({ op: ">", value: 3 }))).toEqual([["Advice", "advice", "ask"]]);
  expect(found(waiting([outcome("late", "not_delivered", { after_min: 30 })], { of: "send" }))).toEqual([
    ["Advice", "advice", "wait"],
  ]);
});

test.each<[string, FlowNode, RegExp]>([
  ["nothing chosen", act("act", null), /choose what it does/],
  ["no template", send("act", { template_id: null }), /choose the template/],
  ["a template that is gone", send("act", { template_id: GONE }), /was deleted/],
  ["both a template and a group", send("act", { template_group_id: GROUP }), /not both/],
  ["a place without a value", send("act", { variables: {} }), /choose what stands in \{\{1\}\} of the body/],
  [
    "a column",
    send("act", { variables: { "body.1": { from: "column", column: "a", fallback: null } } }),
    /columns are for campaigns/,
  ],
  [
    "a field that is gone",
    send("act", { variables: { "body.1": { from: "field", field_id: GONE, fallback: null } } }),
    /the field was deleted/,
  ],
  [
    "what Wharf can't send",
    send("act", { template_id: CAROUSEL, variables: {} }),
    /can't be sent by automations/,
  ],
  ["an empty text", text("act", ""), /“Send a text”: /],
  ["no file", act("act", { kind: "send_media", media_id: null, caption: "" }), /choose the file/],
  [
    "buttons without one",
    act("act", { kind: "send_buttons", text: "Well?", buttons: [] }),
    /“Send buttons”: /,
  ],
  [
    "a list without rows",
    act("act", { kind: "send_list", text: "Well?", button: "Open", rows: [] }),
    /“Send a list”: /,
  ],
  ["a tag that is gone", act("act", { kind: "add_tag", tag_id: GONE }), /the tag was deleted/],
  ["no list", act("act", { kind: "remove_from_list", list_id: null }), /choose the list/],
  [
    "a value that the field can't hold",
    act("act", { kind: "set_field", field_id: ORDERS, value: "many" }),
    /“Orders” can't hold this/,
  ],
  ["a user who is gone", act("act", { kind: "assign", user_id: GONE }), /the user was deleted/],
])("Action Completeness: %s", (_, node, words) => {
  const texts = says(only(node), "Action Completeness");
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(words);
  expect(found(only(node))).toContainEqual(["Action Completeness", "error", "act"]);
});

test("Action Completeness of the settings: the number, what is left out, exit rules", () => {
  const settings = (more: Partial<Flow["settings"]>) => ({
    ...only(send("send")),
    settings: { ...only(send("send")).settings, ...more },
  });
  expect(found(settings({ phone_number_id: null }))).toContainEqual(["Action Completeness", "error", null]);
  expect(found(settings({ phone_number_id: GONE }))).toContainEqual(["Action Completeness", "error", null]);
  expect(found(settings({ exclude: [{ kind: "segment", id: GONE }] }))).toContainEqual([
    "Action Completeness",
    "error",
    null,
  ]);
  expect(found(settings({ exit_rules: [{ kind: "goal_segment", segment_id: null }] }))).toContainEqual([
    "Condition Logic Completeness",
    "error",
    null,
  ]);
  const other = { ...known, waba_id: "2" };
  expect(found(only(send("send")), other)).toContainEqual(["Action Completeness", "error", "send"]);
});

test("Template Approval: what Meta does not send keeps it from being activated, and says why", () => {
  const paused = only(send("send", { template_id: PAUSED, variables: {} }));
  expect(found(paused)).toEqual([["Template Approval", "error", "send"]]);
  expect(says(paused, "Template Approval")).toEqual([
    "“Send a template”: the template “paused” is paused by Meta. Choose another template, or wait for Meta.",
  ]);
  const group = only(send("send", { template_id: null, template_group_id: GROUP, variables: {} }));
  expect(found(group)).toEqual([["Template Approval", "advice", "send"]]);
  const none = { ...known, groups: new Map([[GROUP, { name: "Sale", waba_id: "1", members: [] }]]) };
  expect(found(group, none)).toEqual([["Template Approval", "error", "send"]]);
});

test("Frequency Cap: needed", () => {
  const what = { ...only(send("send")), settings: { ...only(send("send")).settings, frequency_cap: null } };
  expect(found(what)).toEqual([["Frequency Cap", "error", null]]);
});

const OPEN = condition("open", [{ is: "window_open", not: false }]);
const REPLIED: Of<"condition">["test"]["items"][number] = {
  is: "replied",
  not: false,
  of: null,
  within_min: null,
  payloads: [],
  texts: [],
};
test.each<[string, Flow, "error" | "advice" | null]>([
  ["at once after a message", only(text("hello")), null],
  ["a trigger that is no message", only(text("hello"), EVENT), "error"],
  [
    "a delay within the day",
    flow(
      [MESSAGE, delay("d", 600), text("hello"), end],
      ["trigger.next > d", "d.next > hello", "hello.next > end"],
    ),
    null,
  ],
  [
    "a delay of a day and more",
    flow(
      [MESSAGE, delay("d", 1_500), text("hello"), end],
      ["trigger.next > d", "d.next > hello", "hello.next > end"],
    ),
    "error",
  ],
  [
    "a delay that may be longer",
    flow(
      [MESSAGE, delay("d", 1_400, { jitter_min: 60 }), text("hello"), end],
      ["trigger.next > d", "d.next > hello", "hello.next > end"],
    ),
    "advice",
  ],
  [
    "two that are together",
    flow(
      [MESSAGE, delay("d", 800), delay("e", 800), text("hello"), end],
      ["trigger.next > d", "d.next > e", "e.next > hello", "hello.next > end"],
    ),
    "error",
  ],
  [
    "until a time of day",
    flow(
      [
        MESSAGE,
        delay("d", 1, { until: { kind: "time", time: "09:00", weekdays: null } }),
        delay("e", 30),
        text("hello"),
        end,
      ],
      ["trigger.next > d", "d.next > e", "e.next > hello", "hello.next > end"],
    ),
    "advice",
  ],
  [
    "after a reply",
    flow(
      [
        EVENT,
        send("send"),
        wait("w", [outcome("said", "replied")], { deadline_min: 9_000 }),
        text("hello"),
        end,
      ],
      ["trigger.next > send", "send.next > w", "w.said > hello", "w.deadline > end", "hello.next > end"],
    ),
    null,
  ],
  [
    "after the deadline of a reply",
    flow(
      [
        MESSAGE,
        send("send"),
        wait("w", [outcome("said", "replied")], { deadline_min: 9_000 }),
        text("hello"),
        end,
      ],
      ["trigger.next > send", "send.next > w", "w.said > end", "w.deadline > hello", "hello.next > end"],
    ),
    "error",
  ],
  [
    "where the window is asked about",
    flow(
      [EVENT, OPEN, text("hello"), end],
      ["trigger.next > open", "open.yes > hello", "open.no > end", "hello.next > end"],
    ),
    null,
  ],
  [
    "by the wrong way of it",
    flow(
      [MESSAGE, OPEN, text("hello"), end],
      ["trigger.next > open", "open.no > hello", "open.yes > end", "hello.next > end"],
    ),
    "error",
  ],
  [
    "asked about, and then a delay",
    flow(
      [EVENT, OPEN, delay("d", 5), text("hello"), end],
      ["trigger.next > open", "open.yes > d", "d.next > hello", "open.no > end", "hello.next > end"],
    ),
    "error",
  ],
  [
    "a delay, then a condition on a reply",
    flow(
      [EVENT, send("send"), delay("d", 240), condition("ask", [REPLIED]), text("hello"), end],
      [
        "trigger.next > send",
        "send.next > d",
        "d.next > ask",
        "ask.yes > hello",
        "ask.no > end",
        "hello.next > end",
      ],
    ),
    null,
  ],
  [
    "the same, after two days",
    flow(
      [EVENT, send("send"), delay("d", 2_880), condition("ask", [REPLIED]), text("hello"), end],
      [
        "trigger.next > send",
        "send.next > d",
        "d.next > ask",
        "ask.yes > hello",
        "ask.no > end",
        "hello.next > end",
      ],
    ),
    "advice",
  ],
  [
    "one of two ways is too late",
    flow(
      [MESSAGE, split("half"), delay("d", 3_000), text("hello"), end],
      ["trigger.next > half", "half.a > d", "half.b > hello", "d.next > hello", "hello.next > end"],
    ),
    "advice",
  ],
])("Messaging Window: %s", (_, what, level) => {
  const own = checkFlow(what, known).filter(({ name }) => name === "Messaging Window");
  expect(own.map((check) => [check.level, check.node_id])).toEqual(level === null ? [] : [[level, "hello"]]);
});

test("Loops: people don't go round at once, nor where nothing new happens", () => {
  const at_once = flow(
    [MESSAGE, send("send"), goTo("again", "send")],
    ["trigger.next > send", "send.next > again"],
  );
  expect(found(at_once)).toEqual([["Loops", "error", "send"]]);
  const idle = flow(
    [
      MESSAGE,
      send("send"),
      wait("w", [outcome("read", "read")]),
      act("tag", { kind: "add_tag", tag_id: TAG }),
      end,
    ],
    ["trigger.next > send", "send.next > w", "w.read > tag", "w.deadline > end", "tag.next > w"],
  );
  expect(found(idle).map(([name]) => name)).toContain("Loops");
  const anew = flow(
    [MESSAGE, send("send"), wait("w", [outcome("read", "read")]), end],
    ["trigger.next > send", "send.next > w", "w.read > send", "w.deadline > end"],
  );
  expect(found(anew).map(([name]) => name)).not.toContain("Loops");
  const by_deadline = flow(
    [MESSAGE, send("send"), wait("w", [outcome("read", "read")]), end],
    ["trigger.next > send", "send.next > w", "w.read > end", "w.deadline > w"],
  );
  expect(found(by_deadline).map(([name]) => name)).not.toContain("Loops");
});

test.each<[string, Flow, string | null]>([
  [
    "a second message and no exit rule",
    flow(
      [EVENT, send("first"), delay("day", 1_440), send("reminder"), end],
      ["trigger.next > first", "first.next > day", "day.next > reminder", "reminder.next > end"],
      { exit_rules: [] },
    ),
    "reminder",
  ],
  ["all ways to one node", waiting([outcome("read", "read")]), "wait"],
  [
    "asked at once after it was sent",
    flow(
      [
        EVENT,
        send("send"),
        condition("ask", [{ is: "delivery_status", not: false, of: null, status: "read" }]),
        send("again"),
        end,
      ],
      ["trigger.next > send", "send.next > ask", "ask.yes > end", "ask.no > again", "again.next > end"],
    ),
    "ask",
  ],
  [
    "what only an event tells",
    only(
      send("send", { variables: { "body.1": { from: "payload", path: ["name"], fallback: null } } }),
      trigger({ kind: "contact_created" }),
    ),
    "send",
  ],
  [
    "every event, without a key",
    { ...only(send("send"), EVENT), settings: { ...only(send("send")).settings, reentry: "every_event" } },
    null,
  ],
])("Advice keeps nothing from being activated: %s", (_, what, node_id) => {
  const checks = checkFlow(what, known);
  expect(checks.every(({ level }) => level === "advice")).toBe(true);
  expect(checks.map((check) => [check.name, check.node_id])).toEqual([["Advice", node_id]]);
});

test("a large drawing is checked in no time, circles and all", () => {
  const many = Array.from({ length: 198 }, (_, i) => delay(`d${i}`, 1));
  const ways = many.map((node, i) => `${node.id}.next > ${many[i + 1]?.id ?? "d0"}`);
  const started = process.cpuUsage();
  checkFlow(flow([MESSAGE, ...many, text("hello")], ["trigger.next > d0", ...ways]), known);
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
});
