import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useMemo, useState } from "react";
import { moveTo } from "../model/model.ts";
import { useDrawing } from "../parts/parts.ts";
import { type Element, elementsOf, type WayElement, waysOf } from "./elements.ts";

type Places = ReadonlyMap<string, { x: number; y: number }>;
const NONE: Places = new Map();

/** What the canvas shows, and what it tells of: sizes, what is selected, and where something is dragged. */
export function useElements() {
  const { flow, put, nameOf, opened } = useDrawing();
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [ways_selected, selectWays] = useState<ReadonlySet<string>>(new Set());
  const [places, setPlaces] = useState(NONE);
  const [measured, setMeasured] = useState<ReadonlyMap<string, { width: number; height: number }>>(new Map());
  const [focused, setFocused] = useState<string | null>(null);
  const known = (id: string | null) => id !== null && flow.nodes.some((node) => node.id === id);
  const reached = known(focused) ? focused : known(opened) ? opened : (flow.nodes[0]?.id ?? null);
  const elements = useMemo(
    () => elementsOf(flow, { selected, places, measured, reached, nameOf }),
    [flow, selected, places, measured, reached, nameOf],
  );
  const ways = useMemo(() => waysOf(flow, ways_selected, nameOf), [flow, ways_selected, nameOf]);

  const onNodesChange = (changes: NodeChange<Element>[]) => {
    const sizes = changes.filter((change) => change.type === "dimensions");
    if (sizes.length > 0)
      setMeasured((now) => {
        const next = new Map(now);
        for (const { id, dimensions } of sizes) if (dimensions) next.set(id, dimensions);
        return next;
      });
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length > 0) select((now) => withChoice(now, chosen));
    const moved = changes.filter((change) => change.type === "position");
    if (moved.length === 0) return;
    const next = new Map(places);
    for (const { id, position } of moved) if (position) next.set(id, position);
    const dragging = moved.some((change) => change.dragging);
    setPlaces(dragging ? next : NONE);
    if (!dragging && next.size > 0) put(moveTo(flow, next));
  };
  const onEdgesChange = (changes: EdgeChange<WayElement>[]) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length > 0) selectWays((now) => withChoice(now, chosen));
  };
  return {
    elements,
    ways,
    onNodesChange,
    onEdgesChange,
    selected,
    ways_selected,
    reached,
    select: (ids: ReadonlySet<string>) => {
      select(ids);
      selectWays(new Set());
    },
    setFocused,
  };
}

function withChoice(
  now: ReadonlySet<string>,
  changes: readonly { id: string; selected: boolean }[],
): ReadonlySet<string> {
  const next = new Set(now);
  for (const { id, selected } of changes) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return next;
}
