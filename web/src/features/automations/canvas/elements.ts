import { type Edge, MarkerType, type Node } from "@xyflow/react";
import { TYPES } from "../flow-texts.ts";
import { CANVAS } from "../flow-texts.ts";
import {
  type Flow,
  type FlowNode,
  nodeOf,
  type Note,
  portsOf,
  type PortTone,
  portWords,
  widthOf,
} from "../model/model.ts";

/** A flow as the canvas draws it. */
export type StepElement = Node<{ node: FlowNode }, "step">;
export type NoteElement = Node<{ note: Note }, "note">;
export type Element = StepElement | NoteElement;
export type WayElement = Edge<{ tone: PortTone; from: string; to: string }, "way">;

interface Seen {
  selected: ReadonlySet<string>;
  /** While they are dragged. */
  places: ReadonlyMap<string, { x: number; y: number }>;
  measured: ReadonlyMap<string, { width: number; height: number }>;
  /** The one that Tab comes to. */
  reached: string | null;
  nameOf: (id: string | null) => string;
}

export function elementsOf(flow: Flow, { selected, places, measured, reached, nameOf }: Seen): Element[] {
  const common = ({ id, x, y }: { id: string; x: number; y: number }) => {
    const size = measured.get(id);
    return {
      id,
      position: places.get(id) ?? { x, y },
      selected: selected.has(id),
      domAttributes: { tabIndex: id === reached ? 0 : -1 },
      ...(size && { measured: size }),
    };
  };
  return [
    ...flow.nodes.map((node): StepElement => ({
      ...common(node),
      type: "step",
      data: { node },
      style: { width: widthOf(node) },
      ariaLabel: `${TYPES[node.type]}: ${nameOf(node.id)}`,
    })),
    ...flow.notes.map((note): NoteElement => ({
      ...common(note),
      type: "note",
      data: { note },
      ariaLabel: CANVAS.note_label,
      zIndex: 1,
    })),
  ];
}

export const COLOURS: Record<PortTone, string> = {
  plain: "var(--text-faint)",
  yes: "var(--good)",
  no: "var(--bad)",
  failed: "var(--bad)",
  late: "var(--warn)",
};

export const waysOf = (
  flow: Flow,
  selected: ReadonlySet<string>,
  nameOf: (id: string | null) => string,
): WayElement[] =>
  flow.edges.flatMap((edge): WayElement[] => {
    const from = nodeOf(flow, edge.from);
    if (!from || !nodeOf(flow, edge.to)) return [];
    const tone = portsOf(from).find(({ id }) => id === edge.port)?.tone ?? "plain";
    return [
      {
        id: edge.id,
        source: edge.from,
        sourceHandle: edge.port,
        target: edge.to,
        type: "way",
        selected: selected.has(edge.id),
        data: { tone, from: nameOf(edge.from), to: nameOf(edge.to) },
        style: { stroke: COLOURS[tone] },
        markerEnd: { type: MarkerType.ArrowClosed, color: COLOURS[tone], width: 18, height: 18 },
        ariaLabel: CANVAS.edge(nameOf(edge.from), portWords(from, edge.port), nameOf(edge.to)),
      },
    ];
  });
