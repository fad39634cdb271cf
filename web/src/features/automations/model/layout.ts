import { nodeOf, portsOf } from "./ports.ts";
import type { Flow, FlowNode } from "./types.ts";

export const NODE_WIDTH = 264;
export const COLUMN_GAP = 56;
const COLUMN = NODE_WIDTH + COLUMN_GAP;
export const ROW = 176;
/** Each port has its own place along the lower edge. */
const PORT_WIDTH = 104;

export const widthOf = (node: FlowNode): number =>
  Math.max(NODE_WIDTH, node.type === "action" ? 0 : portsOf(node).length * PORT_WIDTH);

/**
 * A flow from the trigger down: each node stands below all that lead to it, and in the middle above what it leads to. An
 * edge back to where one has been moves nothing. What the trigger does not lead to stands to the right.
 */
export function tidy(flow: Flow): Flow {
  const start = flow.nodes.find(({ type }) => type === "trigger") ?? flow.nodes[0];
  if (!start) return flow;
  const placed = new Map<string, { x: number; y: number }>();
  let right = 0;
  const roots = [start, ...flow.nodes.filter((node) => node !== start && isRoot(flow, node)), ...flow.nodes];
  const depths = depthsFrom(flow, roots);
  for (const root of roots) {
    if (placed.has(root.id)) continue;
    right = place(flow, root, right, depths, placed);
  }
  const origin = placed.get(start.id) ?? { x: 0, y: 0 };
  return {
    ...flow,
    nodes: flow.nodes.map((node) => {
      const at = placed.get(node.id);
      return at ? { ...node, x: Math.round(at.x - origin.x), y: at.y } : node;
    }),
  };
}

const isRoot = (flow: Flow, { id }: FlowNode) => !flow.edges.some(({ to, from }) => to === id && from !== id);

const targetsOf = (flow: Flow, node: FlowNode): FlowNode[] =>
  portsOf(node).flatMap(({ id }) => {
    const edge = flow.edges.find(({ from, port }) => from === node.id && port === id);
    return nodeOf(flow, edge?.to) ?? [];
  });

/** The longest way to each node, without edges that lead back. */
function depthsFrom(flow: Flow, roots: readonly FlowNode[]): Map<string, number> {
  const order: FlowNode[] = [];
  const state = new Map<string, "open" | "done">();
  const back = new Set<string>();
  const visit = (node: FlowNode) => {
    state.set(node.id, "open");
    for (const target of targetsOf(flow, node)) {
      const seen = state.get(target.id);
      if (seen === "open") back.add(`${node.id} ${target.id}`);
      else if (seen === undefined) visit(target);
    }
    state.set(node.id, "done");
    order.push(node);
  };
  for (const root of roots) if (!state.has(root.id)) visit(root);
  const depths = new Map<string, number>();
  for (const node of order.toReversed()) {
    const depth = depths.get(node.id) ?? 0;
    depths.set(node.id, depth);
    for (const target of targetsOf(flow, node))
      if (!back.has(`${node.id} ${target.id}`))
        depths.set(target.id, Math.max(depths.get(target.id) ?? 0, depth + 1));
  }
  return depths;
}

/** Places a node and what hangs below it from `left` on; answers where there is room again. */
function place(
  flow: Flow,
  node: FlowNode,
  left: number,
  depths: ReadonlyMap<string, number>,
  placed: Map<string, { x: number; y: number }>,
): number {
  const y = (depths.get(node.id) ?? 0) * ROW;
  const own = Math.max(COLUMN, widthOf(node) + COLUMN - NODE_WIDTH);
  const before = placed.size;
  // Before its children, so that an edge back to it places nothing.
  placed.set(node.id, { x: left, y });
  let right = left;
  const below: FlowNode[] = [];
  for (const target of targetsOf(flow, node)) {
    if (placed.has(target.id)) continue;
    below.push(target);
    right = place(flow, target, right, depths, placed);
  }
  const middles = below.map((each) => placed.get(each.id)!.x + widthOf(each) / 2);
  const middle = middles.length === 0 ? left + own / 2 : (middles[0]! + middles.at(-1)!) / 2;
  const x = middles.length === 0 ? left : middle - widthOf(node) / 2;
  placed.set(node.id, { x, y });
  // One with more ports than room below moves to the right with all that hangs on it.
  const missing = Math.max(0, left - x);
  if (missing > 0) for (const [, at] of [...placed].slice(before)) at.x += missing;
  return Math.max(right + missing, left + own, x + missing + own);
}
