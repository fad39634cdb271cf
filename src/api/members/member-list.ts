import { Problem } from "../../base/base.ts";
import type { Reply, ScopeKind } from "../../contract/contract.ts";
import { found, iso, sql, type Database, type Queryable, type Tx } from "../../db/db.ts";
import { reassign } from "../../inbox/inbox.ts";
import { publish } from "../../live/live.ts";
import {
  type Caller,
  readRole,
  requireCovers,
  type Rights,
  type RightsRow,
  rightsOf,
} from "../people/people.ts";

export type MemberView = Reply<"GET /api/v1/members">["data"][number];
type MemberRow = Omit<MemberView, "role" | "role_name"> & RightsRow;

/** Who is in the workspace, oldest first: some dozens. Their conversations by conversations__assignee_id__listed_at. */
async function rowsOf(db: Queryable, workspace_id: string, id: string | null): Promise<MemberRow[]> {
  return db.rows<MemberRow>(sql`
    select u.id, u.name, u.email, m.role, m.role_id, r.name as role_name, r.permissions, r.sees_numbers, m.scope,
      array(select n.phone_number_id from member_numbers n
        where n.workspace_id = m.workspace_id and n.user_id = m.user_id order by 1) as phone_number_ids,
      ${iso(sql`m.created_at`)} as joined_at, ${iso(sql`m.last_seen_at`)} as last_seen_at,
      ${iso(sql`m.deactivated_at`)} as deactivated_at,
      (select count(*)::integer from conversations c
        where c.workspace_id = m.workspace_id and c.status in ('OPEN', 'PENDING') and c.assignee_id = m.user_id) as conversations
    from members m join users u on u.id = m.user_id
    left join roles r on r.workspace_id = m.workspace_id and r.id = m.role_id
    where m.workspace_id = ${workspace_id} and (${id}::uuid is null or m.user_id = ${id})
    order by m.created_at, m.id`);
}

function viewOf(row: MemberRow): MemberView {
  const { role, role_name } = rightsOf(row);
  const { role_id: _id, permissions: _permissions, sees_numbers: _sees, ...shown } = row;
  return { ...shown, role, role_name };
}

export async function listMembers(db: Queryable, workspace_id: string): Promise<{ data: MemberView[] }> {
  return { data: (await rowsOf(db, workspace_id, null)).map(viewOf) };
}

/** Those who are let in, by name. */
export const listUsers = (db: Queryable, workspace_id: string): Promise<{ id: string; name: string }[]> =>
  db.rows(sql`
    select u.id, u.name from members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspace_id} and m.deactivated_at is null order by lower(u.name), u.id`);

/** What those who are let in may. */
export async function listRights(db: Queryable, workspace_id: string): Promise<Rights[]> {
  const rows = await rowsOf(db, workspace_id, null);
  return rows.filter(({ deactivated_at }) => deactivated_at === null).map(rightsOf);
}

/**
 * A member, with all of the workspace's rows locked: of two who demote each other one sees what the other did. One changes
 * only those who have no more than oneself. Throws NOT_FOUND and FORBIDDEN.
 */
async function lockMember(tx: Tx, caller: Caller, id: string): Promise<MemberRow> {
  const { workspace_id } = caller;
  await tx.rows(sql`select from members where workspace_id = ${workspace_id} order by id for update`);
  const member = found((await rowsOf(tx, workspace_id, id))[0]);
  requireCovers(caller, rightsOf(member));
  return member;
}

/** Throws LAST_OWNER when no one else would own the workspace. */
async function requireAnotherOwner(tx: Tx, workspace_id: string, user_id: string): Promise<void> {
  const other = await tx.first(sql`
    select from members
    where workspace_id = ${workspace_id} and role = 'owner' and user_id <> ${user_id} and deactivated_at is null limit 1`);
  if (!other) throw new Problem("LAST_OWNER");
}

/** Throws INVALID_REQUEST for numbers that are not the workspace's, and for a scope of numbers without any. */
export async function requireScope(
  db: Queryable,
  workspace_id: string,
  { scope, phone_number_ids }: { scope: ScopeKind; phone_number_ids: readonly string[] },
): Promise<void> {
  if (scope === "numbers" && phone_number_ids.length === 0)
    throw new Problem("INVALID_REQUEST", "body.phone_number_ids: name at least one number");
  const known = await db.rows(sql`
    select from phone_numbers where workspace_id = ${workspace_id} and id = any(${[...phone_number_ids]}::uuid[])`);
  if (known.length < new Set(phone_number_ids).size)
    throw new Problem("INVALID_REQUEST", "body.phone_number_ids: not all of them are yours");
}

/** Who sees a part gives no more than that part. */
export function requireOwnScope(caller: Caller): void {
  if (caller.scope !== "all")
    throw new Problem("FORBIDDEN", "Only those who see all conversations say what others see.");
}

export async function setNumbers(
  tx: Queryable,
  workspace_id: string,
  user_id: string,
  { scope, phone_number_ids }: { scope: ScopeKind; phone_number_ids: readonly string[] },
): Promise<void> {
  await tx.run(sql`delete from member_numbers where workspace_id = ${workspace_id} and user_id = ${user_id}`);
  if (scope !== "numbers") return;
  await tx.run(sql`
    insert into member_numbers (workspace_id, user_id, phone_number_id)
    select distinct ${workspace_id}::uuid, ${user_id}::uuid, id from unnest(${[...phone_number_ids]}::uuid[]) as given (id)`);
}

export async function changeMember(
  db: Database,
  caller: Caller,
  id: string,
  change: {
    role?: string | undefined;
    scope?: ScopeKind | undefined;
    phone_number_ids?: string[] | undefined;
  },
): Promise<MemberView> {
  const { workspace_id } = caller;
  return db.transaction(async (tx) => {
    const before = await lockMember(tx, caller, id);
    if (change.role !== undefined) {
      const { choice, rights } = await readRole(tx, workspace_id, change.role);
      requireCovers(caller, rights);
      if (before.role === "owner" && rights.role !== "owner") await requireAnotherOwner(tx, workspace_id, id);
      await tx.run(sql`
        update members set role = ${choice.role}, role_id = ${choice.role_id}
        where workspace_id = ${workspace_id} and user_id = ${id}`);
    }
    if (change.scope !== undefined || change.phone_number_ids !== undefined) {
      requireOwnScope(caller);
      const { scope = before.scope, phone_number_ids = before.phone_number_ids } = change;
      await requireScope(tx, workspace_id, { scope, phone_number_ids });
      await tx.run(sql`
        update members set scope = ${scope} where workspace_id = ${workspace_id} and user_id = ${id}`);
      await setNumbers(tx, workspace_id, id, { scope, phone_number_ids });
    }
    return viewOf(found((await rowsOf(tx, workspace_id, id))[0]));
  });
}

/** Their sessions that look at this workspace and the keys that they made end; what is theirs goes to another, or to no one. */
export async function deactivateMember(
  db: Database,
  caller: Caller,
  id: string,
  reassign_to: string | null,
): Promise<MemberView> {
  const { workspace_id } = caller;
  if (id === caller.user?.id)
    throw new Problem("INVALID_REQUEST", "No one deactivates themselves; leave instead.");
  return db.transaction(async (tx) => {
    await lockMember(tx, caller, id);
    await requireAnotherOwner(tx, workspace_id, id);
    if (reassign_to !== null) await requireActive(tx, workspace_id, reassign_to, id);
    await tx.run(sql`
      update members set deactivated_at = coalesce(deactivated_at, now())
      where workspace_id = ${workspace_id} and user_id = ${id}`);
    await letGo(tx, workspace_id, id, reassign_to);
    return viewOf(found((await rowsOf(tx, workspace_id, id))[0]));
  });
}

async function requireActive(tx: Tx, workspace_id: string, user_id: string, not: string): Promise<void> {
  const there = await tx.first(sql`
    select from members
    where workspace_id = ${workspace_id} and user_id = ${user_id} and user_id <> ${not} and deactivated_at is null`);
  if (!there) throw new Problem("INVALID_REQUEST", "body.reassign_to: no one in your workspace has this id");
}

/** Sessions end everywhere, as they are the person's in all workspaces: one signs in again where one still may. */
async function letGo(tx: Tx, workspace_id: string, user_id: string, to: string | null): Promise<void> {
  await tx.run(sql`delete from sessions where user_id = ${user_id}`);
  await tx.run(sql`
    delete from api_keys
    where workspace_id = ${workspace_id} and created_by = ${user_id} and config_id <> 'environment'`);
  await publish(tx, await reassign(tx, workspace_id, user_id, to));
}

export async function reactivateMember(db: Database, caller: Caller, id: string): Promise<MemberView> {
  const { workspace_id } = caller;
  return db.transaction(async (tx) => {
    await lockMember(tx, caller, id);
    await tx.run(sql`
      update members set deactivated_at = null where workspace_id = ${workspace_id} and user_id = ${id}`);
    return viewOf(found((await rowsOf(tx, workspace_id, id))[0]));
  });
}

/** The caller becomes an admin, and the member the owner, in one step. */
export async function transferOwnership(db: Database, caller: Caller, id: string): Promise<MemberView> {
  const { workspace_id, user } = caller;
  if (!user) throw new Problem("FORBIDDEN", "Only a person transfers the ownership.");
  if (id === user.id) throw new Problem("INVALID_REQUEST", "You are the owner already.");
  return db.transaction(async (tx) => {
    const member = await lockMember(tx, caller, id);
    if (member.deactivated_at !== null)
      throw new Problem("INVALID_REQUEST", "Someone who is deactivated can't become the owner.");
    await tx.run(sql`
      update members set role = case when user_id = ${id} then 'owner' else 'admin' end, role_id = null,
        scope = case when user_id = ${id} then 'all' else scope end
      where workspace_id = ${workspace_id} and user_id in (${id}, ${user.id})`);
    return viewOf(found((await rowsOf(tx, workspace_id, id))[0]));
  });
}

/** The row goes: one comes back by an invitation. Throws LAST_OWNER. */
export async function leaveWorkspace(db: Database, { user }: Caller, workspace_id: string): Promise<void> {
  if (!user) throw new Problem("INVALID_REQUEST", "An API key is bound to its workspace.");
  const user_id = user.id;
  await db.transaction(async (tx) => {
    await tx.rows(sql`select from members where workspace_id = ${workspace_id} order by id for update`);
    const own = found((await rowsOf(tx, workspace_id, user_id))[0]);
    if (own.role === "owner") await requireAnotherOwner(tx, workspace_id, user_id);
    await tx.run(sql`delete from members where workspace_id = ${workspace_id} and user_id = ${user_id}`);
    await tx.run(sql`
      delete from api_keys
      where workspace_id = ${workspace_id} and created_by = ${user_id} and config_id <> 'environment'`);
    await publish(tx, await reassign(tx, workspace_id, user_id, null));
  });
}
