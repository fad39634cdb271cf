import type { Hold } from "../../contract/campaigns.ts";
import type { Totals } from "../counts/counts.ts";
import type { CampaignRow } from "../definition/definition.ts";
import { breakerHold } from "../review/review.ts";
import type { Mark } from "./work.ts";

/** A window is looked at through so many marks: it is at most this part longer than was asked for. */
const MARKS = 10;

/** What has come of a campaign's messages so far; those that Meta limits (131049) say nothing against it. */
export const markOf = ({ now, reached }: Totals): Mark => ({
  done: now.submitted + now.sent + now.delivered + now.read + now.played + now.failed,
  failed: reached.failed,
  opted_out: reached.opted_out,
});

/** Whether too many of the last messages failed, or people opted out; and the marks by which it is told the next time. */
export function judgeBreaker(
  breaker: NonNullable<CampaignRow["breaker"]>,
  marks: readonly Mark[],
  now: Mark,
): { hold: Hold | null; marks: Mark[] } {
  const [oldest] = marks;
  const newest = marks.at(-1);
  const step = Math.max(Math.floor(breaker.window / MARKS), 1);
  const next = newest === undefined || now.done >= newest.done + step ? [...marks, now] : [...marks];
  // The oldest mark that is a whole window behind is where the window begins; older ones are of no use.
  while (next.length > 1 && now.done - next[1]!.done >= breaker.window) next.shift();
  const from = next[0] ?? oldest ?? now;
  const window = now.done - from.done;
  if (window < breaker.window) return { hold: null, marks: next };
  return { hold: holdOf(breaker, from, now, window), marks: next };
}

function holdOf(
  { failed_percent, opted_out_percent }: NonNullable<CampaignRow["breaker"]>,
  from: Mark,
  now: Mark,
  window: number,
): Hold | null {
  const percent = (n: number) => Math.round((1_000 * n) / window) / 10;
  const failed = percent(now.failed - from.failed);
  if (failed_percent !== null && failed >= failed_percent) return breakerHold(failed, window, "failed");
  const opted_out = percent(now.opted_out - from.opted_out);
  if (opted_out_percent !== null && opted_out >= opted_out_percent)
    return breakerHold(opted_out, window, "opted_out");
  return null;
}

/** All that the canary came to counts as its window. */
export function judgeCanary(row: CampaignRow, now: Mark): Hold | null {
  if (row.breaker === null || now.done === 0) return null;
  return holdOf(row.breaker, { done: 0, failed: 0, opted_out: 0 }, now, now.done);
}

/** Whether of most of the canary's messages it is known what became of them, and any was sent: else nothing speaks for it. */
export function tellsEnough({ now }: Totals): boolean {
  const sent = now.sent + now.delivered + now.read + now.played;
  return sent > 0 && now.queued + now.submitted + now.unconfirmed <= sent + now.failed + now.limited;
}

/** How many are the canary's of `audience` who may get it. */
export function canarySize({ canary }: CampaignRow, audience: number): number {
  if (canary === null) return 0;
  return "count" in canary.first ? canary.first.count : Math.ceil((audience * canary.first.percent) / 100);
}
