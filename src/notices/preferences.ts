import type { Reply } from "../contract/contract.ts";
import { found, iso, sql, type Queryable } from "../db/db.ts";
import { NOTICE_KINDS } from "./kinds.ts";

type Preferences = Omit<Reply<"GET /api/v1/notice_preferences">, "mail_configured">;

/** What a user is told by email, and how the last one went; by primary keys. */
export async function readPreferences(
  db: Queryable,
  workspace_id: string,
  user_id: string,
): Promise<Preferences> {
  return found(
    await db.first<Preferences>(sql`
      select coalesce(p.kinds, case when m.role = 'owner' then ${NOTICE_KINDS}::text[] else '{}' end) as kinds,
        coalesce(p.digest_minutes, 30) as digest_minutes, t.error,
        case when t.failures > 0 then ${iso(sql`t.next_at`)} end as retry_at
      from members m
      left join notice_preferences p on p.workspace_id = m.workspace_id and p.user_id = m.user_id
      left join notice_mail_times t on t.workspace_id = m.workspace_id and t.user_id = m.user_id
      where m.workspace_id = ${workspace_id} and m.user_id = ${user_id}`),
  );
}

/** What waits of other kinds is no longer sent. */
export async function savePreferences(
  db: Queryable,
  workspace_id: string,
  user_id: string,
  { kinds, digest_minutes }: { kinds: readonly string[]; digest_minutes: number },
): Promise<void> {
  await db.run(sql`
    with saved as (
      insert into notice_preferences (workspace_id, user_id, kinds, digest_minutes)
      values (${workspace_id}, ${user_id}, ${[...kinds]}::text[], ${digest_minutes})
      on conflict (workspace_id, user_id) do update set kinds = excluded.kinds, digest_minutes = excluded.digest_minutes)
    delete from notice_mails w using notices n
    where w.workspace_id = ${workspace_id} and w.user_id = ${user_id}
      and n.workspace_id = w.workspace_id and n.id = w.notice_id and n.kind <> all(${[...kinds]}::text[])`);
}
