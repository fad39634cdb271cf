import { edgeAt, mainPort, mayStayOpen, nodeOf, type Port, portsOf } from "./ports.ts";
import type { Flow, FlowNode } from "./types.ts";

/** A flow as a list: steps one after the other, and below a step that branches the steps of each branch. */
export interface Step {
  node: FlowNode;
  branches: Branch[];
}
export interface Line {
  /** The port that the next step would hang on; null: the line ends with its last node. */
  open: { node: string; port: string } | null;
  steps: Step[];
  /** A node that stands elsewhere in the list, where the line goes on. */
  leads_to: string | null;
}
export interface Branch extends Line {
  port: Port;
}

/** From the trigger on; then what it doesn't lead to. Each node stands once: where the first way to it comes. */
export function outlineOf(flow: Flow): { main: Line; loose: Line[] } {
  const seen = new Set<string>();
  const start = flow.nodes.find(({ type }) => type === "trigger");
  const main = start ? lineFrom(flow, start.id, null, seen) : { open: null, steps: [], leads_to: null };
  const loose: Line[] = [];
  const heads = flow.nodes.filter(({ id }) => !flow.edges.some(({ to, from }) => to === id && from !== id));
  for (const node of [...heads, ...flow.nodes])
    if (!seen.has(node.id)) loose.push(lineFrom(flow, node.id, null, seen));
  return { main, loose };
}

function lineFrom(flow: Flow, first: string | null, at: Line["open"], seen: Set<string>): Line {
  const steps: Step[] = [];
  let open = at;
  for (let next = first; ;) {
    const node = nodeOf(flow, next);
    if (!node) return { open, steps, leads_to: null };
    if (seen.has(node.id)) return { open, steps, leads_to: node.id };
    seen.add(node.id);
    const main = mainPort(node);
    steps.push({ node, branches: branchesOf(flow, node, main, seen) });
    if (main === null) return { open: null, steps, leads_to: null };
    open = { node: node.id, port: main };
    next = edgeAt(flow, node.id, main)?.to ?? null;
  }
}

/** Every way but the one that goes on in the line; the one for failures where it is drawn. */
const branchesOf = (flow: Flow, node: FlowNode, main: string | null, seen: Set<string>): Branch[] =>
  portsOf(node)
    .filter(({ id }) => id !== main)
    .filter(({ id }) => !mayStayOpen(node, id) || edgeAt(flow, node.id, id))
    .map((port) => ({
      port,
      ...lineFrom(flow, edgeAt(flow, node.id, port.id)?.to ?? null, { node: node.id, port: port.id }, seen),
    }));
