import type { CampaignRow } from "../definition/definition.ts";
import { CHUNK } from "./feed.ts";
import type { Place } from "./work.ts";

/** The queue holds what leaves in this time, so that a pause takes effect and people's messages are soon behind none. */
const AHEAD_S = 20;
const AHEAD_MIN = 50;
const AHEAD_MAX = 10_000;
/** What a rate that was not used may be caught up with. */
const BURST_S = 2;

/** How many may be queued now, and what is left of the campaign's own rate. */
export interface Allowance {
  count: number;
  place: Place;
  /** Until the next one, by the campaign's own rate; null: it has none. */
  wait_ms: number | null;
}

/** By the number's rate and what is queued already, and by the campaign's own rate over time. */
export function allowanceOf(
  { rate_per_min }: Pick<CampaignRow, "rate_per_min">,
  place: Place,
  { rate_per_s, queued, now_ms }: { rate_per_s: number; queued: number; now_ms: number },
): Allowance {
  const ahead = Math.min(Math.max(rate_per_s * AHEAD_S, AHEAD_MIN), AHEAD_MAX);
  const room = Math.max(Math.min(ahead - queued, CHUNK), 0);
  if (rate_per_min === null) return { count: room, place, wait_ms: null };
  const per_ms = rate_per_min / 60_000;
  const most = Math.max(per_ms * BURST_S * 1_000, 1);
  const passed_ms = place.fed_ms === undefined ? 1 / per_ms : Math.max(now_ms - place.fed_ms, 0);
  const credit = Math.min((place.credit ?? 0) + passed_ms * per_ms, most);
  const count = Math.min(Math.floor(credit), room);
  const left = credit - count;
  return {
    count,
    place: { ...place, fed_ms: now_ms, credit: left },
    wait_ms: Math.max((1 - left) / per_ms, 0),
  };
}
