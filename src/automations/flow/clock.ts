import { hash } from "node:crypto";
import { isTimeZone, momentOf, wallTime } from "../../base/base.ts";
import type { NodeOf } from "./graph.ts";

/** When something happens by the clock where the person is. Times are milliseconds since 1970. */

export interface Hours {
  weekdays: readonly number[];
  from: string;
  to: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const dayBefore = (weekday: number) => (weekday === 1 ? 7 : weekday - 1);

interface Day {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

function dayAfter({ year, month, day }: Omit<Day, "weekday">, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day) + days * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
  };
}

/** Hours that end before they begin go over midnight; those that end when they begin last the whole day. */
export function isWithin({ weekdays, from, to }: Hours, zone: string, at_ms: number): boolean {
  const { weekday, minute } = wallTime(zone, at_ms);
  const [begins, ends] = [minuteOf(from), minuteOf(to)];
  if (begins < ends) return weekdays.includes(weekday) && minute >= begins && minute < ends;
  return (
    (weekdays.includes(weekday) && minute >= begins) ||
    (weekdays.includes(dayBefore(weekday)) && minute < ends)
  );
}

/** The moment itself where it is within the hours, else when they begin next. */
export function withinHours(hours: Hours | null, zone: string, at_ms: number): number {
  if (hours === null || isWithin(hours, zone, at_ms)) return at_ms;
  return nextTime({ time: hours.from, weekdays: hours.weekdays }, zone, at_ms);
}

/** When the clock shows the time next, on one of the days of the week. Later than `after_ms`. */
export function nextTime(
  { time, weekdays }: { time: string; weekdays: readonly number[] | null },
  zone: string,
  after_ms: number,
): number {
  const today = wallTime(zone, after_ms);
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = dayAfter(today, ahead);
    if (weekdays !== null && !weekdays.includes(day.weekday)) continue;
    const at_ms = momentOf(zone, { ...day, minute: minuteOf(time) });
    if (at_ms > after_ms) return at_ms;
  }
  throw new RangeError("no day of the week was named");
}

/** The time of a day so many days after a date such as `2026-11-30`; null: it is no date. */
export function timeOfDate(date: unknown, days: number, time: string, zone: string): number | null {
  const read = /^(\d{4})-(\d{2})-(\d{2})/.exec(typeof date === "string" ? date : "");
  if (read === null) return null;
  const [year, month, day] = [Number(read[1]), Number(read[2]), Number(read[3])];
  return momentOf(zone, { ...dayAfter({ year, month, day }, days), minute: minuteOf(time) });
}

/** From 0 up to `below`, always the same for the same text. */
export function drawn(text: string, below: number): number {
  return Number.parseInt(hash("sha256", text, "hex").slice(0, 12), 16) % below;
}

/** When a delay that began at `from_ms` is over. A date that is past, or none, is at once. `draw` makes the jitter its own. */
export function delayEnd(
  { until, jitter_min, hours }: NodeOf<"delay">,
  about: { from_ms: number; zone: string; fields: Readonly<Record<string, unknown>>; draw: string },
): number {
  const { from_ms, zone, fields, draw } = about;
  const aimed = (): number => {
    switch (until.kind) {
      case "duration":
        return from_ms + until.minutes * MINUTE_MS;
      case "time":
        return nextTime(until, zone, from_ms);
      case "date_field":
        return timeOfDate(fields[until.field_id ?? ""], until.days, until.time, zone) ?? from_ms;
    }
  };
  const jitter_ms = jitter_min === 0 ? 0 : drawn(draw, jitter_min * MINUTE_MS + 1);
  return withinHours(hours, zone, Math.max(aimed(), from_ms) + jitter_ms);
}

/** The first of the names that is a zone. */
export const zoneAmong = (...names: (string | null | undefined)[]): string =>
  names.find((name) => typeof name === "string" && isTimeZone(name)) ?? "UTC";
