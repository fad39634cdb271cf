import type { ExitRule, Flow } from "../../contract/automations.ts";
import { keyOfSegment, type Known } from "./known.ts";
import type { Hearing } from "./step.ts";

/** The first rule by which the run leaves now; null: it stays. */
export const exitBy = (rules: readonly ExitRule[], known: Known): ExitRule | null =>
  rules.find((rule) => applies(rule, known)) ?? null;

function applies(rule: ExitRule, known: Known): boolean {
  switch (rule.kind) {
    case "goal_segment":
      return rule.segment_id !== null && known.holds.get(keyOfSegment(rule.segment_id)) === true;
    case "left_segment":
      return rule.segment_id !== null && known.holds.get(keyOfSegment(rule.segment_id)) === false;
    case "goal_event":
      return known.events.some(({ name }) => name === rule.name);
    case "replied":
      return known.replies.length > 0;
    case "opted_out":
      return ["UNSUBSCRIBED", "REDACTED"].includes(known.marketing_state);
    case "taken_over":
      return known.answered_ms !== null || known.is_assigned;
  }
}

/** What wakes a run because of its exit rules, or of an agent's answer. */
export function hearsBy({ exit_rules, pause_when_answered }: Flow["settings"]): Hearing[] {
  const hears = exit_rules.flatMap(({ kind }): Hearing[] => {
    switch (kind) {
      case "goal_event":
        return ["event"];
      case "replied":
        return ["replied"];
      case "opted_out":
        return ["consent"];
      case "taken_over":
        return ["answered"];
      // An event of the person may bring them in or out, as what is kept of them does.
      case "goal_segment":
      case "left_segment":
        return ["contact", "consent", "event"];
    }
  });
  return [...hears, ...(pause_when_answered ? (["answered"] as const) : [])];
}
