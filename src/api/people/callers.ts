import { sql } from "../../db/db.ts";
import { hashKey } from "./auth-words.ts";
import { asking, type PeopleParts } from "./people-parts.ts";

/** Who asks: a person by a session, or a program by an API key. Everything that follows is bound to the workspace. */
export interface Caller {
  workspace_id: string;
  workspace_name: string;
  user: { id: string; name: string; email: string } | null;
  /** Of an API key: the user who made it. */
  key_made_by: string | null;
  role: string;
  needs_password: boolean;
  /** Session cookies that better-auth renewed on the way, to be passed on. */
  set_cookie: string[];
}

export interface Credentials {
  authorization?: string | undefined;
  cookie?: string | undefined;
}

/** Null: no one that we know. An `Authorization` header counts alone, even when a cookie comes along. */
export async function whoIs(
  parts: PeopleParts,
  { authorization, cookie }: Credentials,
): Promise<Caller | null> {
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : callerOfKey(parts, key);
  }
  return cookie === undefined ? null : callerOfSession(parts, cookie);
}

/** The plugin's own check writes to the key's row at every request; this one reads, and records the use once a minute. */
async function callerOfKey({ db, environmentHashes }: PeopleParts, key: string): Promise<Caller | null> {
  const hashes = [hashKey(key), ...environmentHashes(key)];
  const found = await db.first<{
    workspace_id: string;
    id: string;
    name: string;
    role: string | null;
    key_made_by: string | null;
    stale: boolean;
  }>(sql`
    select k.workspace_id, k.id, w.name, k.metadata::jsonb ->> 'role' as role, k.created_by as key_made_by,
      k.last_request_at is null or k.last_request_at < now() - interval '1 minute' as stale
    from api_keys k join workspaces w on w.id = k.workspace_id
    where k.key_hash = any(${hashes}::text[]) and k.enabled and (k.expires_at is null or k.expires_at > now())`);
  if (!found) return null;
  if (found.stale) {
    await db.run(
      sql`update api_keys set last_request_at = now() where workspace_id = ${found.workspace_id} and id = ${found.id}`,
    );
  }
  return {
    workspace_id: found.workspace_id,
    workspace_name: found.name,
    user: null,
    key_made_by: found.key_made_by,
    role: found.role ?? "member",
    needs_password: false,
    set_cookie: [],
  };
}

async function callerOfSession(parts: PeopleParts, cookie: string): Promise<Caller | null> {
  const { headers, response } = await asking(parts, async () =>
    (await parts.auth()).api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
  );
  if (!response) return null;
  const { user, session } = response;
  const found = await parts.db.first<
    Pick<Caller, "workspace_id" | "workspace_name" | "role" | "needs_password">
  >(sql`
    select m.workspace_id, w.name as workspace_name, m.role,
      exists (select from sessions s where s.id = ${session.id} and s.entered_by_link)
        or not exists (select from user_accounts a where a.user_id = m.user_id and a.password is not null) as needs_password
    from members m join workspaces w on w.id = m.workspace_id
    where m.user_id = ${user.id}
    order by m.workspace_id = ${session.activeOrganizationId ?? null}::uuid desc nulls last, m.created_at, m.workspace_id
    limit 1`);
  if (!found) return null;
  return {
    ...found,
    user: { id: user.id, name: user.name, email: user.email },
    key_made_by: null,
    set_cookie: headers.getSetCookie(),
  };
}
