import { createHmac } from "node:crypto";
import { newId, Problem, type Logger, type SecretBox } from "../base/base.ts";
import { sql, type Database, type Tx } from "../db/db.ts";
import { createAuth, hashKey } from "./auth.ts";
import { makeApiKey } from "./api-keys.ts";
import { createProfile } from "./profile.ts";
import { createKnownBrowsers } from "./known-browser.ts";
import { createSignInLimit } from "./sign-in-limit.ts";

/** Who asks: a person by a session, or a program by an API key. Everything that follows is bound to the workspace. */
export interface Caller {
  workspace_id: string;
  workspace_name: string;
  user: { id: string; name: string; email: string } | null;
  role: string;
  needs_password: boolean;
  /** Session cookies that better-auth renewed on the way, to be passed on. */
  set_cookie: string[];
}

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

/** Of the owner that the first start makes; it can be changed in the page. */
const first_email = "owner@wharf.local";

export function createPeople(deps: { db: Database; box: SecretBox; log: Logger }) {
  const { db } = deps;
  const auth = createAuth(deps);
  const signInLimit = createSignInLimit(db);

  // The plugin's own check writes to the key's row at every request; this one reads, and notes the use once a minute.
  async function callerOfKey(key: string): Promise<Caller | null> {
    const hashes = [await hashKey(key), ...environmentHashes(key)];
    const found = await db.first<{
      workspace_id: string;
      id: string;
      name: string;
      role: string | null;
      stale: boolean;
    }>(sql`
      select k.workspace_id, k.id, w.name, k.metadata::jsonb ->> 'role' as role,
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
      role: found.role ?? "member",
      needs_password: false,
      set_cookie: [],
    };
  }

  async function callerOfSession(cookie: string): Promise<Caller | null> {
    const { headers, response } = await asking(() =>
      auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
    );
    if (!response) return null;
    const { user, session } = response;
    const found = await db.first<
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
      set_cookie: headers.getSetCookie(),
    };
  }

  // An operator may choose a short key: who reads the database alone can't try them out. One hash a master key.
  const pepper = (key_id: string) => deps.box.derive(Buffer.alloc(0), "wharf api key", key_id);
  const peppers = deps.box.key_ids.map(pepper);
  const environmentHashes = (key: string) =>
    peppers.map((secret) => `hmac:${createHmac("sha256", secret).update(key).digest("base64url")}`);

  // better-auth hides what went wrong below it; when that was the database, the database's own error is the one to tell.
  async function asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      await db.first(sql`select 1`);
      throw error;
    }
  }

  async function firstWorkspace(tx: Tx): Promise<string> {
    const found = await tx.first<{ id: string }>(
      sql`select id from workspaces order by created_at, id limit 1`,
    );
    if (found) return found.id;
    const id = newId();
    await tx.run(sql`insert into workspaces (id, name, slug) values (${id}, 'My workspace', 'main')`);
    return id;
  }

  /** A link that signs its bearer in once, within an hour; it ends the links made before. Null: no one has this email. */
  async function signInLink(email: string, url: string): Promise<string | null> {
    const user = await db.first<{ email: string }>(
      sql`select email from users where email = ${email.toLowerCase()}`,
    );
    if (!user) return null;
    await db.run(sql`delete from verifications where value::jsonb ->> 'email' = ${user.email}`);
    const tokens: string[] = [];
    await auth.api.signInMagicLink({
      headers: new Headers(),
      body: { email: user.email, metadata: { hand_over: (token: string) => tokens.push(token) } },
    });
    const [token] = tokens;
    if (token === undefined) throw new Error("better-auth made no sign-in link");
    return new URL(`/sign-in/link/${token}`, url).href;
  }

  return {
    auth,
    signInLimit,
    knownBrowsers: createKnownBrowsers(deps.box),
    signInLink,
    updateProfile: createProfile({ db, auth, signInLimit }),

    /** What a stranger may know: whether anyone has chosen a password yet, and the email to begin with until then. */
    async firstVisit(): Promise<{ is_new: boolean; first_email: string | null }> {
      const found = await db.first<{ is_new: boolean; waits: boolean }>(sql`
        select not exists (select from user_accounts where password is not null) as is_new,
          exists (select from users where email = ${first_email}) as waits`);
      const is_new = found?.is_new ?? false;
      return { is_new, first_email: is_new && found?.waits ? first_email : null };
    },

    /** Who can sign in, oldest first; for the operator at the terminal. */
    listUsers: (): Promise<{ email: string; name: string; role: string | null }[]> =>
      db.rows(sql`
        select u.email, u.name, min(m.role) as role from users u left join members m on m.user_id = u.id
        group by u.id order by u.created_at, u.id`),

    /** Throws the database's own error when it is away. */
    checkDatabase: async (): Promise<void> => void (await db.first(sql`select 1`)),

    /** The session of these cookies began with a one-time link, so it may set a password. */
    async enteredByLink(set_cookies: readonly string[]): Promise<void> {
      const cookie = set_cookies.map((each) => each.split(";", 1)[0]).join("; ");
      const found = await asking(() => auth.api.getSession({ headers: new Headers({ cookie }) }));
      if (found) await db.run(sql`update sessions set entered_by_link = true where id = ${found.session.id}`);
    },

    /** Once a link, which replaces a password that was forgotten. Every other session of the person ends. */
    async setPassword(cookie: string, password: string): Promise<void> {
      const headers = new Headers({ cookie });
      const found = await asking(() => auth.api.getSession({ headers }));
      if (!found) throw new Problem("UNAUTHENTICATED");
      const { user, session } = found;
      const hash = await (await auth.$context).password.hash(password);
      await db.transaction(async (tx) => {
        const may = await tx.run(sql`
          update sessions set entered_by_link = false where id = ${session.id} and entered_by_link`);
        if (may === 0) throw new Problem("PASSWORD_SET");
        const replaced = await tx.run(sql`
          update user_accounts set password = ${hash}, updated_at = now()
           where user_id = ${user.id} and provider_id = 'credential'`);
        if (replaced === 0)
          await tx.run(sql`
            insert into user_accounts (id, user_id, account_id, provider_id, password)
            values (${newId()}, ${user.id}, ${user.id}, 'credential', ${hash})`);
        await tx.run(sql`delete from sessions where user_id = ${user.id} and id <> ${session.id}`);
      });
    },

    /** Null: no one that we know. An `Authorization` header counts alone, even when a cookie comes along. */
    async whoIs(headers: { authorization?: string | undefined; cookie?: string | undefined }) {
      if (headers.authorization !== undefined) {
        const key = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
        return key === undefined ? null : callerOfKey(key);
      }
      return headers.cookie === undefined ? null : callerOfSession(headers.cookie);
    },

    /**
     * Makes the first workspace and its owner unless they exist. `url`, where the pages are, asks for a one-time link
     * into them, which there is as long as the owner has no password.
     */
    async ensureOwner(options: {
      url: string | null;
    }): Promise<{ workspace_id: string; link: string | null }> {
      const { workspace_id, email, has_password } = await db.transaction(async (tx) => {
        await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf owner', 0))`);
        const workspace_id = await firstWorkspace(tx);
        const ownerOf = () =>
          tx.first<{ email: string; has_password: boolean }>(sql`
            select u.email, exists (select from user_accounts a where a.user_id = u.id and a.password is not null) as has_password
            from members m join users u on u.id = m.user_id
            where m.workspace_id = ${workspace_id} and m.role = 'owner'
            order by has_password desc, m.created_at limit 1`);
        const owner = await ownerOf();
        if (owner) return { workspace_id, ...owner };
        const user_id = newId();
        await tx.run(sql`
          insert into users (id, name, email, email_verified) values (${user_id}, 'Owner', ${first_email}, true)
          on conflict (email) do nothing`);
        await tx.run(sql`
          insert into members (workspace_id, id, user_id, role)
          select ${workspace_id}, ${newId()}, id, 'owner' from users where email = ${first_email}`);
        return { workspace_id, ...(await ownerOf())! };
      });
      const link = options.url === null || has_password ? null : await signInLink(email, options.url);
      return { workspace_id, link };
    },

    /** The operator's own key (WHARF_API_KEY), with the owner's rights in the first workspace. Another value replaces it. */
    async ensureApiKey(key: string): Promise<void> {
      const [key_hash] = environmentHashes(key);
      await db.transaction(async (tx) => {
        await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf owner', 0))`);
        const workspace_id = await firstWorkspace(tx);
        await tx.run(sql`delete from api_keys where config_id = 'environment' and key_hash <> ${key_hash}`);
        await tx.run(sql`
          insert into api_keys (workspace_id, id, name, key_hash, config_id, metadata)
          values (${workspace_id}, ${newId()}, 'WHARF_API_KEY', ${key_hash}, 'environment', '{"role":"owner"}')
          on conflict (key_hash) do nothing`);
      });
    },

    /** A new key for the workspace of `slug` (the first one by default), with the owner's rights. It is shown this once. */
    async makeKey(options: {
      name: string;
      slug?: string | undefined;
    }): Promise<{ id: string; key: string }> {
      const owner = await db.first<{ workspace_id: string }>(sql`
        select m.workspace_id from members m join workspaces w on w.id = m.workspace_id
        where m.role = 'owner' and w.slug = coalesce(${options.slug ?? null}, w.slug)
        order by w.created_at, w.id, m.created_at limit 1`);
      if (!owner)
        throw new Problem("NOT_FOUND", "No workspace with an owner was found; start Wharf once first.");
      const rights = { role: "owner", expires_at: null, created_by: null } as const;
      return makeApiKey(db, owner.workspace_id, { name: options.name, ...rights });
    },

    listKeys: (): Promise<ApiKeyRow[]> =>
      db.rows(
        sql`select id, name, start, enabled, created_at, last_request_at, expires_at from api_keys order by created_at, id`,
      ),

    /** True when there was such a key; it ends with the next request. */
    revokeKey: async (id: string): Promise<boolean> =>
      (await db.run(sql`delete from api_keys where id = ${id}`)) > 0,
  };
}
