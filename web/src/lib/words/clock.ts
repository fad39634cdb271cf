/**
 * The time as the server has it. What the pages show is told by the server's times: with a computer's clock that is a day
 * off, a window that is open would seem closed, and everything of today would be from yesterday.
 */

/** Below this the computer's own clock is taken as right: an answer's travel, and its time in whole seconds. */
const TOLERATED_MS = 30_000;
let ahead_ms = 0;

/** Of each answer: its `Date` header. */
export function learnTime(date: string | null): void {
  const off_ms = Date.parse(date ?? "") - Date.now();
  if (Number.isNaN(off_ms)) return;
  ahead_ms = Math.abs(off_ms) < TOLERATED_MS ? 0 : off_ms;
}

export const serverNow = (): number => Date.now() + ahead_ms;
