import { newId, Problem } from "../../base/base.ts";
import { type Permissions, type Reply, ROLE_NAMES, ROLES } from "../../contract/contract.ts";
import { found, sql, uniqueName, type Database, type Keep, type Queryable } from "../../db/db.ts";
import { type Caller, requireCovers, rightsOf } from "../people/people.ts";

type RoleView = Reply<"GET /api/v1/roles">["data"][number];
interface RoleFields {
  name: string;
  permissions: Permissions;
  sees_numbers: boolean;
}

/** People who were deactivated keep their role, so it is in use. */
const uses = (is: ReturnType<typeof sql>, workspace_id: string) => sql`(
  (select count(*) from members x where x.workspace_id = ${workspace_id} and ${is})
  + (select count(*) from api_keys x where x.workspace_id = ${workspace_id} and x.grants is null and ${is})
  + (select count(*) from invitations x where x.workspace_id = ${workspace_id} and x.status = 'pending' and ${is}))::integer`;

async function customRoles(db: Queryable, workspace_id: string, id?: string): Promise<RoleView[]> {
  const rows = await db.rows<RoleView>(sql`
    select r.id, r.name, false as standard, r.permissions, r.sees_numbers, ${uses(sql`x.role_id = r.id`, workspace_id)} as uses
    from roles r where r.workspace_id = ${workspace_id} and ${id === undefined ? sql`true` : sql`r.id = ${id}`}
    order by lower(r.name), r.id`);
  return rows.map((row) => ({
    ...row,
    permissions: rightsOf({ ...row, role: "custom", role_id: row.id, role_name: row.name }).permissions,
  }));
}

/** The standard ones in their order, then the workspace's own by name. */
export async function listRoles(db: Queryable, workspace_id: string): Promise<{ data: RoleView[] }> {
  const used = await db.rows<{ role: string; uses: number }>(sql`
    select role, count(*)::integer as uses from (
      select role from members where workspace_id = ${workspace_id}
      union all select role from api_keys where workspace_id = ${workspace_id}
      union all select role from invitations where workspace_id = ${workspace_id} and status = 'pending') had
    group by role`);
  const counts = new Map(used.map(({ role, uses }) => [role, uses]));
  const standard = ROLE_NAMES.map((name) => ({
    id: name,
    name,
    standard: true,
    ...ROLES[name],
    uses: counts.get(name) ?? 0,
  }));
  return { data: [...standard, ...(await customRoles(db, workspace_id))] };
}

const requireOwn = (caller: Caller, { permissions, sees_numbers }: Omit<RoleFields, "name">) =>
  requireCovers(caller, { role: "custom", role_name: "custom", permissions, sees_numbers });

export async function addRole(
  db: Database,
  caller: Caller,
  body: RoleFields,
  keep: Keep<RoleView>,
): Promise<RoleView> {
  const { workspace_id } = caller;
  requireOwn(caller, body);
  const id = newId();
  return uniqueName(body.name, () =>
    db.transaction(async (tx) => {
      await tx.run(sql`
        insert into roles (workspace_id, id, name, permissions, sees_numbers)
        values (${workspace_id}, ${id}, ${body.name}, ${JSON.stringify(body.permissions)}::jsonb, ${body.sees_numbers})`);
      const made = found((await customRoles(tx, workspace_id, id))[0]);
      await keep(tx, made);
      return made;
    }),
  );
}

/** What the role has before must be the changer's own, too: else one would take rights from those above. */
export async function changeRole(
  db: Database,
  caller: Caller,
  id: string,
  change: { [Name in keyof RoleFields]?: RoleFields[Name] | undefined },
): Promise<RoleView> {
  const { workspace_id } = caller;
  return uniqueName(change.name ?? "", () =>
    db.transaction(async (tx) => {
      await tx.first(sql`select from roles where workspace_id = ${workspace_id} and id = ${id} for update`);
      const before = found((await customRoles(tx, workspace_id, id))[0]);
      const {
        name = before.name,
        permissions = before.permissions,
        sees_numbers = before.sees_numbers,
      } = change;
      requireOwn(caller, before);
      requireOwn(caller, { permissions, sees_numbers });
      await tx.run(sql`
        update roles set name = ${name}, permissions = ${JSON.stringify(permissions)}::jsonb, sees_numbers = ${sees_numbers}
        where workspace_id = ${workspace_id} and id = ${id}`);
      return found((await customRoles(tx, workspace_id, id))[0]);
    }),
  );
}

/** Throws ROLE_IN_USE. */
export async function removeRole(db: Database, { workspace_id }: Caller, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.first(sql`select from roles where workspace_id = ${workspace_id} and id = ${id} for update`);
    const { uses } = found((await customRoles(tx, workspace_id, id))[0]);
    if (uses > 0) throw new Problem("ROLE_IN_USE");
    await tx.run(sql`
      delete from invitations where workspace_id = ${workspace_id} and role_id = ${id} and status <> 'pending'`);
    await tx.run(sql`delete from roles where workspace_id = ${workspace_id} and id = ${id}`);
  });
}
