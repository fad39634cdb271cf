import { createContext, use } from "react";
import type { Flow, FlowCheck, Names, NodeCounts, NumberFilter } from "../model/model.ts";

/** A flow while one looks at it or draws it: what every part of the editor knows. */
export interface Drawing {
  automation_id: string;
  flow: Flow;
  /** A change; letters of one text, which `about` names, are undone together. */
  put: (flow: Flow, about?: string) => void;
  undo: () => void;
  redo: () => void;
  can_undo: boolean;
  can_redo: boolean;
  names: Names;
  /** What a node is called. */
  nameOf: (id: string | null) => string;
  checks: readonly FlowCheck[];
  /** By node; empty before anyone entered. */
  counts: ReadonlyMap<string, NodeCounts>;
  /** Whose settings are open. */
  opened: string | null;
  open: (node_id: string | null) => void;
  /** Opens the people behind a number. */
  openPeople: (filter: NumberFilter) => void;
}

export const DrawingContext = createContext<Drawing | null>(null);

export function useDrawing(): Drawing {
  const drawing = use(DrawingContext);
  if (!drawing) throw new Error("there is no flow here");
  return drawing;
}

/** What is wrong with a node, and what is only advised. */
export function checksOf(checks: readonly FlowCheck[], node_id: string) {
  const own = checks.filter((check) => check.node_id === node_id);
  return {
    errors: own.filter(({ level }) => level === "error"),
    advice: own.filter(({ level }) => level === "advice"),
  };
}
