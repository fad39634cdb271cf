import type { z } from "zod";
import { isTimeZone, Problem } from "../base/base.ts";
import type * as shapes from "../contract/consent.ts";
import { iso, sql, type Database, type Queryable } from "../db/db.ts";
import { longestQuiet_min, type QuietHours } from "./quiet-hours.ts";

type MarketingPolicy = z.infer<typeof shapes.MarketingPolicy>;

/** By the key of marketing_policies. */
export async function getPolicy(db: Queryable, workspace_id: string): Promise<MarketingPolicy> {
  const row = await db.first<MarketingPolicy>(sql`
    select case when p.cap_messages is not null then json_build_object('messages', p.cap_messages, 'days', p.cap_days) end as cap,
      p.quiet, p.time_zone, p.people, ${iso(sql`p.changed_at`)} as changed_at,
      case when u.id is not null then json_build_object('id', u.id, 'name', coalesce(nullif(u.name, ''), u.email)) end as user
    from marketing_policies p left join users u on u.id = p.user_id where p.workspace_id = ${workspace_id}`);
  return row ?? { cap: null, quiet: null, time_zone: "UTC", people: false, changed_at: null, user: null };
}

/** Longer quiet than that and messages are given up before they may go: they wait for three days. */
const MOST_QUIET_MIN = 71 * 60;

/** What is not named stays. Senders keep to it from their next claim on. Throws QUIET_HOURS_INVALID and TIME_ZONE_INVALID. */
export async function changePolicy(
  db: Database,
  workspace_id: string,
  change: z.infer<typeof shapes.MarketingPolicyChange>,
  user_id: string | null,
): Promise<MarketingPolicy> {
  return db.transaction(async (tx) => {
    await tx.run(
      sql`insert into marketing_policies (workspace_id) values (${workspace_id}) on conflict do nothing`,
    );
    await tx.run(sql`select from marketing_policies where workspace_id = ${workspace_id} for no key update`);
    const known = await getPolicy(tx, workspace_id);
    const {
      cap = known.cap,
      quiet = known.quiet,
      time_zone = known.time_zone,
      people = known.people,
    } = change;
    if (!isTimeZone(time_zone)) throw new Problem("TIME_ZONE_INVALID", `“${time_zone}” is no time zone.`);
    if (quiet !== null) checkQuiet(quiet);
    await tx.run(sql`
      update marketing_policies set cap_messages = ${cap?.messages ?? null}, cap_days = ${cap?.days ?? null},
        quiet = ${quiet ? JSON.stringify(quiet) : null}::jsonb, time_zone = ${time_zone}, people = ${people},
        changed_at = clock_timestamp(), user_id = ${user_id}
      where workspace_id = ${workspace_id}`);
    await tx.run(sql`select pg_notify('sends', '')`);
    return getPolicy(tx, workspace_id);
  });
}

function checkQuiet(quiet: QuietHours): void {
  const { from, to, days, whole_days } = quiet;
  if ((from === null) !== (to === null))
    throw new Problem("QUIET_HOURS_INVALID", "Quiet hours need both a beginning and an end, or neither.");
  if (from !== null && from === to)
    throw new Problem("QUIET_HOURS_INVALID", "Quiet hours need an end that differs from their beginning.");
  if (whole_days.length === 0 && (from === null || days.length === 0))
    throw new Problem("QUIET_HOURS_INVALID", "Quiet hours need at least one day of the week.");
  const longest_min = longestQuiet_min(quiet);
  if (longest_min === null)
    throw new Problem("QUIET_HOURS_INVALID", "It would always be quiet: nothing would ever be sent.");
  if (longest_min > MOST_QUIET_MIN)
    throw new Problem(
      "QUIET_HOURS_INVALID",
      `It would be quiet for ${Math.ceil(longest_min / 60)} hours at a stretch. A message waits for three days at most, so at most ${MOST_QUIET_MIN / 60} hours can be quiet.`,
    );
}
