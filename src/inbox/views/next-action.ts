import type { Behaviour } from "../../meta/meta.ts";

/** What an agent can do about a message that failed. */
export type NextAction = "retry" | "send_template" | "check_number" | "opted_out" | "other_template" | "edit";

/** Failures that the same message again may not meet, although Meta's code alone gives it up. */
const WORTH_ANOTHER: ReadonlySet<string> = new Set(["EXPIRED", "ON_PREMISES_1014", "UNKNOWN"]);

const NEXT: Partial<Record<Behaviour, NextAction>> = {
  close_window: "send_template",
  unreachable: "check_number",
  opted_out: "opted_out",
  fix_template: "other_template",
  give_up: "edit",
};

/** From what is done about the error (docs/meta-errors.md), and from what Wharf found by itself (sending/error.ts). */
export function nextAction({ symbol, behaviour }: { symbol: string; behaviour: Behaviour }): NextAction {
  if (symbol === "WINDOW_CLOSED") return "send_template";
  if (symbol === "MARKETING_REFUSED") return "opted_out";
  if (WORTH_ANOTHER.has(symbol)) return "retry";
  return NEXT[behaviour] ?? "retry";
}
