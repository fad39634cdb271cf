import type { Flow, FlowCheck, FlowNode } from "../../contract/automations.ts";
import type { Known } from "./known.ts";

/** What a check looks at: a flow, and what the workspace has of what it names. */
export interface Checked {
  flow: Flow;
  known: Known;
}

type Name = FlowCheck["name"];

export const error = (name: Name, node: FlowNode | null, says: string): FlowCheck => {
  return { name, level: "error", node_id: node?.id ?? null, says };
};
export const advice = (name: Name, node: FlowNode | null, says: string): FlowCheck => {
  return { name, level: "advice", node_id: node?.id ?? null, says };
};

/** The nodes that one may be at next after each, by edges and by going to a node. */
export function nextOf({ nodes, edges }: Flow, leaves: (from: FlowNode, port: string) => boolean) {
  const by_id = new Map(nodes.map((node) => [node.id, node]));
  const next = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, port, to } of edges) {
    const node = by_id.get(from);
    if (node && by_id.has(to) && leaves(node, port)) next.get(from)!.push(to);
  }
  for (const node of nodes)
    if (node.type === "goto" && node.to !== null && by_id.has(node.to) && leaves(node, ""))
      next.get(node.id)!.push(node.to);
  return next;
}

export const everyWay = (): boolean => true;

/** The nodes that can be reached from one, itself among them. */
export function reachedFrom(next: ReadonlyMap<string, readonly string[]>, start: string): Set<string> {
  const reached = new Set([start]);
  for (const id of reached) for (const to of next.get(id) ?? []) reached.add(to);
  return reached;
}

/** The nodes from which one may come to one of these, they among them. */
export function nodesBefore(flow: Flow, nodes: readonly string[]): Set<string> {
  const next = nextOf(flow, everyWay);
  return new Set(
    flow.nodes.map(({ id }) => id).filter((id) => nodes.some((to) => reachedFrom(next, id).has(to))),
  );
}
