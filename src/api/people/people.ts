/**
 * Who may do what: the owner of the first start, people with their sessions and passwords, and programs with API keys.
 * better-auth keeps sessions and passwords; what it doesn't know is here.
 */
import { sql } from "../../db/db.ts";
import { whoIs, type Credentials } from "./callers.ts";
import { ensureApiKey, ensureOwner, makeKey } from "./owner.ts";
import type { Caller } from "./caller.ts";
import { recordSignIn } from "./sign-in-record.ts";
import { createKnownBrowsers } from "./known-browser.ts";
import { createParts, type PeopleDeps } from "./people-parts.ts";
import { isPassword, proveSession } from "./prove.ts";
import { createProfile } from "./profile.ts";
import { createSignInLimit } from "./sign-in-limit.ts";
import { enteredByLink, firstVisit, setPassword, signInLink } from "./sign-in-links.ts";

export { listApiKeys, makeApiKey, revokeApiKey, rollApiKey } from "./api-keys.ts";
export { isWithin } from "./networks.ts";
export { checkPassword, PASSWORD_MOST } from "./password-rules.ts";
export { INSIDE } from "./sign-in-limit.ts";
export { actorOf, appendAudit, auditing, recorded } from "./audit.ts";
export type { Caller, CallerKey, RightsRow } from "./caller.ts";
export { auth_origin, hashKey } from "./auth-words.ts";
export { readRole, requireCovers, type Rights, rightsOf } from "./rights.ts";

export interface ApiKeyRow {
  id: string;
  name: string | null;
  start: string | null;
  enabled: boolean;
  created_at: Date;
  last_request_at: Date | null;
  expires_at: Date | null;
}

export type People = ReturnType<typeof createPeople>;

export function createPeople(deps: PeopleDeps) {
  const { db } = deps;
  const parts = createParts(deps);
  const { auth } = parts;
  const signInLimit = createSignInLimit(db);
  return {
    auth,
    signInLimit,
    knownBrowsers: createKnownBrowsers(deps.box),
    updateProfile: createProfile({ db, auth, signInLimit }),
    whoIs: (credentials: Credentials) => whoIs(parts, credentials),
    firstVisit: () => firstVisit(parts),
    signInLink: (email: string, url: string) => signInLink(parts, email, url),
    enteredByLink: (set_cookies: readonly string[]) => enteredByLink(parts, set_cookies),
    setPassword: (cookie: string, password: string) => setPassword(parts, cookie, password),
    proveSession: (caller: Caller) => proveSession(parts, caller),
    isPassword: (user_id: string, password: string) => isPassword(parts, user_id, password),
    hashPassword: async (password: string) => (await (await auth()).$context).password.hash(password),
    recordSignIn: (email: string, address: string) => recordSignIn(db, email, address),
    ensureOwner: (options: { url: string | null }) => ensureOwner(parts, options),
    ensureApiKey: (key: string) => ensureApiKey(parts, key),
    makeKey: (options: { name: string; slug?: string | undefined }) => makeKey(parts, options),

    /** Throws the database's own error when it is away. */
    checkDatabase: async (): Promise<void> => void (await db.first(sql`select 1`)),

    /** Who can sign in, oldest first; for the operator at the terminal. */
    listUsers: (): Promise<{ email: string; name: string; role: string | null }[]> =>
      db.rows(sql`
        select u.email, u.name, min(m.role) as role from users u left join members m on m.user_id = u.id
        group by u.id order by u.created_at, u.id`),

    listKeys: (): Promise<ApiKeyRow[]> =>
      db.rows(
        sql`select id, name, start, enabled, created_at, last_request_at, expires_at from api_keys order by created_at, id`,
      ),

    /** True when there was such a key; it ends with the next request. */
    revokeKey: async (id: string): Promise<boolean> =>
      (await db.run(sql`delete from api_keys where id = ${id}`)) > 0,
  };
}
