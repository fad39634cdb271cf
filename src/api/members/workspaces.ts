import { newId, Problem } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import { found, sql, type Database, type Keep, type Queryable } from "../../db/db.ts";
import { type Caller, type RightsRow, rightsOf } from "../people/people.ts";

type Workspaces = Reply<"GET /api/v1/workspaces">;
type Workspace = Reply<"POST /api/v1/workspaces/:id/enter">;

const userOf = ({ user }: Caller): string => {
  if (!user) throw new Problem("INVALID_REQUEST", "An API key is bound to its workspace.");
  return user.id;
};

/** Who owns the first workspace runs the installation. */
const ownsInstallation = async (db: Queryable, user_id: string): Promise<boolean> =>
  (await db.first(sql`
    select from members m
    where m.workspace_id = (select id from workspaces order by created_at, id limit 1)
      and m.user_id = ${user_id} and m.role = 'owner' and m.deactivated_at is null`)) !== undefined;

/** A key is in one. */
export async function listWorkspaces(db: Queryable, caller: Caller): Promise<Workspaces> {
  const here = { id: caller.workspace_id, name: caller.workspace_name };
  if (!caller.user)
    return { data: [{ ...here, role_name: caller.role_name, is_current: true }], can_create: false };
  const rows = await db.rows<Workspace & RightsRow>(sql`
    select w.id, w.name, m.role, m.role_id, r.name as role_name, r.permissions, r.sees_numbers
    from members m join workspaces w on w.id = m.workspace_id
    left join roles r on r.workspace_id = m.workspace_id and r.id = m.role_id
    where m.user_id = ${caller.user.id} and m.deactivated_at is null
    order by lower(w.name), w.id`);
  return {
    data: rows.map((row) => ({
      id: row.id,
      name: row.name,
      role_name: rightsOf(row).role_name,
      is_current: row.id === caller.workspace_id,
    })),
    can_create: await ownsInstallation(db, caller.user.id),
  };
}

/** This browser's session looks at another workspace from now on. Throws NOT_FOUND for one that they aren't in. */
export async function enterWorkspace(db: Queryable, caller: Caller, id: string): Promise<Workspace> {
  const user_id = userOf(caller);
  const workspace = found(
    await db.first<Workspace>(sql`
      select w.id, w.name from workspaces w join members m on m.workspace_id = w.id
      where w.id = ${id} and m.user_id = ${user_id} and m.deactivated_at is null`),
  );
  await db.run(sql`update sessions set active_workspace_id = ${id} where id = ${caller.session!.id}`);
  return workspace;
}

/** It is empty: numbers come to it by its connections. Throws FORBIDDEN. */
export async function addWorkspace(
  db: Database,
  caller: Caller,
  name: string,
  keep: Keep<Workspace>,
): Promise<Workspace> {
  const user_id = userOf(caller);
  if (!(await ownsInstallation(db, user_id)))
    throw new Problem("FORBIDDEN", "Only an owner of the first workspace makes others.");
  const id = newId();
  return db.transaction(async (tx) => {
    await tx.run(sql`insert into workspaces (id, name, slug) values (${id}, ${name}, ${id})`);
    await tx.run(sql`
      insert into members (workspace_id, id, user_id, role) values (${id}, ${newId()}, ${user_id}, 'owner')`);
    await keep(tx, { id, name });
    return { id, name };
  });
}
