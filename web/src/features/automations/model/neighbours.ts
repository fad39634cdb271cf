import { widthOf } from "./layout.ts";
import type { Flow, FlowNode } from "./types.ts";

export type Direction = "up" | "down" | "left" | "right";

const middleOf = (node: FlowNode) => ({ x: node.x + widthOf(node) / 2, y: node.y });

/** The node that one comes to from another by an arrow key: the nearest one that lies there; null: none does. */
export function neighbour({ nodes }: Pick<Flow, "nodes">, id: string, direction: Direction): string | null {
  const from = nodes.find((node) => node.id === id);
  if (!from) return null;
  const here = middleOf(from);
  const sign = direction === "down" || direction === "right" ? 1 : -1;
  const vertical = direction === "up" || direction === "down";
  let best: { id: string; far: number } | null = null;
  for (const node of nodes) {
    if (node.id === id) continue;
    const there = middleOf(node);
    const along = (vertical ? there.y - here.y : there.x - here.x) * sign;
    const across = Math.abs(vertical ? there.x - here.x : there.y - here.y);
    // What lies more aside than ahead is for another key.
    if (along <= 0 || across > along * (vertical ? 4 : 1)) continue;
    const far = along + across * 2;
    if (!best || far < best.far) best = { id: node.id, far };
  }
  return best?.id ?? null;
}
