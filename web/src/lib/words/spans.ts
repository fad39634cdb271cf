import { serverNow } from "./clock.ts";
import { SPAN_LABELS } from "./texts.ts";

/** Stretches of time, as the address and the forms write them. */

export const SPANS = [
  { value: "1h", label: SPAN_LABELS["1h"], ms: 3_600_000 },
  { value: "24h", label: SPAN_LABELS["24h"], ms: 86_400_000 },
  { value: "7d", label: SPAN_LABELS["7d"], ms: 7 * 86_400_000 },
  { value: "30d", label: SPAN_LABELS["30d"], ms: 30 * 86_400_000 },
] as const;

export const isSpan = (since: string | undefined) => SPANS.some(({ value }) => value === since);

/** The moment that `7d` means just now; a moment means itself, and what is neither means nothing. */
export function sinceTime(since: string | undefined, now = serverNow()): string | undefined {
  if (since === undefined) return undefined;
  const span = SPANS.find(({ value }) => value === since);
  if (span) return new Date(now - span.ms).toISOString();
  return Number.isNaN(Date.parse(since)) ? undefined : new Date(since).toISOString();
}

/** `2026-11-22T14:05` in the reader's own zone, as `<input type="datetime-local">` has it. */
export function toLocalInput(time: string | undefined): string {
  if (time === undefined || Number.isNaN(Date.parse(time))) return "";
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Back to UTC; undefined while nothing whole is entered. */
export function fromLocalInput(value: string): string | undefined {
  return value === "" || Number.isNaN(Date.parse(value)) ? undefined : new Date(value).toISOString();
}

const BEFORE_MS = 60_000;

/** From when on to recover what failed: it had arrived a little before its try failed, which took up to the timeout. */
export const beforeFailing = (failing_since: string): string =>
  new Date(Date.parse(failing_since) - BEFORE_MS).toISOString();
