/**
 * When a delivery that failed is tried again. All of it is arithmetic: no clock, no database.
 *
 * ±50 % jitter: each wait is drawn evenly from a span as wide as the wait itself, so that what failed together comes
 * back spread out as thinly as the schedule allows. The span lies around the wait, [d/2, 3d/2], and not below it,
 * [0, d]: a try at once is no second chance, and half of all waits would be lost from the time that a preset promises.
 * This way the mean of the whole schedule is the schedule.
 */

const MINUTE_S = 60;
const HOUR_S = 3600;

/** Waits between one try and the next, in seconds; after the last one the delivery has failed. */
export const RETRY_PRESETS = {
  /** 7 tries in about an hour. */
  fast: [5, 30, 2 * MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, 40 * MINUTE_S],
  /** 10 tries in about three days: the example of the Standard Webhooks specification. */
  standard: [
    5,
    5 * MINUTE_S,
    30 * MINUTE_S,
    2 * HOUR_S,
    5 * HOUR_S,
    10 * HOUR_S,
    14 * HOUR_S,
    20 * HOUR_S,
    24 * HOUR_S,
  ],
  /** 14 tries in about seven days: as long as Meta itself keeps trying. */
  long: [
    5,
    MINUTE_S,
    10 * MINUTE_S,
    HOUR_S,
    3 * HOUR_S,
    6 * HOUR_S,
    12 * HOUR_S,
    ...Array<number>(6).fill(24 * HOUR_S),
  ],
} as const satisfies Record<string, readonly number[]>;
export type RetryPreset = keyof typeof RETRY_PRESETS;

/** A receiver may ask for more patience than the schedule has, up to here. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR_S * 1000;

/** How long to wait after try number `attempt` failed; null: that was the last. Never less than the receiver asked for. */
export function retryDelay_ms(
  preset: RetryPreset,
  attempt: number,
  retry_after_ms: number | null,
  random = Math.random,
): number | null {
  const wait_s = RETRY_PRESETS[preset][attempt - 1];
  if (wait_s === undefined) return null;
  const wait_ms = Math.round(wait_s * 1000 * (0.5 + random()));
  return Math.max(wait_ms, Math.min(retry_after_ms ?? 0, MAX_RETRY_AFTER_MS));
}

/**
 * What `Retry-After` asks for, in milliseconds from `now_ms`: seconds or an HTTP date (RFC 9110, 10.2.3), at most
 * MAX_RETRY_AFTER_MS. Null for a time that has passed and for anything that is neither.
 */
export function readRetryAfter(header: string | undefined, now_ms: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  let wait_ms = Number.NaN;
  if (/^\d+$/.test(text)) wait_ms = Number(text) * 1000;
  // Date.parse reads much that is no date of HTTP; the forms of HTTP begin with a day's name and end in GMT or a year.
  else if (/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d{2}:\d{2}:\d{2}/.test(text))
    wait_ms = Date.parse(text) - now_ms;
  return wait_ms > 0 ? Math.min(wait_ms, MAX_RETRY_AFTER_MS) : null;
}
