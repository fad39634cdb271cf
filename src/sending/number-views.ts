import { blockOf, factOf } from "../accounts/accounts.ts";
import type { Reply } from "../contract/contract.ts";
import { found, iso, sql, type Queryable, type Sql } from "../db/db.ts";
import { listedApproved } from "../templates/templates.ts";

type PhoneNumberView = Reply<"GET /api/v1/phone_numbers">["data"][number];

/** The pause of the number, or that of its connection: the row of either, and until when it holds. */
export const pausedConnection = (number: Sql, connection: Sql, pause: Sql, now: Sql): Sql => sql`
  ${pause}.workspace_id = ${number}.workspace_id and ${pause}.connection_id = ${connection}.id
    and ${pause}.paused_at >= ${connection}.updated_at and coalesce(${pause}.until > ${now}, true)`;

/** Refusals for the state that a template is in. Where the template itself is refused, Meta goes on listing it as approved. */
const OF_STATE = ["TEMPLATE_MISSING", "TEMPLATE_PAUSED", "TEMPLATE_DISABLED"];

/**
 * Meta refused the template, and has neither changed nor approved it since; nor, when it was for its state, listed it
 * as approved.
 */
export const stillRefused = (refusal: Sql, template: Sql): Sql => sql`
  ${refusal}.refused_at > greatest(coalesce(${template}.components_at, '-infinity'),
    case when ${template}.status = 'APPROVED' then coalesce(${template}.status_at, '-infinity') else '-infinity' end)
  and not (${refusal}.error ->> 'symbol' = any(${OF_STATE}::text[]) and coalesce(${template}.status = 'APPROVED', false)
    and ${listedApproved(template, sql`${refusal}.refused_at`)})`;

/** The workspace's business numbers and how they send. `queued` is counted by sends__due and is small, or a campaign. */
function phoneNumbers(db: Queryable, workspace_id: string, where: Sql): Promise<PhoneNumberView[]> {
  return db.rows(sql`
    select n.id, n.connection_id, n.phone_number_id, n.waba_id, n.display_phone_number,
      coalesce(${factOf(sql`n`, "verified_name", "name", sql`n.told_at`)}, n.verified_name) as verified_name,
      case ${factOf(sql`n`, "flag", "flagged", sql`n.told_at`)} when 'true' then 'RED' when 'false' then nullif(n.quality, 'RED')
        else n.quality end as quality,
      ${factOf(sql`n`, "name", "decision")} as name_status, ${factOf(sql`n`, "limit", "limit")} as messaging_limit,
      ${iso(sql`n.last_webhook_at`)} as last_webhook_at, c.access_token is not null as connected,
      json_build_object(
        'throughput_per_s', least(l.slowed_per_s, coalesce(l.throughput_per_s, 80)),
        'paused', case
          when l.paused_at is not null then json_build_object('reason', l.pause_error ->> 'says', 'code',
            l.pause_error -> 'code', 'since', ${iso(sql`l.paused_at`)}, 'until', null, 'scope', 'all')
          when p.paused_at is not null then json_build_object('reason', p.error ->> 'says', 'code', p.error -> 'code',
            'since', ${iso(sql`p.paused_at`)}, 'until', ${iso(sql`p.until`)}, 'scope', 'all')
          when b.at is not null then json_build_object('reason', b.says, 'code', null, 'since', ${iso(sql`b.at`)},
            'until', ${iso(sql`b.until`)}, 'scope', b.blocks) end,
        'queued', (select count(*) from sends d where d.workspace_id = n.workspace_id and d.phone_number_id = n.id
          and d.state = 'queued')) as sending
    from phone_numbers n
    join connections c on c.id = n.connection_id
    left join number_queues l on l.workspace_id = n.workspace_id and l.phone_number_id = n.id
    left join connection_pauses p on ${pausedConnection(sql`n`, sql`c`, sql`p`, sql`now()`)}
    left join lateral (
      select * from (${blockOf(sql`n`, sql`l.resumed_at`, sql`now()`)}) block
      order by block.blocks = 'all' desc, block.until desc nulls first, block.at desc, block.says limit 1) b on true
    where n.workspace_id = ${workspace_id} and ${where} order by n.created_at, n.id`);
}

export const listPhoneNumbers = (db: Queryable, workspace_id: string): Promise<PhoneNumberView[]> =>
  phoneNumbers(db, workspace_id, sql`true`);

export async function getPhoneNumber(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<PhoneNumberView> {
  return found((await phoneNumbers(db, workspace_id, sql`n.id = ${id}`))[0]);
}
