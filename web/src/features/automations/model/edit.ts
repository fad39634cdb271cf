import { COLUMN_GAP, NODE_WIDTH, ROW, widthOf } from "./layout.ts";
import { newId, newNode } from "./new-node.ts";
import { edgeAt, nodeOf, portsOf } from "./ports.ts";
import type { Act, Atom, Flow, FlowNode, FlowNodeType, Group, Note } from "./types.ts";

/** Changes of a flow: each takes one and gives another. */

export interface PortOf {
  node: string;
  port: string;
}

/** A new node at a port: what the port led to comes after it, and everything from there on makes room. */
export function insertAt(flow: Flow, at: PortOf, type: FlowNodeType): { flow: Flow; id: string } {
  const from = nodeOf(flow, at.node);
  const place = from ? below(from, at.port) : { x: 0, y: 0 };
  const node = newNode(type, place);
  const old = edgeAt(flow, at.node, at.port);
  const [main] = portsOf(node);
  const moved = old && main ? pushDown(flow, old.to, place.y + ROW, at.node) : flow;
  const edges = moved.edges.filter((edge) => edge !== old);
  const edge = { id: newId("e"), from: at.node, port: at.port, to: node.id };
  const on = old && main ? [{ id: newId("e"), from: node.id, port: main.id, to: old.to }] : [];
  return {
    flow: { ...moved, nodes: [...moved.nodes, node], edges: [...edges, edge, ...on] },
    id: node.id,
  };
}

/** Below its node, at the side where its port is. */
function below(from: FlowNode, port: string): { x: number; y: number } {
  const ports = portsOf(from);
  const at = Math.max(
    0,
    ports.findIndex(({ id }) => id === port),
  );
  const aside = from.type === "action" ? (port === "failed" ? 1 : 0) : at - (ports.length - 1) / 2;
  const middle = from.x + widthOf(from) / 2 + aside * (NODE_WIDTH + COLUMN_GAP);
  return { x: Math.round(middle - NODE_WIDTH / 2), y: from.y + ROW };
}

/** What hangs on a node moves down as far as it has to, but not what lies above. */
function pushDown(flow: Flow, id: string, y: number, above: string): Flow {
  const top = nodeOf(flow, id);
  if (!top || top.y >= y) return flow;
  const by = y - top.y;
  const moved = new Set<string>();
  const visit = (each: string) => {
    if (moved.has(each) || each === above) return;
    const node = nodeOf(flow, each);
    if (!node || node.y < top.y) return;
    moved.add(each);
    for (const edge of flow.edges) if (edge.from === each) visit(edge.to);
  };
  visit(id);
  return {
    ...flow,
    nodes: flow.nodes.map((node) => (moved.has(node.id) ? { ...node, y: node.y + by } : node)),
  };
}

export function insertFree(flow: Flow, type: FlowNodeType, at: { x: number; y: number }) {
  const node = newNode(type, at);
  return { flow: { ...flow, nodes: [...flow.nodes, node] }, id: node.id };
}

/** An edge from a port; it has one at most. Nothing leads to the trigger. */
export function connect(flow: Flow, { node, port }: PortOf, to: string): Flow {
  const target = nodeOf(flow, to);
  if (!target || target.type === "trigger") return flow;
  const others = flow.edges.filter((edge) => edge.from !== node || edge.port !== port);
  return { ...flow, edges: [...others, { id: newId("e"), from: node, port, to }] };
}

export const disconnect = (flow: Flow, ids: ReadonlySet<string>): Flow => ({
  ...flow,
  edges: flow.edges.filter(({ id }) => !ids.has(id)),
});

/** A node with other settings; edges of ports that are gone go with them. */
export function changeNode(flow: Flow, node: FlowNode): Flow {
  const ports = new Set(portsOf(node).map(({ id }) => id));
  return {
    ...flow,
    nodes: flow.nodes.map((each) => (each.id === node.id ? node : each)),
    edges: flow.edges.filter(({ from, port }) => from !== node.id || ports.has(port)),
  };
}

export function moveTo(flow: Flow, places: ReadonlyMap<string, { x: number; y: number }>): Flow {
  const move = <Thing extends { id: string; x: number; y: number }>(thing: Thing): Thing => {
    const place = places.get(thing.id);
    return place ? { ...thing, x: Math.round(place.x), y: Math.round(place.y) } : thing;
  };
  return { ...flow, nodes: flow.nodes.map(move), notes: flow.notes.map(move) };
}

/** Without these nodes and notes, but never without the trigger. What led to a node leads to what it alone led to. */
export function remove(flow: Flow, ids: ReadonlySet<string>): Flow {
  let next = { ...flow, notes: flow.notes.filter(({ id }) => !ids.has(id)) };
  for (const node of flow.nodes)
    if (ids.has(node.id) && node.type !== "trigger") next = withoutNode(next, node);
  return next;
}

function withoutNode(flow: Flow, { id }: FlowNode): Flow {
  const targets = new Set(flow.edges.filter(({ from, to }) => from === id && to !== id).map(({ to }) => to));
  const [only] = targets.size === 1 ? targets : [];
  return {
    ...flow,
    nodes: flow.nodes.filter((node) => node.id !== id).map((node) => renamed(node, new Map([[id, null]]))),
    edges: flow.edges.flatMap((edge) => {
      if (edge.from === id) return [];
      if (edge.to !== id) return [edge];
      return only === undefined ? [] : [{ ...edge, to: only }];
    }),
  };
}

/** A node that names others, with their names changed; null: they are gone. */
function renamed(node: FlowNode, names: ReadonlyMap<string, string | null>): FlowNode {
  const name = (id: string | null) => (id !== null && names.has(id) ? names.get(id)! : id);
  switch (node.type) {
    case "goto":
      return { ...node, to: name(node.to) };
    case "wait":
      return { ...node, of: name(node.of) };
    case "condition":
      return { ...node, test: renamedTest(node.test, name) };
    case "action":
      return node.act?.kind === "send_template"
        ? { ...node, act: { ...node.act, variables: renamedVariables(node.act.variables, name) } }
        : node;
    default:
      return node;
  }
}

type Variables = Extract<Act, { kind: "send_template" }>["variables"];

const renamedVariables = (variables: Variables, name: (id: string | null) => string | null): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([place, variable]) => [
      place,
      variable.from === "answer" ? { ...variable, of: name(variable.of) } : variable,
    ]),
  );

function renamedTest(group: Group, name: (id: string | null) => string | null): Group {
  return {
    ...group,
    items: group.items.map((item): Atom | Group => {
      if ("items" in item) return renamedTest(item, name);
      return "of" in item ? { ...item, of: name(item.of) } : item;
    }),
  };
}

/** What is copied: nodes, but the trigger, with the edges between them, and notes. */
export type Copied = Pick<Flow, "nodes" | "edges" | "notes">;

export function copyOf(flow: Flow, ids: ReadonlySet<string>): Copied {
  const nodes = flow.nodes.filter(({ id, type }) => ids.has(id) && type !== "trigger");
  const inside = new Set(nodes.map(({ id }) => id));
  return {
    nodes,
    edges: flow.edges.filter(({ from, to }) => inside.has(from) && inside.has(to)),
    notes: flow.notes.filter(({ id }) => ids.has(id)),
  };
}

const PASTED_ASIDE = 40;

/** The copies beside what they are copies of, each with an id of its own; what they name in each other they name anew. */
export function paste(flow: Flow, copied: Copied): { flow: Flow; ids: Set<string> } {
  const names = new Map(copied.nodes.map(({ id }) => [id, newId("n")]));
  const aside = <Thing extends { x: number; y: number }>(thing: Thing): Thing => ({
    ...thing,
    x: thing.x + PASTED_ASIDE,
    y: thing.y + PASTED_ASIDE,
  });
  const nodes = copied.nodes.map((node) => ({ ...aside(renamed(node, names)), id: names.get(node.id)! }));
  const edges = copied.edges.map(({ port, from, to }) => ({
    id: newId("e"),
    from: names.get(from)!,
    port,
    to: names.get(to)!,
  }));
  const notes = copied.notes.map((note) => ({ ...aside(note), id: newId("t") }));
  return {
    flow: {
      ...flow,
      nodes: [...flow.nodes, ...nodes],
      edges: [...flow.edges, ...edges],
      notes: [...flow.notes, ...notes],
    },
    ids: new Set([...nodes, ...notes].map(({ id }) => id)),
  };
}

export function addNote(flow: Flow, at: { x: number; y: number }): { flow: Flow; id: string } {
  const note: Note = { id: newId("t"), x: Math.round(at.x), y: Math.round(at.y), text: "" };
  return { flow: { ...flow, notes: [...flow.notes, note] }, id: note.id };
}

export const changeNote = (flow: Flow, id: string, text: string): Flow => ({
  ...flow,
  notes: flow.notes.map((note) => (note.id === id ? { ...note, text } : note)),
});
