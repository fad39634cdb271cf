import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { found, sql, type Queryable } from "../../db/db.ts";

type Series = z.infer<typeof shapes.CampaignSeries>;

const MOST_POINTS = 500;
const MINUTE_S = 60;
const DAY_S = 86_400;
/** Steps that people read: whole minutes, hours, days. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * MINUTE_S);

/** The smallest step at which so long a time has no more points than a page draws. */
export function stepFor(seconds: number): number {
  const fits = (step_s: number) => seconds / step_s + 2 <= MOST_POINTS;
  return STEPS_S.find(fits) ?? Math.ceil((seconds + 2 * DAY_S) / DAY_S / (MOST_POINTS - 2)) * DAY_S;
}

/**
 * How the counts of a campaign rose: at each step in which something changed, the sums since the start. By the primary key
 * of campaign_counts.
 */
export async function readSeries(db: Queryable, workspace_id: string, campaign_id: string): Promise<Series> {
  const span = found(
    await db.first<{ seconds: number | null }>(sql`
      select (
        select extract(epoch from max(k.minute) - min(k.minute))::integer from campaign_counts k
        where k.workspace_id = c.workspace_id and k.campaign_id = c.id and k.key like 'reached.%') as seconds
      from campaigns c where c.workspace_id = ${workspace_id} and c.id = ${campaign_id}`),
  );
  if (span.seconds === null) return { step_s: MINUTE_S, points: [] };
  const step_s = stepFor(span.seconds);
  const rows = await db.rows<{ at: Date; counts: Record<string, number> }>(sql`
    with steps as (
      select date_bin(make_interval(secs => ${step_s}), minute, timestamptz '2000-01-03 00:00:00Z') as at,
        substr(key, 9) as count, sum(n) as n
      from campaign_counts
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and key like 'reached.%'
        and key <> 'reached.audience'
      group by 1, 2)
    select at, json_object_agg(count, n) as counts from steps where n <> 0 group by at order by at`);
  const sums: Record<string, number> = {};
  return {
    step_s,
    points: rows.map(({ at, counts }) => {
      for (const [count, n] of Object.entries(counts)) sums[count] = (sums[count] ?? 0) + n;
      return { at: at.toISOString(), ...sums };
    }),
  };
}
