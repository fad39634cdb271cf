import type { SendMove } from "../inbox/inbox.ts";
import { BEHAVIOURS, type Behaviour, type GraphError, type MetaError } from "../meta/meta.ts";

/** Why a message waits or failed, as `sends.error` keeps it: the catalogue's words, and Meta's beside them. */
export interface SendError {
  symbol: string;
  behaviour: Behaviour;
  code: number | null;
  says: string;
  advice: string;
  details: string | null;
}

/** What Meta said, as it is kept and acted upon. */
export type Refusal = SendError & Pick<MetaError, "wait"> & Pick<GraphError, "retry_after_ms">;

export function refusalOf(error: MetaError & { retry_after_ms?: number | null }): Refusal {
  const { symbol, behaviour, code, says, advice, wait, retry_after_ms = null } = error;
  return {
    symbol,
    behaviour,
    code,
    says,
    advice,
    details: error.details ?? error.message,
    wait,
    retry_after_ms,
  };
}

export function errorOf({ symbol, behaviour, code, says, advice, details }: Refusal): SendError {
  return { symbol, behaviour, code, says, advice, details };
}

/** The same for those that follow messages. */
export function movedErrorOf({ code, says, details, symbol }: SendError): NonNullable<SendMove["error"]> {
  return { code, title: says, message: null, details, href: null, symbol };
}

const ours = (symbol: string, behaviour: Behaviour, says: string, advice: string): Refusal => ({
  symbol,
  behaviour,
  code: null,
  says,
  advice,
  details: null,
  wait: BEHAVIOURS[behaviour].wait,
  retry_after_ms: null,
});

/** What Wharf itself found. */
export const FOUND = {
  window_closed: ours(
    "WINDOW_CLOSED",
    "give_up",
    "More than 24 hours have passed since the person's last message.",
    "Send a template.",
  ),
  marketing_refused: ours(
    "MARKETING_REFUSED",
    "give_up",
    "The person opted out of marketing, or has not confirmed it.",
    "Nothing: it was not sent.",
  ),
  frequency_cap: ({ messages, days }: { messages: number; days: number }): Refusal =>
    ours(
      "FREQUENCY_CAP",
      "give_up",
      `The person got ${messages === 1 ? "a marketing message" : `${messages} marketing messages`} in the last ${days === 1 ? "day" : `${days} days`}, which is your limit.`,
      "Nothing: it was not sent. The limit is set on the page “Marketing limits”.",
    ),
  cap_undecided: ours(
    "CAP_UNDECIDED",
    "not_now",
    "Another marketing message to the person is on its way, and your limit may allow no second one.",
    "Nothing: Wharf looks again in a moment.",
  ),
  quiet_hours: ours(
    "QUIET_HOURS",
    "not_now",
    "It is quiet time where the person is.",
    "Nothing: it is sent when the quiet time ends.",
  ),
  quiet_hours_skipped: ours(
    "QUIET_HOURS",
    "give_up",
    "It was quiet time where the person is.",
    "Nothing: it was not sent. Quiet hours are set on the page “Marketing limits”.",
  ),
  counting: ours(
    "LIMITS_COUNTED",
    "not_now",
    "Wharf counts what was sent before, as the marketing limits have changed.",
    "Nothing: it is sent in a moment.",
  ),
  expired: ours(
    "EXPIRED",
    "give_up",
    "It waited for three days, which is too long for what it says.",
    "Send it again if it still matters.",
  ),
  no_token: ours(
    "NOT_CONNECTED",
    "pause_connection",
    "No access token is set for the connection.",
    "Set META_ACCESS_TOKEN, start Wharf again, then resume the number.",
  ),
  not_reached: (reason: string): Refusal => ({
    ...ours("NOT_REACHED", "retry", "Meta could not be reached.", "Nothing: Wharf tries again."),
    details: reason,
    // Nothing has left, so nothing is lost by trying for as long as the message is of use.
    wait: { base_ms: 2_000, factor: 2, cap_ms: 5 * 60_000, tries: null },
  }),
  unknown: (reason: string): Refusal => ({
    ...ours(
      "OUTCOME_UNKNOWN",
      "unknown_outcome",
      "The answer was lost; Wharf waits for Meta's word.",
      "Nothing for now: a status of Meta's may still tell.",
    ),
    details: reason,
  }),
} as const;
