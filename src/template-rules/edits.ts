import { LIMITS } from "./limits.ts";

/** The states in which Meta takes an edit. */
const MAY_BE_EDITED: readonly string[] = ["APPROVED", "REJECTED", "PAUSED"];

const DAY_MS = 86_400_000;

/** Why Meta won't take an edit now; null: it may. `edits` are the times of the edits that were sent, newest first. */
export function editProblem(status: string, edits: readonly Date[], now_ms: number): string | null {
  if (!MAY_BE_EDITED.includes(status))
    return status === "PENDING"
      ? "Meta is reviewing this template. It can be edited when the review has ended."
      : "Meta lets a template be edited only while it is approved, rejected or paused.";
  if (status !== "APPROVED") return null;
  const within = (days: number) => edits.filter((at) => now_ms - at.getTime() < days * DAY_MS).length;
  if (within(1) >= LIMITS.edits.a_day)
    return "Meta takes one edit of an approved template a day. Try again tomorrow.";
  if (within(30) >= LIMITS.edits.in_30_days)
    return "Meta takes ten edits of an approved template in 30 days. Wait, or create a new template.";
  return null;
}
