import { sql, type Queryable, type Sql } from "../../db/db.ts";
import type { Charged, Pricer } from "../../costs/costs.ts";
import { UNKNOWN_COUNTRY } from "../counts/counts.ts";

/** What was charged, or not, of one group of a report. */
export interface CountedCost extends Charged {
  key: string;
  billable: boolean;
}

/**
 * Counts `cost.<country>.<category>.<billable|free>` of `k`, as `from` joins them, summed by `key`, and by the day from which
 * their price counts: one of the card's days, as prices don't change between them.
 */
export async function readCosts(
  db: Queryable,
  pricer: Pricer | null,
  key: Sql,
  from: Sql,
): Promise<CountedCost[]> {
  const rows = await db.rows<{ key: string; counted: string; day: string | null; n: number }>(sql`
    select ${key} as key, substr(k.key, 6) as counted,
      (select to_char(max(day), 'YYYY-MM-DD') from unnest(${[...(pricer?.days ?? [])]}::date[]) day
        where day <= (k.minute at time zone 'UTC')::date) as day,
      sum(k.n)::float8 as n
    from ${from} and k.key like 'cost.%'
    group by 1, 2, 3 having sum(k.n) <> 0`);
  return rows.map(({ key: of, counted, day, n }) => {
    const country = counted.slice(0, counted.indexOf("."));
    const kind = counted.slice(counted.lastIndexOf(".") + 1);
    return {
      key: of,
      country: country === UNKNOWN_COUNTRY ? null : country,
      category: counted.slice(country.length + 1, -kind.length - 1),
      billable: kind === "billable",
      day: day ?? "",
      messages: n,
    };
  });
}
