import { momentOf, wallTime, type WallTime } from "../base/base.ts";

/** When no marketing is sent, by the clock where the person is. */
export interface QuietHours {
  /** Both null: only whole days are quiet. A night goes over midnight. */
  from: string | null;
  to: string | null;
  /** ISO days of the week on which `from` begins. */
  days: number[];
  /** ISO days of the week that are quiet from midnight to midnight. */
  whole_days: number[];
  /** What happens to a message: it goes at their end, or not at all. */
  action: "wait" | "skip";
}

const DAY_MS = 86_400_000;
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const dayBefore = (weekday: number) => (weekday === 1 ? 7 : weekday - 1);

function isQuietAt(quiet: QuietHours, { weekday, minute }: Pick<WallTime, "weekday" | "minute">): boolean {
  if (quiet.whole_days.includes(weekday)) return true;
  if (quiet.from === null || quiet.to === null) return false;
  const [from, to] = [minuteOf(quiet.from), minuteOf(quiet.to)];
  const begins_today = quiet.days.includes(weekday);
  if (from < to) return begins_today && minute >= from && minute < to;
  return (begins_today && minute >= from) || (quiet.days.includes(dayBefore(weekday)) && minute < to);
}

/** When the quiet that holds now is over for a person in the zone; null: it is not quiet. Throws RangeError for no zone. */
export function quietUntil(quiet: QuietHours, zone: string, now_ms: number): number | null {
  const now = wallTime(zone, now_ms);
  if (!isQuietAt(quiet, now)) return null;
  const ends = [0, ...(quiet.to === null ? [] : [minuteOf(quiet.to)])];
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = new Date(Date.UTC(now.year, now.month - 1, now.day) + ahead * DAY_MS);
    const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
    for (const minute of ends) {
      if ((ahead === 0 && minute <= now.minute) || isQuietAt(quiet, { weekday, minute })) continue;
      const end_ms = momentOf(zone, {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        minute,
      });
      // An hour that the clock shows twice may have ended once already.
      return end_ms > now_ms ? end_ms : now_ms + 60_000;
    }
  }
  throw new Error("quiet hours without an end were not refused");
}

/** The longest quiet stretch of a week, in minutes; null: it never ends. */
export function longestQuiet_min(quiet: QuietHours): number | null {
  let [longest, current] = [0, 0];
  // Twice around, so that a stretch over Sunday midnight is seen whole.
  for (let minute = 0; minute < 2 * 7 * 1_440; minute++) {
    const at = { weekday: (Math.floor(minute / 1_440) % 7) + 1, minute: minute % 1_440 };
    current = isQuietAt(quiet, at) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest >= 7 * 1_440 ? null : longest;
}
