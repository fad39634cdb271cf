import type { KeyboardEvent } from "react";
import {
  type Copied,
  copyOf,
  type Direction,
  disconnect,
  edgeAt,
  mainPort,
  moveTo,
  neighbour,
  nodeOf,
  paste,
  portsOf,
  remove,
} from "../model/model.ts";
import { focusPanel, focusStep, useDrawing } from "../parts/parts.ts";
import type { useElements } from "./use-elements.ts";
import { tableOf } from "../../../lib/table-of.ts";

const ARROWS = tableOf<Direction>({
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
});
/** How far a step goes at a press of a key. */
const STEPS: Record<Direction, readonly [x: number, y: number]> = {
  up: [0, -20],
  down: [0, 20],
  left: [-20, 0],
  right: [20, 0],
};
/** What was copied, in this tab: it can be put into another automation, too. */
let clipboard: Copied | null = null;
const keep = (copied: Copied) => {
  clipboard = copied;
};

/**
 * The canvas by keys alone. Who types is left alone.
 *
 * Long: what each key does, one after the other.
 */
export function useKeys({ selected, ways_selected, select, reached }: ReturnType<typeof useElements>) {
  const drawing = useDrawing();
  const { flow, put, open } = drawing;
  /** What is selected; but a step with the focus that is not among it is meant alone. */
  const idsAt = (at: string | null): ReadonlySet<string> => {
    const on_step = document.activeElement?.closest(".react-flow__node") instanceof Element;
    if (at === null || (selected.size > 0 && (selected.has(at) || !on_step))) return selected;
    return new Set([at]);
  };

  const removeChosen = (at: string | null) => {
    const nearest = at === null ? null : neighbour(flow, at, "up");
    const next = disconnect(remove(flow, idsAt(at)), ways_selected);
    put(next);
    select(new Set());
    if (drawing.opened !== null && !nodeOf(next, drawing.opened)) open(null);
    if (nearest !== null) focusStep(nearest);
  };
  const move = (at: string | null, direction: Direction) => {
    const [x, y] = STEPS[direction];
    const ids = idsAt(at);
    const moved = [...flow.nodes, ...flow.notes].filter(({ id }) => ids.has(id));
    const places = new Map(moved.map((each) => [each.id, { x: each.x + x, y: each.y + y }]));
    put(moveTo(flow, places), `move ${[...ids].join(" ")}`);
  };
  /** As if its button were pressed: at its first open port, else between it and what comes next. */
  const add = (at: string | null) => {
    const node = nodeOf(flow, at);
    if (!node) return;
    const main = mainPort(node);
    const ports = main === null ? portsOf(node).map(({ id }) => id) : [main];
    const port = ports.find((each) => !edgeAt(flow, node.id, each)) ?? ports[0];
    const edge = port === undefined ? undefined : edgeAt(flow, node.id, port);
    const button = edge
      ? `[data-between="${edge.id}"]`
      : `.react-flow__node[data-id="${node.id}"] [data-add="${port ?? ""}"]`;
    document.querySelector<HTMLElement>(button)?.click();
  };
  const withControl = tableOf<(at: string | null) => void>({
    z: drawing.undo,
    y: drawing.redo,
    Z: drawing.redo,
    a: () => select(new Set([...flow.nodes, ...flow.notes].map(({ id }) => id))),
    c: (at) => keep(copyOf(flow, idsAt(at))),
    v: () => {
      if (!clipboard) return;
      const pasted = paste(flow, clipboard);
      put(pasted.flow);
      select(pasted.ids);
      const [first] = pasted.ids;
      if (first !== undefined) focusStep(first);
    },
  });

  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, [role=menu]")) return;
    // Where the focus is, also when it has only just come there.
    const at = target.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? reached;
    const taken = (work: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    if (event.ctrlKey || event.metaKey) {
      const work = withControl[event.key];
      if (work) taken(() => work(at));
      return;
    }
    const direction = ARROWS[event.key];
    if (direction && event.altKey) return taken(() => move(at, direction));
    if (direction && at !== null)
      return taken(() => {
        const next = neighbour(flow, at, direction);
        if (next !== null) focusStep(next);
      });
    if (event.key === "Delete" || event.key === "Backspace") return taken(() => removeChosen(at));
    if (event.key === "+" || event.key === "Insert") return taken(() => add(at));
    if (event.key === "Enter" && !target.closest("button") && at !== null)
      taken(() => {
        open(at);
        focusPanel();
      });
  };
}
