import { timeFormat } from "../../../lib/words/intl.ts";
import type { Schedule } from "../model/model.ts";
import { REVIEW } from "../wizard-texts.ts";

/** When it starts, as a sentence ends: `now`, `on Monday, 30 November at 10:00 (Asia/Kolkata)`. */
export function startWords(schedule: Schedule): string {
  if (schedule.kind === "now") return REVIEW.starts_now;
  const zone = schedule.time_zone.replaceAll("_", " ");
  const day = (zoned: { timeZone?: string }) =>
    timeFormat({ weekday: "long", day: "numeric", month: "long", ...zoned });
  if (schedule.kind === "at") {
    const at = new Date(schedule.at);
    const clock = timeFormat({ hour: "2-digit", minute: "2-digit", timeZone: schedule.time_zone });
    return REVIEW.starts_at(day({ timeZone: schedule.time_zone }).format(at), clock.format(at), zone);
  }
  return REVIEW.starts_local(
    day({ timeZone: "UTC" }).format(new Date(`${schedule.date}T00:00Z`)),
    schedule.time,
  );
}
