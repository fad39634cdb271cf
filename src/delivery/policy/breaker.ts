import { backoff_ms } from "../../base/base.ts";
import type { AttemptErrorCode } from "./attempt-codes.ts";

/**
 * What the attempts say about their endpoint, and what follows. All of it is arithmetic: no clock, no database.
 *
 * - **The breaker.** FAILING_AFTER failures in a row open it: the endpoint is `failing` and paused, so that nothing is
 *   attempted in vain. After the pause one attempt is let through, the probe; its failure opens the breaker again for
 *   longer, and any success, also of an attempt that was under way, closes it. Failures of attempts that were under way
 *   when it opened only count.
 * - **Overload.** 429 and 503 are an answer to all of us: everything waits as long as they ask, else longer each time.
 * - **Giving up.** After half of `give_up_after_s` of nothing but failures its owner is warned; when as long again has
 *   passed, with a failure in it, the endpoint is disabled. Silence alone never disables: an endpoint with nothing pending isn't failing.
 */
export interface Health {
  state: "ok" | "failing" | "disabled";
  state_reason: string | null;
  failures: number;
  failing_since: Date | null;
  /** The whole endpoint waits until then, as it asked. */
  held_until: Date | null;
  /** While it fails: when the next probe may leave. */
  probe_at: Date | null;
  /** How often it was put to rest since the last success. */
  trips: number;
  warned_at: Date | null;
  disabled_at: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
}

/** What an attempt says about its endpoint. */
export interface Sign {
  at_ms: number;
  status: number | null;
  error: string | null;
  error_code: AttemptErrorCode | null;
  retry_after_ms: number | null;
  /** It was let through to see whether the endpoint is well again. */
  probe: boolean;
}

/** An endpoint whose last attempts all failed is `failing`. */
export const FAILING_AFTER = 5;
const MAX_REST_MS = 300_000;
/** The first rest is between this and twice as long, the next twice that, up to MAX_REST_MS. */
const BREAKER_REST_MS = 10_000;
/** The same for one that says "too much" and not how long. */
const OVERLOAD_REST_MS = 30_000;
/** As many as make no difference any more, and a smallint holds. */
const MAX_TRIPS = 100;

/** 429 and 503 speak for the whole endpoint, not for one delivery. */
export const isOverload = (status: number | null) => status === 429 || status === 503;

/** That the bytes of a delivery are no longer kept is no fault of its endpoint. */
export const concernsEndpoint = ({ error_code }: Pick<Sign, "error_code">) => error_code !== "body_gone";

/** The endpoint's health after `signs`, in the order in which they came. */
export function judge(
  before: Health,
  signs: readonly Sign[],
  give_up_after_s: number,
  random = Math.random,
): Health {
  const health = { ...before };
  for (const sign of signs) {
    if (sign.error_code === null) noteSuccess(health, sign);
    else {
      noteFailure(health, sign, random);
      noteTime(health, sign.at_ms, give_up_after_s);
    }
  }
  return health;
}

/** The endpoint's health when nothing but time has passed. */
export function judgeTime(before: Health, now_ms: number, give_up_after_s: number): Health {
  const health = { ...before };
  noteTime(health, now_ms, give_up_after_s);
  return health;
}

/** When it is disabled if nothing succeeds; null while it isn't failing, or is disabled already. */
export function givesUpAt(
  health: Pick<Health, "state" | "failing_since" | "warned_at">,
  give_up_after_s: number,
): Date | null {
  if (health.state !== "failing" || health.failing_since === null) return null;
  const all_ms = give_up_after_s * 1000;
  // Never without a warning half of the time before.
  return new Date(
    Math.max(health.failing_since.getTime() + all_ms, (health.warned_at?.getTime() ?? 0) + all_ms / 2),
  );
}

function noteSuccess(health: Health, sign: Sign): void {
  health.last_success_at = new Date(sign.at_ms);
  // What was disabled is switched on again by a person, not by an attempt that was still under way.
  if (health.state === "disabled") return;
  // A person may try before its time (send-now.ts): an endpoint that is well again is not left waiting for it.
  if (health.state === "failing" && sign.probe) health.held_until = null;
  Object.assign(health, {
    state: "ok",
    state_reason: null,
    failures: 0,
    failing_since: null,
    probe_at: null,
    trips: 0,
    warned_at: null,
  });
}

function noteFailure(health: Health, sign: Sign, random: () => number): void {
  const at = new Date(sign.at_ms);
  health.last_failure_at = at;
  if (health.state === "disabled") return;
  health.failures++;
  health.failing_since ??= at;
  if (sign.error_code === "gone") return disable(health, sign.at_ms, sign.error);

  // Of what was under way when the breaker opened nothing counts twice, nor what says the same as a 429 just before.
  const counts = health.state !== "failing" || sign.probe;
  const rests = (health.held_until?.getTime() ?? 0) > sign.at_ms;
  const overload = isOverload(sign.status);
  const opens = counts && (health.state === "failing" || health.failures >= FAILING_AFTER);
  if (counts && !rests && (opens || overload)) health.trips = Math.min(health.trips + 1, MAX_TRIPS);
  if (opens) {
    health.state = "failing";
    health.probe_at = new Date(sign.at_ms + rest_ms(BREAKER_REST_MS, health.trips, random));
  }
  if (overload && (sign.retry_after_ms !== null || (counts && !rests))) {
    const until_ms = sign.at_ms + (sign.retry_after_ms ?? rest_ms(OVERLOAD_REST_MS, health.trips, random));
    if (until_ms > (health.held_until?.getTime() ?? 0)) health.held_until = new Date(until_ms);
  }
  if (health.state === "failing") health.state_reason = sign.error;
}

const rest_ms = (base_ms: number, trips: number, random: () => number) =>
  backoff_ms(trips + 1, { base_ms, cap_ms: MAX_REST_MS }, random);

function noteTime(health: Health, now_ms: number, give_up_after_s: number): void {
  if (health.state !== "failing") return;
  const { failing_since, warned_at, last_failure_at } = health;
  if (warned_at === null) {
    if (now_ms >= failing_since!.getTime() + give_up_after_s * 500) health.warned_at = new Date(now_ms);
    return;
  }
  const failed_since = last_failure_at! > warned_at;
  if (failed_since && now_ms >= givesUpAt(health, give_up_after_s)!.getTime())
    disable(
      health,
      now_ms,
      `Nothing was delivered since ${dayAndTime(failing_since!)}. ${health.state_reason ?? ""}`.trimEnd(),
    );
}

function disable(health: Health, now_ms: number, reason: string | null): void {
  Object.assign(health, {
    state: "disabled",
    state_reason: reason,
    disabled_at: new Date(now_ms),
    probe_at: null,
  });
}

/** What happened between two looks at an endpoint: one entry a turn, in words that its owner can act on. */
export function turnsOf(
  before: Health,
  after: Health,
  give_up_after_s: number,
): { kind: "failing" | "warned" | "disabled" | "recovered"; detail: string }[] {
  const turns: ReturnType<typeof turnsOf> = [];
  const why = after.state_reason ?? "";
  if (before.state === "ok" && after.state === "failing")
    turns.push({
      kind: "failing",
      detail: `The last ${after.failures} attempts failed. ${why} Deliveries wait, and one at a time is attempted until the endpoint answers again.`,
    });
  if (before.warned_at === null && after.warned_at !== null)
    turns.push({
      kind: "warned",
      detail: `Nothing was delivered since ${dayAndTime(after.failing_since!)}. ${why} If this goes on, the endpoint is disabled on ${dayAndTime(givesUpAt({ ...after, state: "failing" }, give_up_after_s)!)}. Fix the receiver, change the URL, or switch the endpoint off.`,
    });
  if (before.state !== "disabled" && after.state === "disabled")
    turns.push({
      kind: "disabled",
      detail: `${why} Deliveries are held, and sent when you switch the endpoint on.`,
    });
  if (before.state === "failing" && after.state === "ok")
    turns.push({
      kind: "recovered",
      detail: `An attempt succeeded, the first since ${dayAndTime(before.failing_since!)}. Pending deliveries are being sent.`,
    });
  return turns;
}

const dayAndTime = (date: Date) => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
