import { nodeOf, portsOf } from "./ports.ts";
import type { Flow, FlowNode } from "./types.ts";

/** A way that leads elsewhere than before: null, nowhere. */
export interface ChangedWay {
  node: FlowNode;
  port: string;
  before: FlowNode | null;
  after: FlowNode | null;
}
export interface Difference {
  added: FlowNode[];
  removed: FlowNode[];
  changed: { before: FlowNode; after: FlowNode }[];
  ways: ChangedWay[];
  settings: boolean;
}

/** What is another with a flow than with the one before it; where things stand on the canvas does not count. */
export function differenceOf(before: Flow, after: Flow): Difference {
  const added = after.nodes.filter(({ id }) => !nodeOf(before, id));
  const removed = before.nodes.filter(({ id }) => !nodeOf(after, id));
  const changed = after.nodes.flatMap((node) => {
    const old = nodeOf(before, node.id);
    return old && !isSame(unplaced(old), unplaced(node)) ? [{ before: old, after: node }] : [];
  });
  const ways = after.nodes.flatMap((node) => {
    const old = nodeOf(before, node.id);
    if (!old) return [];
    const ports = new Set([...portsOf(old), ...portsOf(node)].map(({ id }) => id));
    return [...ports].flatMap((port): ChangedWay[] => {
      const [was, is] = [targetOf(before, node.id, port), targetOf(after, node.id, port)];
      return was?.id === is?.id ? [] : [{ node, port, before: was, after: is }];
    });
  });
  return { added, removed, changed, ways, settings: !isSame(before.settings, after.settings) };
}

export const isNoDifference = ({ added, removed, changed, ways, settings }: Difference): boolean =>
  added.length + removed.length + changed.length + ways.length === 0 && !settings;

const targetOf = (flow: Flow, from: string, port: string): FlowNode | null =>
  nodeOf(flow, flow.edges.find((edge) => edge.from === from && edge.port === port)?.to) ?? null;

const unplaced = (node: FlowNode) => ({ ...node, x: 0, y: 0 });

/** Whatever the order of their keys: the database keeps its own. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) =>
    isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
