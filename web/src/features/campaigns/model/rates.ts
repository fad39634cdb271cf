import { NO_SHARE } from "../texts.ts";

/** `37%`, `2.4%`, `<0.1%`; a dash where there is nothing to take a part of. */
export function share(part: number, of: number): string {
  if (of === 0) return NO_SHARE;
  const percent = (part / of) * 100;
  if (percent > 0 && percent < 0.1) return "<0.1%";
  // All but one of many is not all of them.
  const shown = part < of ? Math.min(percent, 99.9) : percent;
  return `${shown >= 10 || shown === 0 ? Math.floor(shown) : Math.floor(shown * 10) / 10}%`;
}

/** Per minute, to reach so many in so many hours. */
export const rateFor = (people: number, hours: number): number =>
  Math.min(60_000, Math.max(1, Math.ceil(people / (hours * 60))));

/** Beside the accent of what was delivered, the green of good news would look the same. */
export const READ_COLOR = "color-mix(in oklab, var(--good), #c9a800 52%)";
