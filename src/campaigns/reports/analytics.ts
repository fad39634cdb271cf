import type { z } from "zod";
import { grouped } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import { found, iso, sql, type Queryable } from "../../db/db.ts";
import { moneyOf, readPricer, sumUnpriced, type Pricer } from "../../costs/costs.ts";
import { readCounts, totalsOf } from "../counts/counts.ts";
import { readGaps, type GapSources } from "./gaps.ts";
import { readCosts, type CountedCost } from "./read-costs.ts";
import { explainCode, LIMITED_CODE, skipTitle } from "./reasons.ts";

type Analytics = z.infer<typeof shapes.CampaignAnalytics>;
type Counts = ReadonlyMap<string, number>;

/**
 * What became of a campaign, from its counts: no number here reads its recipients, so a campaign of ten million answers as
 * one of a thousand does. Only the times are of the newest 10,000 that arrived, by campaign_recipients__newest.
 */
export async function readAnalytics(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  sources: GapSources,
): Promise<Analytics> {
  const { read_at } = found(
    await db.first<{ read_at: string }>(sql`
      select ${iso(sql`now()`)} as read_at from campaigns
      where workspace_id = ${workspace_id} and id = ${campaign_id}`),
  );
  const counts = (await readCounts(db, workspace_id, [campaign_id])).get(campaign_id)!;
  const { reached, now } = totalsOf(counts);
  const pricer = await readPricer(db, workspace_id);
  const costs = await readCosts(
    db,
    pricer,
    sql`''`,
    sql`campaign_counts k where k.workspace_id = ${workspace_id} and k.campaign_id = ${campaign_id}`,
  );
  return {
    reached,
    now,
    skipped: skippedOf(counts),
    failures: await failuresOf(db, workspace_id, campaign_id, counts),
    countries: countriesOf(counts),
    time_to: await readTimes(db, workspace_id, campaign_id),
    cost: costOf(costs, pricer),
    money:
      pricer === null
        ? null
        : moneyOf(
            pricer,
            costs.filter(({ billable }) => billable),
          ),
    updated_at: read_at,
    partial: await readGaps(db, workspace_id, campaign_id, now, sources),
  };
}

/** What stands behind `prefix.`, most first. */
function under(counts: Counts, prefix: string): [rest: string, n: number][] {
  return [...counts]
    .flatMap(([key, n]): [string, number][] =>
      n !== 0 && key.startsWith(`${prefix}.`) ? [[key.slice(prefix.length + 1), n]] : [],
    )
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

const skippedOf = (counts: Counts): Analytics["skipped"] =>
  under(counts, "skipped").map(([reason, count]) => ({
    reason: reason as shapes.SkipReason,
    title: skipTitle(reason as shapes.SkipReason),
    count,
  }));

/** A code that the catalogue doesn't have is told in the words that Meta sent with one of them. */
async function failuresOf(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
  counts: Counts,
): Promise<Analytics["failures"]> {
  const failures = under(counts, "failed").map(([code, count]) => ({ code: Number(code), count }));
  if (failures.length === 0) return [];
  // One of each, by campaign_recipients__error_code.
  const said = await db.rows<{ code: number; error: { title?: string; details?: string } | null }>(sql`
    select f.code, r.error from unnest(${failures.map(({ code }) => code)}::integer[]) f (code)
    cross join lateral (
      select r.error from campaign_recipients r
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${campaign_id} and r.error_code = f.code
      order by r.contact_id limit 1) r`);
  const words = new Map(said.map(({ code, error }) => [code, error]));
  return failures.map(({ code, count }) => ({
    ...explainCode(code, words.get(code) ?? null),
    count,
    limited: code === LIMITED_CODE,
  }));
}

function countriesOf(counts: Counts): Analytics["countries"] {
  const countries = new Map<string, Record<string, number>>();
  for (const [key, n] of under(counts, "country")) {
    const [country = "", count = ""] = key.split(".");
    const row = countries.get(country) ?? {};
    row[count] = n;
    countries.set(country, row);
  }
  return [...countries]
    .toSorted(([a, x], [b, y]) => (y["audience"] ?? 0) - (x["audience"] ?? 0) || (a < b ? -1 : 1))
    .map(([country, row]) => ({ ...row, country: country === "ZZ" ? null : country }));
}

/** By Meta's categories, most first: of those that arrived, as Meta charges what is delivered. */
function costOf(costs: readonly CountedCost[], pricer: Pricer | null): Analytics["cost"] {
  const sum = (some: readonly CountedCost[]) => some.reduce((total, { messages }) => total + messages, 0);
  return [...grouped(costs, ({ category }) => category)]
    .map(([category, all]) => {
      const charged = all.filter(({ billable }) => billable);
      const billable = sum(charged);
      const money = pricer === null ? null : moneyOf(pricer, charged);
      const is_priced = money !== null && (billable === 0 || sumUnpriced(money) < billable);
      return { category, billable, free: sum(all) - billable, amount: is_priced ? money.amount : null };
    })
    .toSorted((a, b) => b.billable + b.free - a.billable - a.free || (a.category < b.category ? -1 : 1));
}

const NEWEST = 10_000;
/** Among so many of the newest messages those that arrived are looked for. */
const LOOKED_AT = 2 * NEWEST;

interface Quantiles {
  p50_s: number;
  p95_s: number;
}

/** From when Meta took a message. Its clock tells whole seconds, so what arrived within the same one took none. */
async function readTimes(
  db: Queryable,
  workspace_id: string,
  campaign_id: string,
): Promise<{ deliver: Quantiles | null; read: Quantiles | null }> {
  const row = await db.first<{ deliver: number[] | null; read: number[] | null }>(sql`
    with newest as (
      select taken_at, delivered_at, read_at from (
        select coalesce(sent_at, submitted_at) as taken_at, delivered_at, read_at from campaign_recipients
        where workspace_id = ${workspace_id} and campaign_id = ${campaign_id} and message_id is not null
        order by message_id desc limit ${LOOKED_AT}) r
      where delivered_at is not null limit ${NEWEST})
    select
      percentile_cont(array[0.5, 0.95]) within group (
        order by extract(epoch from greatest(delivered_at - taken_at, interval '0'))) as deliver,
      percentile_cont(array[0.5, 0.95]) within group (
        order by extract(epoch from greatest(read_at - taken_at, interval '0')))
        filter (where read_at is not null) as read
    from newest`);
  const quantiles = (found: number[] | null | undefined): Quantiles | null =>
    found ? { p50_s: rounded(found[0]!), p95_s: rounded(found[1]!) } : null;
  return { deliver: quantiles(row?.deliver), read: quantiles(row?.read) };
}

const rounded = (seconds: number) => Math.round(seconds * 10) / 10;
