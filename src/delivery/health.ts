import type { AttemptErrorCode } from "./attempt-errors.ts";

/** How an endpoint is doing, as its row says. */
export interface Health {
  state: "ok" | "failing" | "disabled";
  state_reason: string | null;
  failures: number;
  failing_since: Date | null;
  held_until: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
}

/** What a try says about its endpoint. */
export interface Sign {
  at_ms: number;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  retry_after_ms: number | null;
}

/** An endpoint whose last tries all failed is `failing`, and gets one try at a time until one succeeds. */
export const FAILING_AFTER = 5;
/** How long an endpoint that says "too much" rests when it does not say how long. */
export const OVERLOAD_REST_MS = 30_000;

/** Until when the whole endpoint is to be left alone after this try; null: go on. */
export function restUntil_ms(sign: Sign): number | null {
  if (sign.status !== 429 && sign.status !== 503) return null;
  return sign.at_ms + (sign.retry_after_ms ?? OVERLOAD_REST_MS);
}

/** The endpoint's health after `signs`, in the order in which they came. */
export function judge(before: Health, signs: readonly Sign[]): Health {
  const health = { ...before };
  for (const sign of signs) {
    const at = new Date(sign.at_ms);
    if (sign.error_code === null) {
      health.last_success_at = at;
      health.failures = 0;
      health.failing_since = null;
      // What we gave up is taken up again by a person, not by a try that was still under way.
      if (health.state === "failing") Object.assign(health, { state: "ok", state_reason: null });
      continue;
    }
    health.last_failure_at = at;
    health.failures++;
    health.failing_since ??= at;
    const rest_ms = restUntil_ms(sign);
    if (rest_ms !== null && rest_ms > (health.held_until?.getTime() ?? 0))
      health.held_until = new Date(rest_ms);
    if (health.state === "disabled") continue;
    if (sign.error_code === "gone") Object.assign(health, { state: "disabled", state_reason: sign.error });
    else if (health.failures >= FAILING_AFTER)
      Object.assign(health, { state: "failing", state_reason: sign.error });
  }
  return health;
}
