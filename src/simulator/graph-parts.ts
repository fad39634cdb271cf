import { appPart } from "./graph-app.ts";
import type { GraphPart, GraphWorld } from "./graph-calls.ts";
import { mediaPart } from "./graph-media-calls.ts";
import { numberPart } from "./graph-numbers.ts";
import { messagePart } from "./graph-sending.ts";
import { templatePart } from "./graph-template-calls.ts";

/** The Graph API's parts; a new one is a file of its own and a line here. */
export const PARTS: readonly ((world: GraphWorld) => GraphPart)[] = [
  numberPart,
  messagePart,
  mediaPart,
  templatePart,
  appPart,
];
