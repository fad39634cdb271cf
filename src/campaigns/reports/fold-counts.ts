import { sql, type Database, type Tx } from "../../db/db.ts";

/** A minute is over for every transaction that may still count in it. */
const FRESH_MIN = 10;
const HOURS_KEPT_H = 48;
const AT_ONCE = 5_000;
const HOURS = -1;
const FOLDED = -2;

interface Due {
  workspace_id: string;
  campaign_id: string;
}

/**
 * Counts become fewer as they age, so that a page of a campaign of any size sums some thousand rows: the slots of processes
 * become one, `reached.*` keeps its minutes, for how it went on, and all else is kept by the hour and after two days
 * by the day. Each step is one campaign's rows of one kind, replaced by their sums in one transaction.
 */
export async function foldCounts(db: Database): Promise<number> {
  let folded = 0;
  for (const { workspace_id, campaign_id } of await dueCampaigns(db, sql`slot >= 0`, FRESH_MIN))
    folded += await db.transaction((tx) => foldSlots(tx, workspace_id, campaign_id));
  for (const { workspace_id, campaign_id } of await dueCampaigns(db, sql`slot = ${HOURS}`, HOURS_KEPT_H * 60))
    folded += await db.transaction((tx) => foldHours(tx, workspace_id, campaign_id));
  return folded;
}

/** By campaign_counts__unfolded, the oldest first. */
const dueCampaigns = (db: Database, slots: ReturnType<typeof sql>, age_min: number): Promise<Due[]> =>
  db.rows<Due>(sql`
    select distinct workspace_id, campaign_id from (
      select workspace_id, campaign_id from campaign_counts
      where ${slots} and slot >= -1 and minute < now() - make_interval(mins => ${age_min})
      order by slot, minute limit ${AT_ONCE}) due`);

const foldSlots = (tx: Tx, workspace_id: string, campaign_id: string): Promise<number> =>
  tx.run(sql`
    with gone as (
      delete from campaign_counts
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and slot >= 0
        and minute < now() - make_interval(mins => ${FRESH_MIN})
      returning minute, key, n),
    sums as (
      select case when key like 'reached.%' then minute else date_trunc('hour', minute) end as at,
        case when key like 'reached.%' then ${FOLDED}::smallint else ${HOURS}::smallint end as slot, key, sum(n) as n
      from gone group by 1, 2, 3)
    insert into campaign_counts as c (workspace_id, campaign_id, minute, slot, key, n)
    select ${workspace_id}, ${campaign_id}, at, slot, key, n from sums order by at, slot, key
    on conflict (workspace_id, campaign_id, minute, slot, key) do update set n = c.n + excluded.n`);

const foldHours = (tx: Tx, workspace_id: string, campaign_id: string): Promise<number> =>
  tx.run(sql`
    with gone as (
      delete from campaign_counts
      where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and slot = ${HOURS}
        and minute < date_trunc('day', now() - make_interval(hours => ${HOURS_KEPT_H}), 'UTC')
      returning minute, key, n),
    sums as (select date_trunc('day', minute, 'UTC') as at, key, sum(n) as n from gone group by 1, 2)
    insert into campaign_counts as c (workspace_id, campaign_id, minute, slot, key, n)
    select ${workspace_id}, ${campaign_id}, at, ${FOLDED}::smallint, key, n from sums order by at, key
    on conflict (workspace_id, campaign_id, minute, slot, key) do update set n = c.n + excluded.n`);
