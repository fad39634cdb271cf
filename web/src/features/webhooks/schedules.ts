import { duration } from "../../lib/time.ts";
import type { RetryPreset } from "../../lib/types.ts";

interface Schedule {
  label: string;
  /** How long it goes on, in all. */
  span: string;
  /** Between one try and the next. A test holds them against the dispatcher's. */
  waits_s: readonly number[];
}

const MINUTE_S = 60;
const HOUR_S = 3600;

export const SCHEDULES: Record<RetryPreset, Schedule> = {
  fast: {
    label: "Fast",
    span: "about an hour",
    waits_s: [5, 30, 2 * MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, 40 * MINUTE_S],
  },
  standard: {
    label: "Standard",
    span: "about 3 days",
    waits_s: [5, 5 * MINUTE_S, 30 * MINUTE_S, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_S)],
  },
  long: {
    label: "Long",
    span: "about 7 days",
    waits_s: [
      5,
      MINUTE_S,
      10 * MINUTE_S,
      ...[1, 3, 6, 12, 24, 24, 24, 24, 24, 24].map((hours) => hours * HOUR_S),
    ],
  },
};

/** `10 tries in about 3 days` */
export function scheduleSummary(preset: RetryPreset): string {
  const { waits_s, span } = SCHEDULES[preset];
  return `${waits_s.length + 1} tries in ${span}`;
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
