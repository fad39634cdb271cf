/** Who may do what: areas and levels, and the roles that every workspace has. Pages, server and docs read this one table. */

export const AREAS = [
  "campaigns",
  "automations",
  "templates",
  "audience",
  "inbox",
  "analytics",
  "webhooks",
  "connections",
  "people",
  "settings",
] as const;
export type Area = (typeof AREAS)[number];

/** Each includes those before it. */
export const LEVELS = ["none", "read", "work", "manage"] as const;
export type Level = (typeof LEVELS)[number];

export type Permissions = Record<Area, Level>;

/** A role's name, the rights that go with it, and whether it sees the phone numbers of customers. */
export interface Role {
  permissions: Permissions;
  sees_numbers: boolean;
}

const all = (level: Level): Permissions =>
  Object.fromEntries(AREAS.map((area) => [area, level])) as Permissions;
const only = (some: Partial<Permissions>): Permissions => ({ ...all("none"), ...some });
/** The six areas that people work in. */
const seen = {
  campaigns: "read",
  automations: "read",
  templates: "read",
  audience: "read",
  inbox: "read",
  analytics: "read",
} as const;

export const ROLES = {
  /** As an admin; and the ownership is the owner's to give. */
  owner: { permissions: all("manage"), sees_numbers: true },
  admin: { permissions: all("manage"), sees_numbers: true },
  marketing_manager: {
    permissions: only({
      campaigns: "manage",
      automations: "manage",
      templates: "manage",
      audience: "manage",
      analytics: "manage",
    }),
    sees_numbers: true,
  },
  campaign_operator: {
    permissions: only({ campaigns: "work", templates: "read", audience: "read", analytics: "read" }),
    sees_numbers: false,
  },
  content_creator: { permissions: only({ templates: "work" }), sees_numbers: false },
  analyst: { permissions: only(seen), sees_numbers: false },
  data_analyst: { permissions: only({ audience: "read", analytics: "read" }), sees_numbers: false },
  support_agent: { permissions: only({ inbox: "work", templates: "read" }), sees_numbers: true },
  viewer: { permissions: only(seen), sees_numbers: false },
} as const satisfies Record<string, Role>;
export type RoleName = keyof typeof ROLES;
export const ROLE_NAMES = Object.keys(ROLES) as [RoleName, ...RoleName[]];

/** Which conversations a member sees: all, those of some numbers, or their own and those that no one has. */
export const SCOPES = ["all", "numbers", "own"] as const;
export type ScopeKind = (typeof SCOPES)[number];

/**
 * What a request needs: this level in one of these areas. `everyone`: any member and any key. `owner`: the ownership.
 */
export type Need =
  | { areas: readonly [Area, ...Area[]]; level: Exclude<Level, "none"> }
  | "everyone"
  | "owner";

export const read = (...areas: [Area, ...Area[]]): Need => ({ areas, level: "read" });
export const work = (...areas: [Area, ...Area[]]): Need => ({ areas, level: "work" });
export const manage = (...areas: [Area, ...Area[]]): Need => ({ areas, level: "manage" });

const includes = (has: Level, level: Level): boolean => LEVELS.indexOf(has) >= LEVELS.indexOf(level);

/** Whether a role with these permissions is let in. `role` is the name of the standard role, or a custom one's id. */
export function allows(
  { role, permissions }: { role: string; permissions: Permissions },
  need: Need,
): boolean {
  if (need === "everyone") return true;
  if (need === "owner") return role === "owner";
  return need.areas.some((area) => includes(permissions[area], need.level));
}

/** Whether nothing is in `wanted` that `own` doesn't have: no one gives more than they have. */
export const covers = (own: Role, wanted: Role): boolean =>
  AREAS.every((area) => includes(own.permissions[area], wanted.permissions[area])) &&
  (own.sees_numbers || !wanted.sees_numbers);
