import { Problem } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import { iso, sql, type Queryable } from "../../db/db.ts";
import type { Caller } from "../people/people.ts";

type SessionView = Reply<"GET /api/v1/sessions">["data"][number];

const userOf = ({ user }: Caller): string => {
  if (!user) throw new Problem("INVALID_REQUEST", "An API key has no sessions.");
  return user.id;
};

/** Where a person is signed in, the latest first. By sessions__user_id; how long each lasts, the workspace says. */
export async function listSessions(db: Queryable, caller: Caller): Promise<{ data: SessionView[] }> {
  const data = await db.rows<SessionView>(sql`
    with mine as (
      select s.*, s.last_used_at + make_interval(secs => w.session_idle_s) as idle_until,
        s.created_at + make_interval(secs => w.session_absolute_s) as ends_at
      from sessions s join workspaces w on w.id = ${caller.workspace_id}
      where s.user_id = ${userOf(caller)} and s.expires_at > now())
    select id, id = ${caller.session?.id ?? null}::uuid as is_current, ip_address as address, user_agent,
      ${iso(sql`created_at`)} as created_at, ${iso(sql`last_used_at`)} as last_used_at,
      ${iso(sql`least(idle_until, ends_at)`)} as idle_until, ${iso(sql`ends_at`)} as ends_at
    from mine where idle_until > now() and ends_at > now()
    order by last_used_at desc, id`);
  return { data };
}

/** Throws NOT_FOUND for one that isn't theirs. */
export async function endSession(db: Queryable, caller: Caller, id: string): Promise<void> {
  const gone = await db.run(sql`delete from sessions where id = ${id} and user_id = ${userOf(caller)}`);
  if (gone === 0) throw new Problem("NOT_FOUND");
}
