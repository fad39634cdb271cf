import { FOUND, type Refusal } from "../send-error.ts";
import type { Candidate } from "./candidates.ts";

/** After these a message is no longer worth sending. */
const LIFE_MS = 3 * 86_400_000;
/** Who said no to marketing in one way or another, or was asked and has not said yes. */
export const REFUSING: readonly string[] = [
  "UNSUBSCRIBED",
  "NOT_SUBSCRIBED",
  "PENDING",
  "INVALID",
  "REDACTED",
];

/** Why it can't go any more; null: it may. A template of a category that Wharf does not know may be marketing. */
export function obstacleOf(send: Candidate, now_ms: number): Refusal | null {
  if (send.asked_at.getTime() < now_ms - LIFE_MS) return FOUND.expired;
  if (send.template_name === null)
    return (send.window_expires_at?.getTime() ?? 0) > now_ms ? null : FOUND.window_closed;
  if (send.refusal !== null) return { ...send.refusal, wait: null, retry_after_ms: null };
  return isRefused(send.category, send.marketing_state) ? FOUND.marketing_refused : null;
}

/** Of a template; one of a category that Wharf does not know may be marketing. */
export const isMarketing = (category: string | null): boolean =>
  category === null || category.toUpperCase() === "MARKETING";

/** Whether a template of this category must not go to a contact with this marketing state. */
export function isRefused(category: string | null, marketing_state: string | null): boolean {
  return isMarketing(category) && marketing_state !== null && REFUSING.includes(marketing_state);
}
