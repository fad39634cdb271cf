import type { Permissions, Role, ScopeKind } from "../../contract/contract.ts";
import type { Viewer } from "../../inbox/inbox.ts";

/** Who asks: a person by a session, or a program by an API key. Everything that follows is bound to the workspace. */
export interface Caller extends Role {
  workspace_id: string;
  workspace_name: string;
  user: { id: string; name: string; email: string } | null;
  /** Null: a person asks. */
  key: CallerKey | null;
  /** A standard role's name, a custom one's id, or `custom` for a key's own permissions. */
  role: string;
  role_name: string;
  scope: ScopeKind;
  viewer: Viewer;
  session: { id: string; is_fresh: boolean } | null;
  needs_password: boolean;
  /** Session cookies that better-auth renewed on the way, to be passed on. */
  set_cookie: string[];
}

export interface CallerKey {
  id: string;
  name: string;
  /** The user who made it. */
  made_by: string | null;
  rate_limit_per_s: number;
  allowed_addresses: readonly string[];
}

/** As a row tells of the rights of a member or a key. */
export interface RightsRow {
  role: string;
  role_id: string | null;
  role_name: string | null;
  permissions: Permissions | null;
  sees_numbers: boolean | null;
}
