import type { Reply } from "../contract/contract.ts";
import { iso, sql, uuidArray, type Queryable } from "../db/db.ts";
import { namedTemplates, type TemplateName, type TemplateUse } from "../templates/templates.ts";
import { stillRefused } from "./number-views.ts";

/** More of them are told as "more". */
const QUEUED_CAP = 10_000;
const SENT_CAP = 20_000;

/** Messages that wait to be sent by a template; by sends__due, as the queue is small, or a campaign. */
export const messageUse: TemplateUse = {
  kind: "messages",
  async count(db, workspace_id, templates) {
    const row = await db.first<{ count: number; people: number }>(sql`
      select count(*)::integer as count, count(distinct waiting.to_value)::integer as people from (
        select d.to_value from sends d
        join phone_numbers n on n.workspace_id = d.workspace_id and n.id = d.phone_number_id
        join ${namedTemplates(templates)} on named.name = d.template_name and named.language = d.template_language
          and named.waba_id = n.waba_id
        where d.workspace_id = ${workspace_id} and d.state = 'queued' limit ${QUEUED_CAP + 1}) waiting`);
    const { count, people } = row!;
    return { count: Math.min(count, QUEUED_CAP), more: count > QUEUED_CAP, people, names: [] };
  },
  says: (count) =>
    count === 1 ? "1 message that waits to be sent" : `${count} messages that wait to be sent`,
};

type Detail = Reply<"GET /api/v1/templates/:id">;

/**
 * How far the messages of a template are now, those of 7 and of 30 days, by when they were asked for (sends__template,
 * then the keys of messages and message_statuses): each counts once, as failed, read, delivered or sent. The newest
 * 20,000 take about 0.4 s.
 */
export async function messagesBy(
  db: Queryable,
  workspace_id: string,
  { waba_id, name, language }: TemplateName,
): Promise<Detail["messages"]> {
  const rows = await db.rows<{
    is_new: boolean;
    total: number;
    failed: number;
    read: number;
    delivered: number;
  }>(sql`
    with recent as materialized (
      select d.id, d.state, d.asked_at from sends d
      join phone_numbers n on n.workspace_id = d.workspace_id and n.id = d.phone_number_id and n.waba_id = ${waba_id}
      where d.workspace_id = ${workspace_id} and d.template_name = ${name} and d.template_language = ${language}
        and d.asked_at > now() - interval '30 days'
      order by d.asked_at desc limit ${SENT_CAP})
    select r.asked_at > now() - interval '7 days' as is_new, count(*)::integer as total,
      (count(*) filter (where r.state = 'failed' or s.status = 3))::integer as failed,
      (count(*) filter (where s.status >= 5))::integer as read,
      (count(*) filter (where s.status = 4))::integer as delivered
    from recent r
    join messages m on m.workspace_id = ${workspace_id} and m.id = r.id
    left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
    group by 1`);
  const none = { total: 0, sent: 0, delivered: 0, read: 0, failed: 0 };
  const add = (sum: typeof none, { total, failed, read, delivered }: (typeof rows)[number]) => ({
    total: sum.total + total,
    failed: sum.failed + failed,
    read: sum.read + read,
    delivered: sum.delivered + delivered,
    sent: sum.sent + total - failed - read - delivered,
  });
  const days_30 = rows.reduce(add, none);
  return {
    days_7: rows.filter(({ is_new }) => is_new).reduce(add, none),
    days_30,
    more: days_30.total >= SENT_CAP,
  };
}

/** What Meta last refused to send by it, while that stands. */
export async function refusedBy(db: Queryable, workspace_id: string, id: string): Promise<Detail["refused"]> {
  const row = await db.first<NonNullable<Detail["refused"]>>(sql`
    select r.error ->> 'says' as says, r.error ->> 'advice' as advice, ${iso(sql`r.refused_at`)} as at
    from templates t
    join template_refusals r on r.workspace_id = t.workspace_id and r.waba_id = t.waba_id and r.name = t.name
      and r.language = t.language
    where t.workspace_id = ${workspace_id} and t.id = ${id} and ${stillRefused(sql`r`, sql`t`)}`);
  return row ?? null;
}

/** Why Meta refuses to send by these templates, while that stands; by their ids. By the key of template_refusals. */
export async function refusalsOf(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.rows<{ id: string; says: string }>(sql`
    select t.id, coalesce(r.error ->> 'details', r.error ->> 'says') as says
    from templates t
    join template_refusals r on r.workspace_id = t.workspace_id and r.waba_id = t.waba_id and r.name = t.name
      and r.language = t.language
    where t.workspace_id = ${workspace_id} and t.id = any(${uuidArray(ids)}::uuid[]) and ${stillRefused(sql`r`, sql`t`)}`);
  return new Map(rows.map(({ id, says }) => [id, says]));
}
