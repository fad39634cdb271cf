import { blockOf } from "../../accounts/accounts.ts";
import { limitsOf } from "../../consent/consent.ts";
import { named, sql, type Tx } from "../../db/db.ts";
import { pausedConnection } from "../number-views.ts";
import type { NumberLimits } from "./marketing-limits.ts";
import type { NumberKey } from "./numbers-due.ts";

/** No other process gets the number before these are over; nothing of a claim is sent so late (`USE_MS`). */
const LEASE_MS = 3_500;

/**
 * The rate of the number, whether Meta lets it send no templates, and the workspace's marketing limits, when its lease is ours. The rate doubles back up
 * each minute in which Meta was content.
 */
export async function leaseNumber(tx: Tx, number: NumberKey, leased_by: string, now: Date) {
  return tx.first<{ rate_per_s: number; holds_templates: boolean; limits: NumberLimits | null }>(named(
    "lease number",
  )`
    with free as (
      select l.*, coalesce(l.slowed_at < ${now}::timestamptz - interval '1 minute', false) as quiet
      from number_queues l
      where l.workspace_id = ${number.workspace_id} and l.phone_number_id = ${number.id}
        and (l.leased_by = ${leased_by} or coalesce(l.leased_until <= now(), true))
        and l.paused_at is null and coalesce(l.held_until <= ${now}, true)
        and not exists (
          select from phone_numbers n cross join lateral (${blockOf(sql`n`, sql`l.resumed_at`, sql`${now}::timestamptz`)}) block
          where n.workspace_id = l.workspace_id and n.id = l.phone_number_id and block.blocks = 'all')
        and not exists (
          select from phone_numbers n join connections c on c.id = n.connection_id
          join connection_pauses p on ${pausedConnection(sql`n`, sql`c`, sql`p`, sql`${now}::timestamptz`)}
          where n.workspace_id = l.workspace_id and n.id = l.phone_number_id)
      for no key update of l)
    update number_queues l set leased_by = ${leased_by}, leased_until = now() + ${LEASE_MS} * interval '1 ms',
      slowed_per_s = case when free.quiet then nullif(least(l.slowed_per_s * 2, l.throughput_per_s), l.throughput_per_s)
        else l.slowed_per_s end,
      slowed_at = case when not free.quiet then l.slowed_at when l.slowed_per_s * 2 < l.throughput_per_s then ${now}::timestamptz end,
      slowed_times = case when free.quiet then 0 else l.slowed_times end
    from free where l.workspace_id = free.workspace_id and l.phone_number_id = free.phone_number_id
    returning coalesce(l.slowed_per_s, l.throughput_per_s) as rate_per_s, exists (
      select from phone_numbers n cross join lateral (${blockOf(sql`n`, sql`l.resumed_at`, sql`${now}::timestamptz`)}) block
      where n.workspace_id = l.workspace_id and n.id = l.phone_number_id and block.blocks = 'templates') as holds_templates,
      ${limitsOf(sql`l.workspace_id`)}::jsonb || jsonb_build_object('counted', exists (
        select from marketing_fills f join marketing_policies p using (workspace_id, changed_at)
        where f.workspace_id = l.workspace_id and f.place is null)) as limits`);
}
