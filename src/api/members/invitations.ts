import { randomBytes } from "node:crypto";
import { newId, Problem } from "../../base/base.ts";
import type { Reply, Seen } from "../../contract/contract.ts";
import { found, iso, sql, type Database, type Keep, type Queryable, type Tx } from "../../db/db.ts";
import { type Caller, hashKey, readRole, requireCovers, type RightsRow, rightsOf } from "../people/people.ts";
import { requireOwnScope, requireScope, setNumbers } from "./member-list.ts";

export type InvitationView = Reply<"GET /api/v1/invitations">["data"][number];
export type MadeInvitation = InvitationView & { path: string };

const VALID_DAYS = 7;
const pathOf = (token: string) => `/invitation/${token}`;
const newToken = () => randomBytes(24).toString("base64url");

type InvitationRow = Omit<InvitationView, "role" | "role_name"> & RightsRow;

async function invitations(db: Queryable, workspace_id: string, id?: string): Promise<InvitationView[]> {
  const rows = await db.rows<InvitationRow>(sql`
    select i.id, i.email, i.role, i.role_id, r.name as role_name, r.permissions, r.sees_numbers, i.scope, i.phone_number_ids,
      u.name as invited_by, ${iso(sql`i.created_at`)} as created_at, ${iso(sql`i.expires_at`)} as expires_at,
      i.expires_at <= now() as is_expired
    from invitations i join users u on u.id = i.inviter_id
    left join roles r on r.workspace_id = i.workspace_id and r.id = i.role_id
    where i.workspace_id = ${workspace_id} and i.status = 'pending' and ${id === undefined ? sql`true` : sql`i.id = ${id}`}
    order by i.id desc`);
  return rows.map(({ role_id, permissions, sees_numbers, ...row }) => {
    const rights = rightsOf({ role: row.role, role_id, role_name: row.role_name, permissions, sees_numbers });
    return { ...row, role: rights.role, role_name: rights.role_name };
  });
}

export const listInvitations = async (db: Queryable, workspace_id: string) => ({
  data: await invitations(db, workspace_id),
});

/** One for each email: another replaces it. Throws ALREADY_MEMBER. */
export async function invite(
  db: Database,
  caller: Caller,
  body: Seen<"POST /api/v1/invitations">["body"],
  keep: Keep<MadeInvitation>,
): Promise<MadeInvitation> {
  const { workspace_id, user } = caller;
  if (!user) throw new Problem("FORBIDDEN", "Only a person invites others.");
  const email = body.email.toLowerCase();
  const [id, token] = [newId(), newToken()];
  return db.transaction(async (tx) => {
    const { choice, rights } = await readRole(tx, workspace_id, body.role);
    requireCovers(caller, rights);
    requireOwnScope(caller);
    await requireScope(tx, workspace_id, body);
    const member = await tx.first(sql`
      select from members m join users u on u.id = m.user_id where m.workspace_id = ${workspace_id} and u.email = ${email}`);
    if (member) throw new Problem("ALREADY_MEMBER");
    await tx.run(sql`delete from invitations where workspace_id = ${workspace_id} and email = ${email}`);
    await tx.run(sql`
      insert into invitations (workspace_id, id, email, role, role_id, scope, phone_number_ids, inviter_id, token_hash, expires_at)
      values (${workspace_id}, ${id}, ${email}, ${choice.role}, ${choice.role_id}, ${body.scope},
        ${body.phone_number_ids}::uuid[], ${user.id}, ${hashKey(token)}, now() + make_interval(days => ${VALID_DAYS}))`);
    return finish(tx, workspace_id, { id, token }, keep);
  });
}

async function finish(
  tx: Tx,
  workspace_id: string,
  { id, token }: { id: string; token: string },
  keep: Keep<MadeInvitation>,
): Promise<MadeInvitation> {
  const made = { ...found((await invitations(tx, workspace_id, id))[0]), path: pathOf(token) };
  await keep(tx, made);
  return made;
}

/** Who sends it again stands for it, so its role must be theirs to give. */
export async function renewInvitation(
  db: Database,
  caller: Caller,
  id: string,
  keep: Keep<MadeInvitation>,
): Promise<MadeInvitation> {
  const { workspace_id } = caller;
  const token = newToken();
  return db.transaction(async (tx) => {
    const before = found((await invitations(tx, workspace_id, id))[0]);
    requireCovers(caller, (await readRole(tx, workspace_id, before.role)).rights);
    await tx.run(sql`
      update invitations set token_hash = ${hashKey(token)}, expires_at = now() + make_interval(days => ${VALID_DAYS})
      where workspace_id = ${workspace_id} and id = ${id}`);
    return finish(tx, workspace_id, { id, token }, keep);
  });
}

export async function revokeInvitation(db: Queryable, workspace_id: string, id: string): Promise<void> {
  const gone = await db.run(sql`
    delete from invitations where workspace_id = ${workspace_id} and id = ${id} and status = 'pending'`);
  if (gone === 0) throw new Problem("NOT_FOUND");
}

export interface WaitingInvitation {
  workspace_id: string;
  workspace_name: string;
  id: string;
  email: string;
  invited_by: string;
  user_id: string | null;
  has_account: boolean;
}

/** What the bearer of a link may know. Throws INVITATION_ENDED for one that was used, revoked or replaced, or is too old. */
export async function readInvitation(db: Queryable, token: string): Promise<WaitingInvitation> {
  const row = await db.first<WaitingInvitation>(sql`
    select i.workspace_id, w.name as workspace_name, i.id, i.email, inviter.name as invited_by, u.id as user_id,
      exists (select from user_accounts a where a.user_id = u.id and a.password is not null) as has_account
    from invitations i join workspaces w on w.id = i.workspace_id join users inviter on inviter.id = i.inviter_id
    left join users u on u.email = i.email
    where i.token_hash = ${hashKey(token)} and i.status = 'pending' and i.expires_at > now()`);
  if (!row) throw new Problem("INVITATION_ENDED");
  return row;
}

/**
 * The person becomes a member, once. `account`: the name and the hash of the password of one who has none here yet; one who
 * has signs in before. Whose link it is has the email, as far as we know: it was given to no one else.
 */
export async function becomeMember(
  db: Database,
  token: string,
  account: { name: string; password_hash: string } | null,
): Promise<WaitingInvitation & { user_id: string }> {
  return db.transaction(async (tx) => {
    await tx.first(sql`select from invitations where token_hash = ${hashKey(token)} for update`);
    const invitation = await readInvitation(tx, token);
    const user_id = invitation.user_id ?? newId();
    if (account) await addAccount(tx, { ...invitation, user_id }, account);
    await tx.run(sql`
      insert into members (workspace_id, id, user_id, role, role_id, scope)
      select workspace_id, ${newId()}, ${user_id}, role, role_id, scope from invitations
      where workspace_id = ${invitation.workspace_id} and id = ${invitation.id}
      on conflict (workspace_id, user_id) do nothing`);
    const given = found(
      await tx.first<{ scope: "all" | "numbers" | "own"; phone_number_ids: string[] }>(sql`
        select i.scope, array(select p.id from phone_numbers p
          where p.workspace_id = i.workspace_id and p.id = any(i.phone_number_ids)) as phone_number_ids
        from invitations i where i.workspace_id = ${invitation.workspace_id} and i.id = ${invitation.id}`),
    );
    await setNumbers(tx, invitation.workspace_id, user_id, given);
    await tx.run(sql`
      update invitations set status = 'accepted', token_hash = null
      where workspace_id = ${invitation.workspace_id} and id = ${invitation.id}`);
    return { ...invitation, user_id };
  });
}

async function addAccount(
  tx: Tx,
  { user_id, email, has_account }: WaitingInvitation & { user_id: string },
  { name, password_hash }: { name: string; password_hash: string },
): Promise<void> {
  if (has_account) throw new Problem("EMAIL_TAKEN");
  await tx.run(sql`
    insert into users (id, name, email, email_verified) values (${user_id}, ${name}, ${email}, true)
    on conflict (email) do update set name = excluded.name`);
  await tx.run(sql`delete from user_accounts where user_id = ${user_id} and provider_id = 'credential'`);
  await tx.run(sql`
    insert into user_accounts (id, user_id, account_id, provider_id, password)
    values (${newId()}, ${user_id}, ${user_id}, 'credential', ${password_hash})`);
}
