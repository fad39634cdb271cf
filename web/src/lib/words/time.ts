import { timeFormat } from "./intl.ts";

const DAY_MS = 86_400_000;

const clock = timeFormat({ hour: "2-digit", minute: "2-digit" });
const seconds = timeFormat({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const weekday = timeFormat({ weekday: "long" });
const shortWeekday = timeFormat({ weekday: "short" });
const dayMonth = timeFormat({ day: "numeric", month: "short" });
const dayMonthYear = timeFormat({ day: "numeric", month: "short", year: "numeric" });
const longDay = timeFormat({ weekday: "long", day: "numeric", month: "long" });
const dayAndClock = timeFormat({ dateStyle: "medium", timeStyle: "short" });
const exact = timeFormat({ dateStyle: "medium", timeStyle: "medium" });

/** `14:05:33` */
export const clockSeconds = (time: string) => seconds.format(new Date(time));
/** `14:05` */
export const clockTime = (time: string) => clock.format(new Date(time));
/** `22 Nov 2026, 14:05:33`, for tooltips. */
export const exactTime = (time: string) => exact.format(new Date(time));
export const date = (time: string) => dayMonthYear.format(new Date(time));

/** Whole local days from `time` to `now`: 0 is today. */
export function daysAgo(time: string, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(Date.parse(time))) / DAY_MS);
}

/** For a list: `now`, `5m`, `14:05`, `Mon`, `3 Oct`. */
export function listTime(time: string, now: number): string {
  const ago_ms = now - Date.parse(time);
  const days = daysAgo(time, now);
  if (ago_ms < 60_000) return "now";
  if (ago_ms < 3_600_000) return `${Math.floor(ago_ms / 60_000)}m`;
  if (days === 0) return clockTime(time);
  if (days < 7) return shortWeekday.format(new Date(time));
  return sameYear(time, now) ? dayMonth.format(new Date(time)) : dayMonthYear.format(new Date(time));
}

/** Between the days of a thread: `Today`, `Yesterday`, `Monday`, `Monday, 3 October`. */
export function dayLabel(time: string, now: number): string {
  const days = daysAgo(time, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days > 1 && days < 7) return weekday.format(new Date(time));
  return sameYear(time, now) ? longDay.format(new Date(time)) : dayMonthYear.format(new Date(time));
}

/** `12 s ago`, `5 min ago`, `3 h ago`, then the date. */
export function ago(time: string, now: number): string {
  const ago_ms = Math.max(0, now - Date.parse(time));
  if (ago_ms < 5_000) return "just now";
  if (ago_ms < 60_000) return `${Math.floor(ago_ms / 1000)} s ago`;
  if (ago_ms < 3_600_000) return `${Math.floor(ago_ms / 60_000)} min ago`;
  if (ago_ms < DAY_MS) return `${Math.floor(ago_ms / 3_600_000)} h ago`;
  return date(time);
}

/** `in 12 s`, `in 4 min`, `in 3 h`, `in 2 days`; `now` when it has come. */
export function ahead(time: string, now: number): string {
  const left_ms = Date.parse(time) - now;
  if (left_ms <= 0) return "now";
  if (left_ms < 60_000) return `in ${Math.ceil(left_ms / 1000)} s`;
  if (left_ms < 3_600_000) return `in ${Math.round(left_ms / 60_000)} min`;
  if (left_ms < 2 * DAY_MS) return `in ${Math.round(left_ms / 3_600_000)} h`;
  return `in ${Math.round(left_ms / DAY_MS)} days`;
}

const UNITS = [
  [DAY_MS, "days"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** `812 ms`, `3.4 s`, `30 min`, `2 h 30 min`, `24 h`, `5 days`: to two units; days from two of them on. */
export function duration(length_ms: number): string {
  if (length_ms >= 1_000 && length_ms < 10_000) return `${Math.floor(length_ms / 100) / 10} s`;
  let rest_ms = length_ms;
  const words: string[] = [];
  for (const [unit_ms, unit] of UNITS) {
    if (unit_ms === DAY_MS && length_ms < 2 * DAY_MS) continue;
    const count = Math.floor(rest_ms / unit_ms);
    rest_ms -= count * unit_ms;
    if (count > 0) words.push(`${count} ${unit}`);
    else if (words.length > 0) break;
    if (words.length === 2) break;
  }
  return words.length > 0 ? words.join(" ") : `${Math.max(0, Math.round(length_ms))} ms`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

function startOfDay(time: number): number {
  const day = new Date(time);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}
const sameYear = (time: string, now: number) => new Date(time).getFullYear() === new Date(now).getFullYear();

/** The server's `2026-11-22 14:05 UTC` inside of a sentence, in the reader's own zone. */
export const localTimes = (sentence: string): string =>
  sentence.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/g, (_, day: string, time: string) =>
    dayAndClock.format(new Date(`${day}T${time}Z`)),
  );
