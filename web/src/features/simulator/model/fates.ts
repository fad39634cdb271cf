import type { SimulatorState } from "../../../lib/types.ts";
import { texts } from "../texts.ts";

export const STATUSES = ["sent", "delivered", "read", "played", "failed"] as const;
export type Status = (typeof STATUSES)[number];

/** What can be asked for the next message; docs/simulator.md has the same list. */
export type Fate =
  | "lost_answer"
  | "status_first"
  | "bad_gateway"
  | { refuse: number }
  | { fail: number }
  | { go: Status[] }
  | { held: "released" | "dropped" };

export const fatesOf = ({ next }: Pick<SimulatorState, "next">) => next as Fate[];

const simple = (fate: Fate, [title, says]: readonly [string, string]) => ({ fate, title, says });
export const SIMPLE: readonly { fate: Fate; title: string; says: string }[] = [
  simple("lost_answer", texts.next.simple.lost_answer),
  simple("status_first", texts.next.simple.status_first),
  simple({ go: ["sent", "read"] }, texts.next.simple.read_at_once),
  simple("bad_gateway", texts.next.simple.bad_gateway),
  simple({ held: "released" }, texts.next.simple.released),
  simple({ held: "dropped" }, texts.next.simple.dropped),
];

export function nameOf(fate: Fate): string {
  const key = JSON.stringify(fate);
  const known = SIMPLE.find((each) => JSON.stringify(each.fate) === key);
  if (known || typeof fate !== "object") return known?.title ?? key;
  if ("refuse" in fate) return texts.next.refused_with(fate.refuse);
  if ("fail" in fate) return texts.next.failed_with(fate.fail);
  return "go" in fate ? texts.next.exactly_these(fate.go) : key;
}
