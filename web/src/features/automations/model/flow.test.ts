import { expect, test } from "vitest";
import * as model from "./model.ts";
import type { Flow, FlowNode } from "./types.ts";

/** A trigger alone, as the API makes one without a flow. */
const emptyFlow = (): Flow => ({
  nodes: [model.newNode("trigger", { x: 0, y: 0 })],
  edges: [],
  notes: [],
  settings: {
    phone_number_id: null,
    frequency_cap: null,
    reentry: "one_at_a_time",
    key_path: null,
    exclude: [],
    exit_rules: [],
    pause_when_answered: false,
    include_existing: false,
    existing_per_min: 60,
  },
});

/** Trigger → action → condition, with an action at YES and at NO nothing. */
function drawn() {
  let flow = emptyFlow();
  const start = flow.nodes[0]!.id;
  const ids: Record<string, string> = { start };
  const add = (name: string, node: string, port: string, type: FlowNode["type"]) => {
    const made = model.insertAt(flow, { node, port }, type);
    flow = made.flow;
    ids[name] = made.id;
  };
  add("send", start, "next", "action");
  add("asks", ids["send"]!, "next", "condition");
  add("thanks", ids["asks"]!, "yes", "action");
  return { flow, ids };
}
const ways = (flow: Flow, ids: Record<string, string>) => {
  const name = (id: string) => Object.keys(ids).find((each) => ids[each] === id) ?? "?";
  return flow.edges.map(({ from, port, to }) => `${name(from)}.${port} → ${name(to)}`).sort();
};

test("a step that is put into an edge leads to what the edge led to, and what hangs below makes room", () => {
  const { flow, ids } = drawn();
  const made = model.insertAt(flow, { node: ids["send"]!, port: "next" }, "delay");
  const all = { ...ids, pause: made.id };
  expect(ways(made.flow, all)).toEqual([
    "asks.yes → thanks",
    "pause.next → asks",
    "send.next → pause",
    "start.next → send",
  ]);
  const y = (id: string) => model.nodeOf(made.flow, id)!.y;
  expect(y(ids["asks"]!)).toBeGreaterThan(y(made.id));
  expect(y(ids["thanks"]!)).toBeGreaterThan(y(ids["asks"]!));
  expect(y(ids["start"]!)).toBe(0);
});

test("a step that ends the way leaves what came after it where it is, without an edge", () => {
  const { flow, ids } = drawn();
  const made = model.insertAt(flow, { node: ids["send"]!, port: "next" }, "end");
  expect(ways(made.flow, { ...ids, end: made.id })).toEqual([
    "asks.yes → thanks",
    "send.next → end",
    "start.next → send",
  ]);
});

test("what led to a step that is removed leads to what it led to, and the trigger stays", () => {
  const { flow, ids } = drawn();
  const left = model.remove(flow, new Set([ids["send"]!, ids["start"]!]));
  expect(ways(left, ids)).toEqual(["asks.yes → thanks", "start.next → asks"]);
  const none = model.remove(flow, new Set(flow.nodes.map(({ id }) => id)));
  expect([none.nodes.map(({ type }) => type), none.edges]).toEqual([["trigger"], []]);
});

test("what named a removed step names none", () => {
  const { flow, ids } = drawn();
  const asks = model.nodeOf(flow, ids["asks"])!;
  if (asks.type !== "condition") throw new Error("no condition");
  const of = { is: "delivery_status", not: false, of: ids["send"]!, status: "read" } as const;
  const test = { join: "all" as const, items: [{ join: "any" as const, items: [of] }] };
  const named = model.changeNode(flow, { ...asks, test });
  const left = model.nodeOf(model.remove(named, new Set([ids["send"]!])), asks.id);
  expect(JSON.stringify(left)).not.toContain(ids["send"]);
});

test("an edge goes with its port, and a port has one edge", () => {
  const { flow, ids } = drawn();
  const wait = model.insertAt(flow, { node: ids["asks"]!, port: "no" }, "wait");
  const node = model.nodeOf(wait.flow, wait.id)!;
  if (node.type !== "wait") throw new Error("no wait");
  const [first, second] = node.outcomes;
  let now = model.connect(wait.flow, { node: wait.id, port: first!.id }, ids["thanks"]!);
  now = model.connect(now, { node: wait.id, port: first!.id }, ids["send"]!);
  expect(now.edges.filter(({ from }) => from === wait.id).map(({ to }) => to)).toEqual([ids["send"]]);
  now = model.changeNode(now, { ...node, outcomes: [second!] });
  expect(now.edges.filter(({ from }) => from === wait.id)).toEqual([]);
  expect(model.connect(now, { node: wait.id, port: "deadline" }, ids["start"]!)).toBe(now);
});

test("copies have ids of their own and lead to each other", () => {
  const { flow, ids } = drawn();
  const copied = model.copyOf(flow, new Set([ids["start"]!, ids["asks"]!, ids["thanks"]!]));
  const { flow: both, ids: fresh } = model.paste(flow, copied);
  expect(fresh.size).toBe(2);
  expect(both.edges.filter(({ from, to }) => fresh.has(from) && fresh.has(to))).toHaveLength(1);
  expect(new Set(both.nodes.map(({ id }) => id)).size).toBe(both.nodes.length);
});

test("steps are undone and done again, and letters of one word are one step", () => {
  let history = model.begin("");
  history = model.step(history, "W", "name");
  history = model.step(history, "We", "name");
  history = model.step(history, "We!", "text");
  history = model.undo(history);
  expect(history.now).toBe("We");
  history = model.undo(history);
  expect(history.now).toBe("");
  expect(model.undo(history)).toBe(history);
  history = model.redo(model.redo(history));
  expect(history.now).toBe("We!");
  history = model.step(model.undo(history), "Hi");
  expect(model.redo(history)).toBe(history);
});

test("a tidy flow runs down from the trigger, and no two nodes lie on each other", () => {
  const { flow, ids } = drawn();
  let now = flow;
  for (const port of ["no", "yes"]) now = model.insertAt(now, { node: ids["asks"]!, port }, "split").flow;
  for (const node of now.nodes.filter(({ type }) => type === "split"))
    for (const port of model.portsOf(node))
      now = model.insertAt(now, { node: node.id, port: port.id }, "wait").flow;
  now = model.insertFree(now, "end", { x: 3, y: 4 }).flow;
  now = model.connect(now, { node: ids["thanks"]!, port: "next" }, ids["send"]!);
  const laid = model.tidy(now);
  for (const { from, to } of laid.edges.filter(({ to }) => to !== ids["send"]))
    expect(model.nodeOf(laid, to)!.y).toBeGreaterThan(model.nodeOf(laid, from)!.y);
  const over = laid.nodes.flatMap((a) =>
    laid.nodes.filter(
      (b) => a.id < b.id && a.y === b.y && a.x < b.x + model.widthOf(b) && b.x < a.x + model.widthOf(a),
    ),
  );
  expect(over).toEqual([]);
  expect(model.nodeOf(laid, ids["start"])).toMatchObject({ x: 0, y: 0 });
});

test("as a list each node stands once; where a way leads to one that stands already, it says so", () => {
  const { flow, ids } = drawn();
  let now = model.connect(flow, { node: ids["thanks"]!, port: "next" }, ids["send"]!);
  const loose = model.insertFree(now, "end", { x: 0, y: 0 });
  now = loose.flow;
  const { main, loose: others } = model.outlineOf(now);
  expect(main.steps.map(({ node }) => node.id)).toEqual([ids["start"], ids["send"], ids["asks"]]);
  const [yes, no] = main.steps[2]!.branches;
  expect(yes).toMatchObject({ leads_to: ids["send"], steps: [{ node: { id: ids["thanks"] } }] });
  expect(no).toMatchObject({ leads_to: null, steps: [], open: { node: ids["asks"], port: "no" } });
  expect(others.map(({ steps }) => steps.map(({ node }) => node.id))).toEqual([[loose.id]]);
});

test("arrow keys find the next node where one looks", () => {
  const { flow, ids } = drawn();
  const laid = model.tidy(model.insertAt(flow, { node: ids["asks"]!, port: "no" }, "end").flow);
  const end = laid.nodes.find(({ type }) => type === "end")!.id;
  expect(model.neighbour(laid, ids["start"]!, "down")).toBe(ids["send"]);
  expect(model.neighbour(laid, ids["thanks"]!, "right")).toBe(end);
  expect(model.neighbour(laid, end, "left")).toBe(ids["thanks"]);
  expect(model.neighbour(laid, ids["start"]!, "up")).toBe(null);
});

test("versions differ by what they do, not by where it stands or in which order it is kept", () => {
  const { flow, ids } = drawn();
  const moved = model.tidy(model.moveTo(flow, new Map([[ids["send"]!, { x: 500, y: 90 }]])));
  const kept = JSON.parse(JSON.stringify(moved), (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  ) as Flow;
  expect(model.isNoDifference(model.differenceOf(flow, kept))).toBe(true);
  const thanks = model.nodeOf(flow, ids["thanks"])!;
  let next = model.changeNode(flow, { ...thanks, name: "Thanks" });
  next = model.insertAt(next, { node: ids["send"]!, port: "next" }, "delay").flow;
  next = { ...next, settings: { ...next.settings, frequency_cap: "EVER" } };
  const found = model.differenceOf(flow, next);
  expect(found.added.map(({ type }) => type)).toEqual(["delay"]);
  expect(found.changed.map(({ after }) => after.name)).toEqual(["Thanks"]);
  expect(found.ways.map(({ node, before, after }) => [node.id, before?.id, after?.type])).toEqual([
    [ids["send"], ids["asks"], "delay"],
  ]);
  expect(found.settings).toBe(true);
});

test("a file that was exported is taken in again, and another one is not", () => {
  const { flow } = drawn();
  expect(model.imported(model.exported({ name: "Welcome", flow }))).toEqual({ name: "Welcome", flow });
  for (const text of ["", "{}", "[1]", '{"format":"wharf.automation.1"}'])
    expect(model.imported(text)).toBe(null);
});
