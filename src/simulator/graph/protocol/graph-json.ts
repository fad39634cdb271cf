import { isDeeperThan } from "../../../base/base.ts";
import { graphFault } from "./graph-faults.ts";

/** Nothing that Graph takes is nested as deep. */
const DEPTH_LIMIT = 100;

/** What a JSON text says. Throws the fault of one that is malformed, or nested deeper than anything that is meant. */
export function parsedJson(text: string): unknown {
  if (isDeeperThan(text, DEPTH_LIMIT)) throw graphFault("(#100) The JSON is nested too deep.");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw graphFault("(#100) The JSON is malformed.");
  }
}
