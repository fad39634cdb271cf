import { isTimeZone, momentOf, Problem } from "../../base/base.ts";
import type { CampaignRow } from "./campaign-row.ts";

type Schedule = CampaignRow["schedule"];

/** Where the day begins first. */
const FIRST_ZONE = "Pacific/Kiritimati";
const DAY_MS = 86_400_000;

/** Throws INVALID_REQUEST where its zone is none. */
export function checkSchedule(schedule: Schedule): void {
  if (schedule.kind !== "now" && !isTimeZone(schedule.time_zone))
    throw new Problem(
      "INVALID_REQUEST",
      `body.schedule.time_zone: “${schedule.time_zone}” is no time zone; write it as America/Sao_Paulo`,
    );
}

/** When it starts, by the schedule; null: at once. Local time starts where the day begins first. */
export function startOf(schedule: Schedule): number | null {
  if (schedule.kind === "now") return null;
  return schedule.kind === "at"
    ? Date.parse(schedule.at)
    : instantIn(schedule.date, schedule.time, FIRST_ZONE);
}

/** When people of a zone get it by local time: on the next day where the time is over when the campaign starts. */
export function localTime(
  schedule: Extract<Schedule, { kind: "local" }>,
  time_zone: string,
  started_ms: number,
  late_ms: number,
): number {
  const first = instantIn(schedule.date, schedule.time, time_zone);
  // Days of the calendar: one on which the clock changes has not 24 hours.
  for (let day = Math.max(Math.floor((started_ms - late_ms - first) / DAY_MS), 0); ; day++) {
    const date = new Date(Date.parse(schedule.date) + day * DAY_MS).toISOString().slice(0, 10);
    const at = instantIn(date, schedule.time, time_zone);
    if (at + late_ms >= started_ms) return at;
  }
}

/** When the clock of a zone shows this date and time; where it skips the hour, as much later. */
function instantIn(date: string, time: string, time_zone: string): number {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return momentOf(time_zone, { year, month, day, minute: hour * 60 + minute });
}
