import { WINDOW } from "../../lib/words/texts.ts";

/** WhatsApp lets a business write freely for 24 hours after a customer's last message. */
export interface ServiceWindow {
  state: "open" | "closing" | "closed";
  /** `5h 12m left`, or `Window closed`. */
  label: string;
  /** The part of 24 hours that is left, 0 to 1. */
  left: number;
}

const HOUR_MS = 3_600_000;
const CLOSING_MS = 6 * HOUR_MS;

export function serviceWindow(expires_at: string | null, now: number): ServiceWindow {
  const left_ms = expires_at === null ? 0 : Date.parse(expires_at) - now;
  if (!(left_ms > 0)) return { state: "closed", label: WINDOW.closed, left: 0 };
  const hours = Math.floor(left_ms / HOUR_MS);
  const minutes = Math.floor((left_ms % HOUR_MS) / 60_000);
  const label =
    hours > 0 ? WINDOW.hours(hours, minutes) : minutes > 0 ? WINDOW.minutes(minutes) : WINDOW.last_minute;
  return {
    state: left_ms <= CLOSING_MS ? "closing" : "open",
    label,
    left: Math.min(1, left_ms / (24 * HOUR_MS)),
  };
}
