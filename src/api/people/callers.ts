import { sql } from "../../db/db.ts";
import type { Viewer } from "../../inbox/inbox.ts";
import type { ScopeKind } from "../../contract/contract.ts";
import { hashKey } from "./auth-words.ts";
import type { Caller, RightsRow } from "./caller.ts";
import { asking, type PeopleParts } from "./people-parts.ts";
import { rightsOf } from "./rights.ts";

export interface Credentials {
  authorization?: string | undefined;
  cookie?: string | undefined;
  /** Where the request came from. */
  address?: string | undefined;
}

/** How long after the password was given secrets are shown and roles are changed. */
const STEP_UP_S = 600;

/** Null: no one that we know. An `Authorization` header counts alone, even when a cookie comes along. */
export async function whoIs(
  parts: PeopleParts,
  { authorization, cookie, address }: Credentials,
): Promise<Caller | null> {
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : callerOfKey(parts, key, address ?? null);
  }
  return cookie === undefined ? null : callerOfSession(parts, cookie);
}

/** The plugin's own check writes to the key's row at every request; this one reads, and its use is recorded by the minute. */
async function callerOfKey(
  { db, environmentHashes }: PeopleParts,
  key: string,
  address: string | null,
): Promise<Caller | null> {
  const hashes = [hashKey(key), ...environmentHashes(key)];
  const found = await db.first<
    RightsRow & {
      workspace_id: string;
      workspace_name: string;
      id: string;
      name: string | null;
      made_by: string | null;
      rate_limit_per_s: number;
      allowed_addresses: string[];
      phone_number_ids: string[];
      last_address: string | null;
      is_stale: boolean;
    }
  >(sql`
    select k.workspace_id, w.name as workspace_name, k.id, k.name, k.created_by as made_by, k.role, k.role_id, r.name as role_name,
      coalesce(k.grants, r.permissions) as permissions, r.sees_numbers, k.rate_limit_per_s, k.allowed_addresses,
      k.phone_number_ids, k.last_address,
      k.last_request_at is null or k.last_request_at < now() - interval '1 minute'
        or k.last_address is distinct from coalesce(${address}, k.last_address) as is_stale
    from api_keys k join workspaces w on w.id = k.workspace_id
    left join roles r on r.workspace_id = k.workspace_id and r.id = k.role_id
    where k.key_hash = any(${hashes}::text[]) and k.enabled and (k.expires_at is null or k.expires_at > now())`);
  if (!found) return null;
  if (found.is_stale)
    await db.run(sql`
      update api_keys set last_request_at = now(), last_address = coalesce(${address}, last_address)
      where workspace_id = ${found.workspace_id} and id = ${found.id}`);
  const { phone_number_ids } = found;
  const viewer: Viewer =
    phone_number_ids.length === 0 ? { scope: "all" } : { scope: "numbers", phone_number_ids };
  return {
    ...rightsOf(found),
    workspace_id: found.workspace_id,
    workspace_name: found.workspace_name,
    user: null,
    key: {
      id: found.id,
      name: found.name ?? "API key",
      made_by: found.made_by,
      rate_limit_per_s: found.rate_limit_per_s,
      allowed_addresses: found.allowed_addresses,
    },
    scope: viewer.scope,
    viewer,
    session: null,
    needs_password: false,
    set_cookie: [],
  };
}

interface MemberRow extends RightsRow {
  workspace_id: string;
  workspace_name: string;
  scope: ScopeKind;
  phone_number_ids: string[];
  needs_password: boolean;
  is_fresh: boolean;
  has_ended: boolean;
  is_stale: boolean;
}

async function callerOfSession(parts: PeopleParts, cookie: string): Promise<Caller | null> {
  const { headers, response } = await asking(parts, async () =>
    (await parts.auth()).api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
  );
  if (!response) return null;
  const { user, session } = response;
  const found = await parts.db.first<MemberRow>(sql`
    select m.workspace_id, w.name as workspace_name, m.role, m.role_id, r.name as role_name, r.permissions, r.sees_numbers,
      m.scope, array(select n.phone_number_id from member_numbers n
        where n.workspace_id = m.workspace_id and n.user_id = m.user_id) as phone_number_ids,
      s.entered_by_link
        or not exists (select from user_accounts a where a.user_id = m.user_id and a.password is not null) as needs_password,
      s.proved_at > now() - make_interval(secs => ${STEP_UP_S}) as is_fresh,
      s.last_used_at < now() - make_interval(secs => w.session_idle_s)
        or s.created_at < now() - make_interval(secs => w.session_absolute_s) as has_ended,
      s.last_used_at < now() - interval '1 minute' or m.last_seen_at is null
        or m.last_seen_at < now() - interval '1 minute' as is_stale
    from sessions s join members m on m.user_id = s.user_id join workspaces w on w.id = m.workspace_id
    left join roles r on r.workspace_id = m.workspace_id and r.id = m.role_id
    where s.id = ${session.id} and m.deactivated_at is null
    order by m.workspace_id = s.active_workspace_id desc nulls last, m.created_at, m.workspace_id
    limit 1`);
  if (!found) return null;
  if (found.has_ended) {
    await parts.db.run(sql`delete from sessions where id = ${session.id}`);
    return null;
  }
  if (found.is_stale) await recordUse(parts, session.id, found.workspace_id);
  const { phone_number_ids, scope } = found;
  return {
    ...rightsOf(found),
    workspace_id: found.workspace_id,
    workspace_name: found.workspace_name,
    user: { id: user.id, name: user.name, email: user.email },
    key: null,
    scope,
    viewer:
      scope === "all"
        ? { scope }
        : scope === "numbers"
          ? { scope, phone_number_ids }
          : { scope, user_id: user.id, phone_number_ids: null },
    session: { id: session.id, is_fresh: found.is_fresh },
    needs_password: found.needs_password,
    set_cookie: headers.getSetCookie(),
  };
}

/** By the minute, so that reading a page does not write for each request. */
async function recordUse({ db }: PeopleParts, session_id: string, workspace_id: string): Promise<void> {
  await db.run(sql`
    with used as (update sessions set last_used_at = now() where id = ${session_id} returning user_id)
    update members m set last_seen_at = now() from used
    where m.workspace_id = ${workspace_id} and m.user_id = used.user_id`);
}
