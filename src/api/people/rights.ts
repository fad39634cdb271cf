import { Problem } from "../../base/base.ts";
import {
  AREAS,
  covers,
  type Level,
  type Permissions,
  type Role,
  ROLES,
  type RoleName,
} from "../../contract/contract.ts";
import { sql, type Queryable } from "../../db/db.ts";
import type { RightsRow } from "./caller.ts";

export type Rights = Role & { role: string; role_name: string };

const isStandard = (role: string): role is RoleName => Object.hasOwn(ROLES, role);

/** What a member's or a key's row gives. A level that the table has and an old custom role doesn't is `none`. */
export function rightsOf(row: RightsRow): Rights {
  if (isStandard(row.role)) return { role: row.role, role_name: row.role, ...ROLES[row.role] };
  return {
    role: row.role_id ?? "custom",
    role_name: row.role_name ?? "custom",
    permissions: complete(row.permissions ?? {}),
    sees_numbers: row.sees_numbers ?? true,
  };
}

const complete = (some: Partial<Permissions>): Permissions =>
  Object.fromEntries(AREAS.map((area) => [area, some[area] ?? ("none" satisfies Level)])) as Permissions;

/** How a role is kept: a standard role's name, or `custom` with the id of one of the workspace's own. */
export interface RoleChoice {
  role: string;
  role_id: string | null;
}

/** A role by its name or id, with what it gives. Throws INVALID_REQUEST for one that isn't there. */
export async function readRole(
  db: Queryable,
  workspace_id: string,
  role: string,
): Promise<{ choice: RoleChoice; rights: Rights }> {
  if (isStandard(role))
    return {
      choice: { role, role_id: null },
      rights: rightsOf({ role, role_id: null, role_name: null, permissions: null, sees_numbers: null }),
    };
  const row = await db.first<RightsRow>(sql`
    select 'custom' as role, id as role_id, name as role_name, permissions, sees_numbers from roles
    where workspace_id = ${workspace_id} and id::text = ${role} for share`);
  if (!row) throw new Problem("INVALID_REQUEST", "body.role: there is no such role in your workspace");
  return { choice: { role: "custom", role_id: row.role_id }, rights: rightsOf(row) };
}

/** No one gives more than they have, and only an owner makes owners. Throws FORBIDDEN. */
export function requireCovers(giver: Role & { role: string }, given: Rights): void {
  if (giver.role !== "owner" && given.role === "owner")
    throw new Problem("FORBIDDEN", "Only an owner can make someone an owner.");
  if (!covers(giver, given))
    throw new Problem("FORBIDDEN", "A role can't be given by someone who has fewer permissions than it.");
}
