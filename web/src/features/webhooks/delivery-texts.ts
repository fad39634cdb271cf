import { tableOf } from "../../lib/table-of.ts";
import { formatNumber } from "../../lib/words/intl.ts";
import { ApiProblem } from "../../lib/server/api.ts";
import { duration } from "../../lib/words/time.ts";
import type { DeliveryCounts, DeliveryState, Recovery } from "../../lib/types.ts";
import { DELIVERY_STATE } from "../../ui/texts.ts";

/** Every sentence of the deliveries' pages. */

/** `1 delivery`, `1,204 deliveries` */
export const deliveries = (count: number) =>
  `${formatNumber(count)} ${count === 1 ? "delivery" : "deliveries"}`;
export const attempts = (count: number) => `${formatNumber(count)} ${count === 1 ? "attempt" : "attempts"}`;
const them = (count: number) => (count === 1 ? "it" : "them");

export const STATE_TEXTS = {
  ...DELIVERY_STATE,
  test: "Test",
  replay: "Replay",
  resent: "Resent",
} as const;

export const FILTERS = {
  states: "State",
  all: "All",
  event: "Event",
  any_event: "Any event",
  time: "Time",
  any_time: "Any time",
  from_to: "From … to …",
  kind: "Kind",
  kinds: [
    { value: "", label: "Any kind" },
    { value: "real", label: "All but tests" },
    { value: "event", label: "Live events" },
    { value: "replay", label: "Replays" },
    { value: "test", label: "Tests" },
  ],
  answer: "Last answer",
  answers: [
    { value: "", label: "Any answer" },
    { value: "http_3xx", label: "Redirect (3xx)" },
    { value: "http_4xx", label: "Refused (4xx)" },
    { value: "http_5xx", label: "Server error (5xx)" },
    { value: "timeout", label: "Timeout" },
    { value: "connection", label: "No connection" },
    { value: "dns", label: "Host not found" },
    { value: "tls", label: "TLS error" },
    { value: "other", label: "Other failures" },
  ],
  status: (status: string) => `HTTP ${status}`,
  one_status: "One HTTP status …",
  status_label: "HTTP status",
  search: "Search deliveries",
  search_hint: "Name, text or message id",
  recovery: "Of one recovery",
  by: "By",
  by_arrival: "Arrival",
  by_attempt: "Any of its attempts",
  from: "From",
  to: "To",
  clear: "Clear",
};

/** `12`, or `100,000+` where not all of the log was counted. */
export const countOf = (count: number, { complete }: Pick<DeliveryCounts, "complete">) =>
  complete ? formatNumber(count) : `${formatNumber(count)}+`;

export const LIST = {
  name: "Deliveries",
  heads: ["State", "Contact and content", "Last answer", "Attempts", "Time"],
  older: "Show older deliveries",
  none_so_far: "Nothing among the newest deliveries.",
  loading: "Loading deliveries",
  newer: (count: number, more: boolean) => `${formatNumber(count)}${more ? "+" : ""} new`,
  test: "Test event",
  next: "next attempt",
  not_sent: "not sent yet",
  no_answer: "No answer",
  attempts_unit: (count: number) => (count === 1 ? "attempt" : "attempts"),
  select: (what: string) => `Select: ${what}`,
  select_page: "Select all that are shown",
};

export const EMPTY: Record<DeliveryState, { title: string; text: string }> = {
  pending: { title: "Nothing is waiting", text: "Everything for this webhook is delivered, or has ended." },
  failed: {
    title: "Nothing has failed",
    text: "Deliveries that ran out of attempts appear here, with the reason. You can resend them.",
  },
  held: {
    title: "Nothing is held",
    text: "While a webhook is disabled after failures, its deliveries wait here until you enable it.",
  },
  cancelled: {
    title: "Nothing was cancelled",
    text: "Deliveries that were cancelled before they got through appear here. You can resend them.",
  },
  delivered: {
    title: "Nothing has been delivered yet",
    text: "Deliveries that your server answered with a 2xx appear here.",
  },
};
export const NOTHING = {
  no_match: "No delivery matches",
  no_match_search:
    "Search by the customer’s name or number, by what a message says, or by Meta’s message id (7 characters or more).",
  no_match_filter: "Choose a longer time, or remove a filter.",
  show_all: "Show all deliveries",
  never: "Nothing has been sent yet",
  never_on:
    "The next event that this webhook subscribes to appears here at once. Send a test from Settings to see one now.",
  never_off: "This webhook is off. Enable it in Settings, or send a test from there.",
};

export const SELECTION = {
  count: (count: number) => `${formatNumber(count)} selected`,
  all: "All that match are selected",
  select_all: "Select all that match",
  resend: "Resend…",
  cancel: "Cancel…",
  clear: "Clear selection",
  bar: "Selected deliveries",
};

export const RESEND = {
  title: (count: number | undefined) =>
    count === undefined ? "Resend deliveries" : `Resend ${deliveries(count)}?`,
  counting: "Counting…",
  none: "There is nothing to resend. Tests are not resent.",
  by_state: (by_state: Record<DeliveryState, number>) =>
    (["failed", "pending", "held", "cancelled", "delivered"] as const)
      .filter((state) => by_state[state] > 0)
      .map((state) => `${formatNumber(by_state[state])} ${STATE_TEXTS[state].toLowerCase()}`)
      .join(", "),
  again: (count: number) =>
    `Your server already has ${formatNumber(count)} of ${them(2)}, and gets ${them(count)} once more under the same id.`,
  about:
    "Each is sent under its own id, with a full schedule of retries. Progress is shown above the deliveries.",
  takes: (count: number, rate_per_s: number) =>
    `It takes about ${duration(Math.ceil(count / rate_per_s) * 1_000)}.`,
  start: (count: number) => `Resend ${formatNumber(count)}`,
  cancel: "Cancel",
  close: "Close",
};

export const RECOVER = {
  menu: "Recover",
  menu_failed: "Recover all failed since…",
  menu_missing: "Replay missing since…",
  menu_matching: "Resend all that match…",
  menu_cancel: "Cancel pending…",
  menu_cancel_matching: "Cancel all that match…",
  failed: {
    title: "Recover all failed",
    about:
      "Deliveries that ran out of attempts since then are sent again, each with a full schedule of retries.",
    none: "Nothing has failed since then.",
    count: (count: number) => `${deliveries(count)} failed and will be sent again.`,
    start: "Resend",
    started: "Recovery started",
  },
  missing: {
    title: "Replay missing",
    about:
      "Events that arrived since then, that this webhook subscribes to, and that were never sent to it: from before it was added, or while it didn’t subscribe.",
    none: "Nothing is missing: everything since then was sent to this webhook.",
    count: (count: number) =>
      `${formatNumber(count)} ${count === 1 ? "event was" : "events were"} never sent to this webhook, and will be sent now.`,
    start: "Replay",
    started: "Replay started",
  },
  chosen: { started: "Resend started" },
  started_text: "See progress above.",
  since: "Since",
  since_failing: "It began to fail",
  since_custom: "A time you choose",
  since_when: "Since when",
  enter_since: "Enter a time.",
  rate: "Per second",
  rate_hint: "In addition to live events.",
  rate_wrong: "A number from 1 to 1,000.",
  waiting: (count: number) =>
    `${deliveries(count)} ${count === 1 ? "is" : "are"} waiting while the webhook is paused after failures. ${
      count === 1 ? "It goes" : "They go"
    } out as soon as one attempt succeeds.`,
  try_now: "Try now",
  tried_well: "Delivered. The others are being sent now.",
};

export const CANCEL_PENDING = {
  title: "Cancel pending",
  none: "Nothing is waiting for this webhook.",
  count: (count: number) => `${deliveries(count)} ${count === 1 ? "waits" : "wait"} for this webhook`,
  about: "They are not sent unless you resend them. New events are delivered as usual.",
  keep: "Keep them",
  start: (count: number) => `Cancel ${formatNumber(count)}`,
  done: "Cancelled",
  done_text: (count: number) => `${deliveries(count)} will not be sent.`,
  undone: "Restored",
  undone_text: (count: number) => `${deliveries(count)} will be sent as before.`,
};

/** The same for chosen deliveries. */
export const CANCEL_CHOSEN = {
  title: "Cancel deliveries",
  none: "None of these deliveries is waiting, so there is nothing to cancel.",
  count: ({ pending, held }: { pending: number; held: number }) =>
    [
      ...(pending > 0 ? [`${formatNumber(pending)} pending`] : []),
      ...(held > 0 ? [`${formatNumber(held)} held`] : []),
    ].join(", "),
  about: "They are not sent unless you resend them. Deliveries that have ended stay as they are.",
};

const GOING = {
  failed: "Recovering failed deliveries",
  missing: "Replaying missing events",
  chosen: "Resending the chosen deliveries",
} as const;
const ENDED = {
  failed: "Recovered failed deliveries",
  missing: "Replayed missing events",
  chosen: "Resent the chosen deliveries",
} as const;
export const RECOVERY = {
  going: ({ what }: Recovery) => GOING[what],
  ended: ({ what, state }: Recovery) =>
    state === "cancelled" ? `Stopped: ${GOING[what].toLowerCase()}` : ENDED[what],
  of: (done: number, total: number) => `${formatNumber(done)} of ${formatNumber(total)}`,
  off: "Waits until the webhook is enabled",
  rate: (rate_per_s: number) => `${formatNumber(rate_per_s)} per second`,
  left: (left: number, rate_per_s: number) => `about ${duration(Math.ceil(left / rate_per_s) * 1_000)} left`,
  stop: "Stop",
  stopped: "Recovery stopped",
  stopped_text: "What was already sent again stays as it is.",
  not_stopped: "Not stopped",
  /** `438 delivered, 0 failed, took 9 s` */
  result: ({ delivered, failed, waiting, created_at, completed_at, finished_at, done }: Recovery) =>
    delivered === null || failed === null
      ? `${formatNumber(done)} sent again`
      : [
          `${formatNumber(delivered)} delivered`,
          `${formatNumber(failed)} failed`,
          ...(waiting > 0 ? [`${formatNumber(waiting)} waiting`] : []),
          ...((completed_at ?? (waiting === 0 && finished_at))
            ? [
                `took ${duration(Math.max(1_000, Date.parse(completed_at ?? finished_at ?? "") - Date.parse(created_at)))}`,
              ]
            : []),
        ].join(", "),
  skipped: (count: number) =>
    `${formatNumber(count)} skipped: ${count === 1 ? "its webhook is" : "their webhooks are"} no longer kept, so there is nothing to send.`,
  show: "Show them",
  show_failed: "Show failed",
  dismiss: "Dismiss",
  list: "Recoveries",
  since: "since",
  by: (name: string) => `by ${name}`,
};

export const DRAWER = {
  title: "Delivery",
  close: "Close",
  previous: "Previous delivery",
  next: "Next delivery",
  next_attempt: "Next attempt",
  send_now: "Send now",
  resend: "Resend",
  sending: "Sending…",
  waits: (seconds: number, limit: string) => `Waiting for the answer: ${seconds} s of ${limit} at most.`,
  answer: "Answer",
  sent_well: (status: number | null, took: string) => `Delivered: HTTP ${status ?? "2xx"} in ${took}.`,
  sent_badly: (status: number | null, took: string) =>
    status === null
      ? `Not delivered: no answer after ${took}.`
      : `Not delivered: HTTP ${status} after ${took}.`,
  not_sent: "Not sent",
  go_settings: "Go to Settings",
  cancel: "Cancel",
  cancelled: "Cancelled",
  cancelled_text: "It will not be sent unless you resend it.",
  not_cancelled: "Not cancelled",
  restored: "Restored",
  restored_text: "The delivery goes on as before.",
  not_restored: "Not restored",
  facts: {
    contact: "Contact",
    content: "Content",
    events: "Events",
    message: (count: number) => (count === 1 ? "Message id" : `${formatNumber(count)} message ids`),
    message_hint: "Everything that was sent about this message",
    sent: "Sent",
    arrived: "Arrived",
    delivered: "Delivered",
    ended: "Ended",
    later: (span: string) => ` · ${span} later`,
    links: "See also",
    journal: "Webhook in the Journal",
    conversation: "Conversation",
    its_message: "Message in its conversation",
    id: "webhook-id",
  },
};

export const ATTEMPTS = {
  title: (count: number) => (count === 0 ? "No attempt yet" : attempts(count)),
  no_answer: "No answer",
  manual: "by hand",
  response: "Response",
  headers: "Request headers",
  truncated: "Only the beginning is kept.",
};

export const PAYLOAD = {
  title: "Payload",
  base64: "Payload, in base64: it is not text",
  what: "the payload",
  exact: "As sent",
  curl: "Copy as cURL",
  curl_what: "the request",
  curl_hint:
    "The same body, headers and signature as the last attempt. Receivers that check the time may refuse it.",
  curl_hidden: "Values of your custom headers are not kept: replace •••••• in the command.",
};

/** ` after 7 attempts over 1 h 2 min` */
const afterAttempts = (count: number, span_ms: number) =>
  count === 0 ? "" : ` after ${attempts(count)}${span_ms >= 1_000 ? ` over ${duration(span_ms)}` : ""}`;

export const EXPLAIN = {
  delivered: (status: number | null | undefined, count: number, span_ms: number) =>
    `Delivered${status ? ` with HTTP ${status}` : ""}${afterAttempts(count, span_ms)}.`,
  test_failed: (error: string) => `The test failed. ${error}`.trim(),
  failed: (error: string, count: number, span_ms: number) =>
    `Failed${afterAttempts(count, span_ms)}, and is not retried any more. ${error}`.trim(),
  cancelled: (count: number, span_ms: number) =>
    `Cancelled${count > 0 ? afterAttempts(count, span_ms) : " before the first attempt"}.`,
  cancelled_advice: "It is not sent unless you resend it.",
  held_disabled: "Held: the webhook was disabled after failures.",
  held_off: "Held: the webhook is off.",
  held: "Held for now.",
  held_advice: "Enable the webhook. What is held is sent then.",
  held_open_advice: "Resend it.",
  under_way: "It is being sent at this moment.",
  paused: (error: string) =>
    `${error} The webhook is paused after failures; waiting costs no attempt.`.trim(),
  asked_to_wait: (error: string) =>
    `${error} Your server asked for a pause; waiting costs no attempt.`.trim(),
  first: "Waiting for its first attempt.",
  retried: (error: string, count: number) =>
    `${count === 1 ? "One attempt" : attempts(count)} failed so far. ${error} It is retried.`,
};

const PROBLEMS = tableOf<string>({
  ENDPOINT_OFF: "This webhook is off or disabled. Enable it in Settings, then send again.",
  DELIVERY_STATE:
    "It is being sent at this moment, or its state has just changed. Look at it again in a few seconds.",
  BODY_GONE: "The event is older than your retention time, so there is nothing left to send.",
  NOT_FOUND: "It no longer exists.",
  MASTER_KEY_MISSING:
    "Its secret can’t be read. Rotate the secret in Settings, or ask your operator for the old master key.",
  RECOVERY_RUNNING: "Another one is running for this webhook. Wait until it ends, or stop it.",
  RECOVERY_STATE: "It has ended already.",
  TOO_MANY_DELIVERIES: "More than 100,000 deliveries match. Narrow the filter, by time for example.",
  FORBIDDEN: "Only owners of the workspace can do this.",
  UNAUTHENTICATED: "Your session has ended. Sign in again.",
  UNREACHABLE: "Wharf can’t be reached. Check your connection, then try again.",
  UNAVAILABLE: "Wharf is being restarted. Try again in a moment.",
});
/** What went wrong, in words for people. */
export const problemWords = (error: Error): string =>
  (error instanceof ApiProblem && PROBLEMS[error.code]) || "That did not work. Try again in a moment.";
