import type { z } from "zod";
import { grouped } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";
import { moneyOf, readPricer, sumUnpriced, type Pricer } from "../../costs/costs.ts";
import { readCosts, type CountedCost } from "./read-costs.ts";
import { NO_NUMBER, NO_TEMPLATE, UNKNOWN } from "./texts.ts";

export type ReportQuery = z.infer<typeof shapes.ReportQuery>;
export type CampaignReport = z.infer<typeof shapes.CampaignReport>;
type Reached = shapes.Reached;

export const COUNTS = [
  "audience",
  "skipped",
  "queued",
  "submitted",
  "sent",
  "delivered",
  "read",
  "played",
  "replied",
  "clicked",
  "opted_out",
  "failed",
  "limited",
] as const satisfies readonly (keyof Reached)[];

interface Grouping {
  key: Sql;
  title: Sql;
  order: "key" | "audience";
}

/** What stands behind `key` in counts `k` of a campaign `c`, for people and programs. */
const GROUPINGS: Readonly<Record<ReportQuery["by"], Grouping>> = {
  day: {
    key: sql`to_char(k.minute at time zone 'UTC', 'YYYY-MM-DD')`,
    title: sql`to_char(k.minute at time zone 'UTC', 'YYYY-MM-DD')`,
    order: "key",
  },
  campaign: { key: sql`c.id::text`, title: sql`c.name`, order: "audience" },
  template: {
    key: sql`coalesce(c.template_name || ':' || c.template_language, c.template_group_id::text, '')`,
    title: sql`coalesce(c.template_name || ' (' || c.template_language || ')', g.name, ${NO_TEMPLATE})`,
    order: "audience",
  },
  category: {
    key: sql`coalesce(lower(t.category), '')`,
    title: sql`coalesce(initcap(t.category), ${UNKNOWN})`,
    order: "audience",
  },
  country: {
    key: sql`split_part(k.key, '.', 2)`,
    title: sql`split_part(k.key, '.', 2)`,
    order: "audience",
  },
  number: {
    key: sql`coalesce(c.phone_number_id::text, '')`,
    title: sql`coalesce(n.display_phone_number, n.phone_number_id, ${NO_NUMBER})`,
    order: "audience",
  },
};

/**
 * What happened in a time over all campaigns, from their counts: by the primary keys of campaigns and campaign_counts. A
 * reply of today to last week's campaign is of today.
 */
export async function reportCampaigns(
  db: Queryable,
  workspace_id: string,
  { by, since, until, phone_number_id }: ReportQuery,
): Promise<CampaignReport> {
  const { key, title, order } = GROUPINGS[by];
  const prefix = by === "country" ? "country." : "reached.";
  const count = by === "country" ? sql`split_part(k.key, '.', 3)` : sql`substr(k.key, 9)`;
  const from = sql`campaigns c
      join campaign_counts k on k.workspace_id = c.workspace_id and k.campaign_id = c.id
        and k.minute >= ${since ?? "-infinity"}::timestamptz and k.minute < ${until ?? "infinity"}::timestamptz
      left join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
      left join template_groups g on g.workspace_id = c.workspace_id and g.id = c.template_group_id
      left join lateral (
        select t.category from templates t
        where t.workspace_id = c.workspace_id and t.name = c.template_name and t.language = c.template_language
          and t.waba_id = n.waba_id
        limit 1) t on ${by === "category"}
      where c.workspace_id = ${workspace_id} and c.started_at is not null
        and (${phone_number_id ?? null}::uuid is null or c.phone_number_id = ${phone_number_id ?? null})`;
  const counted = await db.rows<{ key: string; title: string; counts: Record<string, number> }>(sql`
    with sums as (
      select ${key} as key, max(${title}) as title, ${count} as count, sum(k.n) as n
      from ${from} and (k.key like ${`${prefix}%`} or k.key like 'cost.%') group by 1, 3)
    select key, max(title) as title, json_object_agg(count, n) as counts from sums
    where n <> 0 group by key order by key`);
  const pricer = await readPricer(db, workspace_id);
  const costs = await readCosts(db, pricer, key, from);
  const by_key = grouped(costs, (cost) => cost.key);
  const rows = counted.map(({ counts, ...row }) => ({
    key: row.key,
    title: by === "country" ? countryName(row.key) : row.title,
    counts: reachedOf(counts),
    cost: costOf(pricer, by_key.get(row.key) ?? []),
  }));
  if (order === "audience") rows.sort((a, b) => b.counts.audience - a.counts.audience);
  return {
    by,
    rows,
    total: totalOf(rows.map(({ counts }) => counts)),
    total_cost: costOf(pricer, costs),
    currency: pricer?.currency ?? null,
  };
}

function costOf(pricer: Pricer | null, costs: readonly CountedCost[]): shapes.ReportCost {
  const sum = (is: boolean) =>
    costs.reduce((total, { billable, messages }) => total + (billable === is ? messages : 0), 0);
  const money =
    pricer === null
      ? null
      : moneyOf(
          pricer,
          costs.filter(({ billable }) => billable),
        );
  return {
    billable: sum(true),
    free: sum(false),
    amount: money?.amount ?? null,
    unpriced: money === null ? sum(true) : sumUnpriced(money),
  };
}

function reachedOf(counts: Readonly<Record<string, number>>): Reached {
  return Object.fromEntries(COUNTS.map((count) => [count, counts[count] ?? 0])) as Reached;
}

function totalOf(all: readonly Reached[]): Reached {
  const sum = (count: keyof Reached) => all.reduce((total, counts) => total + counts[count], 0);
  return Object.fromEntries(COUNTS.map((count) => [count, sum(count)])) as Reached;
}

const COUNTRIES = new Intl.DisplayNames("en", { type: "region", fallback: "code" });
const countryName = (code: string): string =>
  code === "ZZ" ? UNKNOWN : /^[A-Z]{2}$/.test(code) ? COUNTRIES.of(code)! : code;
