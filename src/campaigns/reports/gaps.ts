import type { Now } from "../../contract/campaigns.ts";
import { sql, type Queryable } from "../../db/db.ts";
import { awaiting, awaitingForGood, gap, preparing, silent, unconfirmed, unreadable } from "./texts.ts";

/** For so long Meta repeats a webhook that was not answered. */
const REPEATED_DAYS = 7;
/** A number that sends hears of every message several times; so long without a word is no pause of the people. */
const SILENT_MINUTES = 30;

interface Seen {
  state: string;
  prepared: boolean;
  started_at: Date | null;
  /** So long ago that Meta has given up on what it could not tell. */
  is_old: boolean;
  number: string | null;
  silent_since: Date | null;
  dead: number;
  gap_from: Date | null;
  gap_to: Date | null;
}

/** What the numbers of a campaign still miss, in sentences: what Meta has not told yet, and where it could not tell. */
export async function readGaps(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  now: Now,
): Promise<string[]> {
  const seen = await db.first<Seen>(sql`
    select c.state, c.prepared_at is not null as prepared, c.started_at,
      coalesce(c.completed_at, c.progress_at, c.started_at) < now() - make_interval(days => ${REPEATED_DAYS}) as is_old,
      coalesce(n.display_phone_number, n.phone_number_id) as number,
      case when n.last_webhook_at < now() - make_interval(mins => ${SILENT_MINUTES}) then n.last_webhook_at end as silent_since,
      0 as dead, null as gap_from, null as gap_to
    from campaigns c
    left join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
    where c.workspace_id = ${workspace_id} and c.id = ${campaign_id}`);
  if (!seen || seen.started_at === null) return [];
  const { gap_from, gap_to, silent_since } = seen;
  const waits = now.sent + now.submitted;
  const told: string[] = [];
  if (!seen.prepared && seen.state !== "CANCELLED") told.push(preparing);
  if (waits > 0) told.push(seen.is_old ? awaitingForGood(waits) : awaiting(waits));
  if (now.unconfirmed > 0) told.push(unconfirmed(now.unconfirmed));
  if (waits > 0 && !seen.is_old && silent_since !== null && silent_since < seen.started_at)
    told.push(silent(seen.number ?? "this number", minuteOf(silent_since)));
  if (seen.dead > 0) told.push(unreadable(seen.dead));
  if (gap_from !== null && gap_to !== null) told.push(gap(minuteOf(gap_from), minuteOf(gap_to)));
  return told;
}

/** `30 Nov 2026, 14:02`. */
const minuteOf = (at: Date): string =>
  at.toLocaleString("en-GB", {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
