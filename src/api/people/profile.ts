import { Problem } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import type { Auth } from "./auth.ts";
import { type createSignInLimit, INSIDE } from "./sign-in-limit.ts";

export interface ProfileChange {
  name?: string | undefined;
  email?: string | undefined;
  current_password?: string | undefined;
}

export interface Asker {
  user: { id: string; email: string } | null;
  /** Came in by a one-time link: that proves as much as the password. */
  needs_password: boolean;
}

/**
 * One's own name and email. Another email is another way in, so it asks for the password, which is guessed at within the
 * same limits as at the sign-in. Links that were made for the email before end.
 */
export function createProfile(deps: {
  db: Database;
  auth: () => Promise<Auth>;
  signInLimit: ReturnType<typeof createSignInLimit>;
}) {
  const { db, auth, signInLimit } = deps;

  async function requirePassword(user: { id: string; email: string }, password: string | undefined) {
    if (password === undefined)
      throw new Problem("INVALID_REQUEST", "body.current_password: is needed to change the email");
    await signInLimit.begin(user.email, INSIDE);
    const account = await db.first<{ password: string }>(sql`
      select password from user_accounts
      where user_id = ${user.id} and provider_id = 'credential' and password is not null`);
    const { password: hasher } = await (await auth()).$context;
    if (!account || !(await hasher.verify({ hash: account.password, password })))
      throw new Problem("SIGN_IN_FAILED");
    await signInLimit.succeeded(user.email, INSIDE);
  }

  return async ({ user, needs_password }: Asker, change: ProfileChange): Promise<void> => {
    if (!user) throw new Problem("INVALID_REQUEST", "an API key has no profile; sign in to change yours");
    const { name = null } = change;
    const email = change.email?.toLowerCase() ?? user.email;
    const moves = email !== user.email;
    if (moves && !needs_password) await requirePassword(user, change.current_password);
    await db.transaction(async (tx) => {
      const taken = await tx.first(sql`select from users where email = ${email} and id <> ${user.id}`);
      if (taken) throw new Problem("EMAIL_TAKEN");
      await tx.run(sql`
        update users set name = coalesce(${name}, name), email = ${email}, updated_at = now() where id = ${user.id}`);
      if (moves) await tx.run(sql`delete from verifications where value::jsonb ->> 'email' = ${user.email}`);
    });
  };
}
