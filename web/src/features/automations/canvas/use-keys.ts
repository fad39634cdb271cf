import type { KeyboardEvent } from "react";
import {
  type Copied,
  copyOf,
  type Direction,
  disconnect,
  edgeAt,
  mainPort,
  neighbour,
  nodeOf,
  paste,
  portsOf,
  remove,
} from "../model/model.ts";
import { focusPanel, focusStep, useDrawing } from "../parts/parts.ts";
import type { useElements } from "./use-elements.ts";

const ARROWS: Partial<Record<string, Direction>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
/** What was copied, in this tab: it can be put into another automation, too. */
let clipboard: Copied | null = null;

/** The canvas by keys alone. Who types is left alone. */
export function useKeys({ selected, ways_selected, select, reached }: ReturnType<typeof useElements>) {
  const drawing = useDrawing();
  const { flow, put, open } = drawing;
  const ids = () => (selected.size > 0 ? selected : new Set(reached === null ? [] : [reached]));

  const removeChosen = () => {
    const nearest = reached === null ? null : (neighbour(flow, reached, "up") ?? null);
    const next = disconnect(remove(flow, ids()), ways_selected);
    put(next);
    select(new Set());
    if (drawing.opened !== null && !nodeOf(next, drawing.opened)) open(null);
    if (nearest !== null) focusStep(nearest);
  };
  /** As if its button were pressed: at its first open port, else between it and what comes next. */
  const add = () => {
    const node = nodeOf(flow, reached);
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
  const withControl: Partial<Record<string, () => void>> = {
    z: drawing.undo,
    y: drawing.redo,
    Z: drawing.redo,
    a: () => select(new Set([...flow.nodes, ...flow.notes].map(({ id }) => id))),
    c: () => {
      clipboard = copyOf(flow, ids());
    },
    v: () => {
      if (!clipboard) return;
      const pasted = paste(flow, clipboard);
      put(pasted.flow);
      select(pasted.ids);
      const [first] = pasted.ids;
      if (first !== undefined) focusStep(first);
    },
  };

  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, [role=menu]")) return;
    const taken = (work: () => void) => {
      event.preventDefault();
      event.stopPropagation();
      work();
    };
    if (event.ctrlKey || event.metaKey) {
      const work = withControl[event.key];
      if (work) taken(work);
      return;
    }
    const direction = ARROWS[event.key];
    if (direction && reached !== null)
      return taken(() => {
        const next = neighbour(flow, reached, direction);
        if (next !== null) focusStep(next);
      });
    if (event.key === "Delete" || event.key === "Backspace") return taken(removeChosen);
    if (event.key === "+" || event.key === "Insert") return taken(add);
    if (event.key === "Enter" && !target.closest("button") && reached !== null)
      taken(() => {
        open(reached);
        focusPanel();
      });
  };
}
