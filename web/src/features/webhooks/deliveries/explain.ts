import { adviceOfAttempt, saysOfAttempt, saysOfLast } from "../../../lib/words/attempt-texts.ts";
import { isPaused } from "../../../lib/words/next-attempt.ts";
import type { Attempt, DeliveryDetail, Endpoint } from "../../../lib/types.ts";
import { EXPLAIN } from "../delivery-texts.ts";

/** What happened to a delivery and what one can do about it, in words. */
export interface Explanation {
  tone: "good" | "warn" | "bad" | "quiet";
  what: string;
  /** What to do, for the people who run the endpoint. */
  advice: string | null;
}

type Known = Pick<Endpoint, "enabled" | "state" | "held_until" | "timeout_ms">;

export function explain(delivery: DeliveryDetail, endpoint: Known, now: number): Explanation {
  const last = delivery.attempt_log.at(-1);
  const failed = last && last.error !== null ? last : undefined;
  const advice = failed ? adviceOfAttempt(failed, endpoint) : null;
  const { attempts } = delivery;
  const span_ms = spanOf(delivery);
  switch (delivery.state) {
    case "delivered":
      return { tone: "good", what: EXPLAIN.delivered(last?.status, attempts, span_ms), advice: null };
    case "failed": {
      const error = failed ? saysOfAttempt(failed) : saysOfLast(delivery);
      const what =
        delivery.kind === "test" ? EXPLAIN.test_failed(error) : EXPLAIN.failed(error, attempts, span_ms);
      return { tone: "bad", what, advice };
    }
    case "cancelled":
      return {
        tone: "quiet",
        what: EXPLAIN.cancelled(attempts, span_ms),
        advice: EXPLAIN.cancelled_advice,
      };
    case "held":
      return held(endpoint, advice);
    case "pending":
      return pending(delivery, endpoint, failed, advice, now);
  }
}

function held({ enabled, state }: Known, advice: string | null): Explanation {
  if (enabled && state !== "disabled")
    return { tone: "warn", what: EXPLAIN.held, advice: advice ?? EXPLAIN.held_open_advice };
  return {
    tone: "warn",
    what: enabled ? EXPLAIN.held_disabled : EXPLAIN.held_off,
    advice: EXPLAIN.held_advice,
  };
}

function pending(
  delivery: DeliveryDetail,
  endpoint: Known,
  failed: Attempt | undefined,
  advice: string | null,
  now: number,
): Explanation {
  if (delivery.under_way) return { tone: "quiet", what: EXPLAIN.under_way, advice: null };
  const { held_until } = endpoint;
  const paused = isPaused(delivery.next_attempt_at ?? "", held_until) && Date.parse(held_until ?? "") > now;
  if (paused) {
    const say = endpoint.state === "failing" ? EXPLAIN.paused : EXPLAIN.asked_to_wait;
    return { tone: "warn", what: say(failed ? saysOfAttempt(failed) : ""), advice };
  }
  if (!failed) return { tone: "quiet", what: EXPLAIN.first, advice: null };
  return { tone: "warn", what: EXPLAIN.retried(saysOfAttempt(failed), delivery.attempts), advice };
}

/** From the first attempt to the last. */
function spanOf({ attempt_log }: DeliveryDetail): number {
  const first = attempt_log[0];
  const last = attempt_log.at(-1);
  return first && last ? Date.parse(last.started_at) - Date.parse(first.started_at) : 0;
}
