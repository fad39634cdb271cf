import type { Now } from "../../contract/campaigns.ts";
import { sql, type Queryable } from "../../db/db.ts";
import { awaiting, awaitingForGood, gap, preparing, silent, unconfirmed, unreadable } from "./texts.ts";

/** For so long Meta repeats a webhook that was not answered. */
const REPEATED_DAYS = 7;
/** A number that sends hears of every message several times; so long without a word is no pause of the people. */
const SILENT_MINUTES = 30;

/** What else knows of what is missing. */
export interface GapSources {
  /** How many webhooks of the workspace could not be processed since then. */
  deadSince(since: Date): Promise<number>;
}

interface Seen {
  state: string;
  prepared: boolean;
  started_at: Date | null;
  /** So long ago that Meta has given up on what it could not tell. */
  is_old: boolean;
  number: string | null;
  silent_since: Date | null;
}

/** What the numbers of a campaign still miss, in sentences: what Meta has not told yet, and where it could not tell. */
export async function readGaps(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  now: Now,
  sources: GapSources,
): Promise<string[]> {
  const seen = await db.first<Seen>(sql`
    select c.state, c.prepared_at is not null as prepared, c.started_at,
      coalesce(c.completed_at, c.progress_at, c.started_at) < now() - make_interval(days => ${REPEATED_DAYS}) as is_old,
      coalesce(n.display_phone_number, n.phone_number_id) as number,
      case when n.last_webhook_at < now() - make_interval(mins => ${SILENT_MINUTES}) then n.last_webhook_at end as silent_since
    from campaigns c
    left join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
    where c.workspace_id = ${workspace_id} and c.id = ${campaign_id}`);
  if (!seen || seen.started_at === null) return [];
  const { started_at, silent_since, is_old } = seen;
  const waits = now.sent + now.submitted;
  const told: string[] = [];
  if (!seen.prepared && seen.state !== "CANCELLED") told.push(preparing);
  if (waits > 0) told.push(is_old ? awaitingForGood(waits) : awaiting(waits));
  if (now.unconfirmed > 0) told.push(unconfirmed(now.unconfirmed));
  if (waits > 0 && !is_old && silent_since !== null)
    told.push(silent(seen.number ?? "this number", minuteOf(silent_since)));
  const longest = waits > 0 ? await longestGap(db, workspace_id, campaign_id) : null;
  if (longest) told.push(gap(minuteOf(longest.from), minuteOf(longest.to)));
  const dead = await sources.deadSince(started_at);
  if (dead > 0) told.push(unreadable(dead));
  return told;
}

interface Minute {
  at: Date;
  submitted: number;
  /** Submitted messages of which Meta told something for the first time. */
  answered: number;
  reports: number;
}

/**
 * The longest time in which WhatsApp told nothing of the campaign though it had taken messages, and a word of them was due:
 * an outage on the way, by campaign_counts' minutes. Null where there was none.
 */
async function longestGap(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
): Promise<{ from: Date; to: Date } | null> {
  const minutes = await db.rows<Minute>(sql`
    select minute as at,
      coalesce(sum(n) filter (where key = 'reached.submitted'), 0)::float8 as submitted,
      coalesce(sum(n) filter (where key in ('reached.sent', 'reached.failed', 'reached.limited')), 0)::float8 as answered,
      coalesce(sum(n) filter (where key in ('reached.sent', 'reached.delivered', 'reached.read', 'reached.failed', 'reached.limited')), 0)::float8 as reports
    from campaign_counts
    where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and key like 'reached.%'
    group by minute order by minute`);
  let waiting = 0;
  let since: Date | null = null;
  let longest: { from: Date; to: Date } | null = null;
  const length_ms = (one: { from: Date; to: Date }) => one.to.getTime() - one.from.getTime();
  for (const { at, submitted, answered, reports } of minutes) {
    if (reports > 0) {
      const found: { from: Date; to: Date } | null = since && { from: since, to: at };
      if (
        found &&
        length_ms(found) >= SILENT_MINUTES * 60_000 &&
        length_ms(found) > (longest ? length_ms(longest) : 0)
      )
        longest = found;
      since = null;
    }
    waiting += submitted - answered;
    if (waiting > 0) since ??= at;
    else since = null;
  }
  return longest;
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
