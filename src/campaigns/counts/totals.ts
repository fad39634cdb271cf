import type { Now, Reached } from "../../contract/campaigns.ts";
import { sql, uuidArray, type Queryable, type Sql } from "../../db/db.ts";
import { changeCounts, type CountedGroup } from "./count-changes.ts";

export interface Totals {
  reached: Reached;
  now: Now;
}

/** Every count of these campaigns, by campaign and key (campaign_counts' primary key). */
export async function readCounts(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const rows = await db.rows<{ campaign_id: string; key: string; n: number }>(sql`
    select campaign_id, key, sum(n)::float8 as n from campaign_counts
    where workspace_id = ${workspace_id} and campaign_id = any(${uuidArray([...ids])}::uuid[])
    group by campaign_id, key`);
  const counts = new Map<string, Map<string, number>>(ids.map((id) => [id, new Map()]));
  for (const { campaign_id, key, n } of rows) counts.get(campaign_id)!.set(key, n);
  return counts;
}

/** What each campaign has come to: cumulative, and each recipient in one state. Zeros for one that has no recipients. */
export async function readTotals(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, Totals>> {
  const counts = await readCounts(db, workspace_id, ids);
  return new Map([...counts].map(([id, of]) => [id, totalsOf(of)]));
}

export function totalsOf(counts: ReadonlyMap<string, number>): Totals {
  const reached = (name: keyof Reached) => counts.get(`reached.${name}`) ?? 0;
  const now = (name: keyof Now) => counts.get(`now.${name}`) ?? 0;
  return {
    reached: {
      audience: reached("audience"),
      skipped: reached("skipped"),
      queued: reached("queued"),
      submitted: reached("submitted"),
      sent: reached("sent"),
      delivered: reached("delivered"),
      read: reached("read"),
      played: reached("played"),
      replied: reached("replied"),
      clicked: reached("clicked"),
      opted_out: reached("opted_out"),
      failed: reached("failed"),
      limited: reached("limited"),
    },
    now: {
      waiting: now("waiting"),
      skipped: now("skipped"),
      queued: now("queued"),
      submitted: now("submitted"),
      sent: now("sent"),
      delivered: now("delivered"),
      read: now("read"),
      played: now("played"),
      failed: now("failed"),
      limited: now("limited"),
      unconfirmed: now("unconfirmed"),
      cancelled: now("cancelled"),
    },
  };
}

/** For `select …, count(*)::integer as n … group by` these columns: rows of campaign_recipients as `CountedGroup`s. */
export const groupColumns = (r: Sql): Sql => sql`
  ${r}.state, ${r}.skip_reason, ${r}.error_code, ${r}.country, ${r}.queued_at is not null as queued,
  ${r}.submitted_at is not null as submitted, ${r}.sent_at is not null as sent, ${r}.delivered_at is not null as delivered,
  ${r}.read_at is not null as read, ${r}.played_at is not null as played, ${r}.replied_at is not null as replied,
  ${r}.clicked_at is not null as clicked, ${r}.opted_out_at is not null as opted_out,
  ${r}.category || case when ${r}.billable then '.billable' else '.free' end as cost`;

/** For `group by`: all of `groupColumns`, by their places. */
export const GROUP_PLACES = sql`1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14`;

/** What the counts of a campaign must be, by its rows: once through all of them. */
export async function countsOfRows(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
): Promise<Map<string, number>> {
  const groups = await db.rows<CountedGroup>(sql`
    select ${groupColumns(sql`r`)}, count(*)::integer as n from campaign_recipients r
    where r.workspace_id = ${workspace_id} and r.campaign_id = ${campaign_id}
    group by ${GROUP_PLACES}`);
  const counts = new Map<string, number>();
  for (const group of groups)
    for (const { key, n } of changeCounts({ workspace_id, campaign_id }, null, group))
      counts.set(key, (counts.get(key) ?? 0) + n);
  return counts;
}
