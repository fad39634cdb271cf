import { ahead, duration } from "../../../lib/time.ts";
import type { Attempt, Delivery, DeliveryDetail, Endpoint } from "../../../lib/types.ts";

/** What happened to a delivery and what one can do about it, in words. */
export interface Explanation {
  tone: "good" | "warn" | "bad" | "quiet";
  what: string;
  /** What to do, for the people who run the endpoint. */
  advice: string | null;
}

type Known = Pick<Endpoint, "enabled" | "state" | "held_until" | "timeout_ms">;

/** When a delivery that waits is tried next: when its turn comes, and not while its endpoint rests. */
export function nextTry(
  { state, under_way, next_attempt_at }: Pick<Delivery, "state" | "under_way" | "next_attempt_at">,
  { held_until }: Pick<Endpoint, "held_until">,
): string | null {
  if (state !== "pending" || under_way || next_attempt_at === null) return null;
  return rests(next_attempt_at, held_until) ? held_until : next_attempt_at;
}
const rests = (next_attempt_at: string, held_until: string | null) =>
  held_until !== null && Date.parse(held_until) > Date.parse(next_attempt_at);

export function explain(delivery: DeliveryDetail, endpoint: Known, now: number): Explanation {
  const last = delivery.attempt_log.at(-1);
  const failed = last && last.error !== null ? last : undefined;
  const advice = failed ? adviceFor(failed, endpoint) : null;
  switch (delivery.state) {
    case "delivered":
      return {
        tone: "good",
        what: `Received${last?.status ? ` with ${last.status}` : ""}${tries(delivery, "after ")}.`,
        advice: null,
      };
    case "failed":
      return {
        tone: "bad",
        what:
          delivery.kind === "test"
            ? `The test failed. ${failed?.error ?? ""}`.trim()
            : `Given up${tries(delivery, "after ")}. ${failed?.error ?? delivery.last_error ?? ""}`.trim(),
        advice,
      };
    case "cancelled":
      return {
        tone: "quiet",
        what: `Cancelled${delivery.attempts > 0 ? tries(delivery, "after ") : " before it was tried"}.`,
        advice: "It is not sent unless you resend it.",
      };
    case "held":
      return {
        tone: "warn",
        what:
          endpoint.state === "disabled"
            ? "Held: the endpoint was given up after nothing but failures."
            : endpoint.enabled
              ? "Held for now."
              : "Held: the endpoint is switched off.",
        advice:
          endpoint.enabled && endpoint.state !== "disabled"
            ? (advice ?? "Resend it, or recover all that is held.")
            : "Switch the endpoint on, then resend it or recover everything that is held.",
      };
    case "pending":
      return pending(delivery, endpoint, failed, advice, now);
  }
}

function pending(
  delivery: DeliveryDetail,
  endpoint: Known,
  failed: Attempt | undefined,
  advice: string | null,
  now: number,
): Explanation {
  if (delivery.under_way) return { tone: "quiet", what: "It is being tried at this moment.", advice: null };
  const { held_until } = endpoint;
  if (
    held_until !== null &&
    Date.parse(held_until) > now &&
    rests(delivery.next_attempt_at ?? "", held_until)
  ) {
    return {
      tone: "warn",
      what: `${failed ? `${failed.error} ` : ""}Wharf gives the endpoint a rest and goes on ${ahead(held_until, now)}; waiting costs no tries.`,
      advice,
    };
  }
  if (!failed) return { tone: "quiet", what: "Waiting for its first try.", advice: null };
  return {
    tone: "warn",
    what: `${tries(delivery, "").trim()} failed so far. ${failed.error} It is tried again.`.replace(
      /^./,
      (first) => first.toUpperCase(),
    ),
    advice,
  };
}

/** ` after 7 tries in 1 h 2 min` */
function tries(delivery: DeliveryDetail, before: string): string {
  if (delivery.attempts === 0) return "";
  const count = delivery.attempts === 1 ? "one try" : `${delivery.attempts} tries`;
  const first = delivery.attempt_log[0];
  const last = delivery.attempt_log.at(-1);
  const span_ms =
    first && last && first !== last ? Date.parse(last.started_at) - Date.parse(first.started_at) : 0;
  return ` ${before}${count}${span_ms >= 1_000 ? ` over ${duration(span_ms)}` : ""}`;
}

const ADVICE: Record<string, string> = {
  connect_timeout: "Check that the server is up and that its firewall lets Wharf in.",
  connection_refused: "Check that the server is running and that the URL names the right port.",
  connection_closed: "Look at the server's log, and at a proxy in front of it that may close connections.",
  unreachable: "Check the server's network and its firewall.",
  name_not_found: "Correct the host name in Settings, or its DNS entry.",
  name_lookup_failed: "Usually passes by itself. If not, check the domain's name servers.",
  invalid_response: "Check that a web server answers at this port, with http or https as the URL says.",
  gone: "If it was meant to end, delete the endpoint; else switch it on again in Settings.",
  body_gone: "Nothing is left to send. Retention keeps what is owed; this was settled long ago.",
};

function adviceFor(attempt: Attempt, endpoint: Known): string | null {
  if (attempt.error_code === "timeout") {
    return `Answer 200 first and do the work afterwards: Wharf waits ${duration(endpoint.timeout_ms)}, which can be changed in Settings.`;
  }
  if (attempt.error_code === "http_status") return adviceForStatus(attempt.status ?? 0);
  return ADVICE[attempt.error_code ?? ""] ?? null;
}

function adviceForStatus(status: number): string | null {
  if (status === 401 || status === 403) {
    return "The server refuses the request: check that it verifies with the current secret, and which headers it wants.";
  }
  if (status === 404 || status === 405) return "Check the path in the URL, and that it takes POST.";
  if (status === 408 || status === 504) return "Answer 200 first and do the work afterwards.";
  if (status === 413) return "Raise the server's limit of how large a body may be.";
  if (status === 429) return "The server asks for less: set a rate limit in Settings.";
  if (status === 502 || status === 503)
    return "The server, or what stands behind its proxy, is down or too busy.";
  if (status >= 500) return "Look into the server's own log at the time of the last try.";
  return "Answer with a 2xx as soon as the webhook is stored.";
}
