import { duration } from "../../../lib/words/time.ts";
import type { RetryPreset } from "../../../lib/types.ts";
import { RETRIES } from "../texts.ts";

interface Schedule {
  label: string;
  /** How long it goes on, in all. */
  span: string;
  /** Between one attempt and the next. A test holds them against the dispatcher's. */
  waits_s: readonly number[];
}

const MINUTE_S = 60;
const HOUR_S = 3600;

export const SCHEDULES: Record<RetryPreset, Schedule> = {
  fast: {
    ...RETRIES.fast,
    waits_s: [5, 30, 2 * MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, 40 * MINUTE_S],
  },
  standard: {
    ...RETRIES.standard,
    waits_s: [5, 5 * MINUTE_S, 30 * MINUTE_S, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_S)],
  },
  long: {
    ...RETRIES.long,
    waits_s: [
      5,
      MINUTE_S,
      10 * MINUTE_S,
      ...[1, 3, 6, 12, 24, 24, 24, 24, 24, 24].map((hours) => hours * HOUR_S),
    ],
  },
};

/** `10 attempts in about 3 days` */
export function scheduleSummary(preset: RetryPreset): string {
  const { waits_s, span } = SCHEDULES[preset];
  return RETRIES.summary(waits_s.length + 1, span);
}

/** A number stays with its unit. */
const wait = (wait_s: number) => duration(wait_s * 1_000).replaceAll(" ", "\u00a0");

/** `after 5 s, 1 min, …, 12 h, then every 24 h` */
export function scheduleWords(preset: RetryPreset): string {
  const { waits_s } = SCHEDULES[preset];
  const last = waits_s.at(-1) ?? 0;
  const once = waits_s.slice(0, waits_s.indexOf(last));
  const repeated = waits_s.length - once.length;
  const words = once.map(wait);
  const end = wait(last);
  return repeated > 1
    ? `after ${words.join(", ")}, then ${repeated} times every ${end}`
    : `after ${words.join(", ")} and ${end}`;
}

/** `Fast: 7 attempts in about an hour` */
export const scheduleLabel = (preset: RetryPreset): string =>
  `${SCHEDULES[preset].label}: ${scheduleSummary(preset)}`;
