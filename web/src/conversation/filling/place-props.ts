import type { FlowVariable } from "../../../../src/contract/automations.ts";
import type { Place } from "./places.ts";

/** What a place may take: what campaigns know, and in a flow what its trigger told. */
export type Variable = FlowVariable;

/** What the fields of one place are given. */
export interface PlaceProps {
  place: Place;
  variable: Variable | undefined;
  set: (variable: Variable | null) => void;
}

/** What is there beside the person: columns of a CSV, or the payload of what happened. */
export interface Sources {
  columns: readonly string[] | null;
  payload: boolean;
  /** Steps of a flow that call a URL before, and what they are called. */
  answers?: readonly { id: string; name: string }[];
}
