import { zoneOfCountry } from "../base/base.ts";
import { limitsOf, quietUntil, type MarketingLimits } from "../consent/consent.ts";
import { sql, type Queryable, type Sql } from "../db/db.ts";

const DAY_MS = 86_400_000;

/** The workspace's limits of marketing, for those who say beforehand what they would do; null: it has none. */
export async function readLimits(db: Queryable, workspace_id: string): Promise<MarketingLimits | null> {
  const row = await db.first<{ limits: MarketingLimits | null }>(
    sql`select ${limitsOf(sql`${workspace_id}::uuid`)} as limits`,
  );
  return row?.limits ?? null;
}

/** Whether the cap lets `contact` have no more now, as a claim counts it: by the keys of marketing_paces and sends. */
export const isCapped = (
  workspace_id: string,
  contact: Sql,
  cap: NonNullable<MarketingLimits["cap"]>,
  now_ms: number,
): Sql => sql`coalesce((
  select count(*) >= ${cap.messages} from marketing_paces pace cross join lateral jsonb_each(pace.sent) as each (send_id, at)
  join sends d on d.workspace_id = ${workspace_id} and d.id = each.send_id::uuid
    and d.state in ('sending', 'waiting', 'unconfirmed', 'sent')
  where pace.workspace_id = ${workspace_id} and pace.contact_id = ${contact}
    and pace.latest_at > ${new Date(now_ms - cap.days * DAY_MS)}
    and each.at::text::bigint > ${now_ms - cap.days * DAY_MS}::bigint), false)`;

/** Whether it is quiet for who is in this zone, else in this country, else where the policy says. */
export function isQuiet(
  { quiet, time_zone }: MarketingLimits,
  person: { time_zone: string | null; country: string | null },
  now_ms: number,
): boolean {
  const zone = person.time_zone ?? zoneOfCountry(person.country ?? "") ?? time_zone;
  return quiet !== null && quietUntil(quiet, zone, now_ms) !== null;
}
