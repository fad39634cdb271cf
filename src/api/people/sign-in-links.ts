import { randomBytes } from "node:crypto";
import { newId, Problem } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import { hashKey, link_valid_s } from "./auth-words.ts";
import { asking, FIRST_EMAIL, type PeopleParts } from "./people-parts.ts";

/** A link that signs its bearer in once, within an hour; it ends the links made before. Null: no one has this email. */
export async function signInLink({ db }: PeopleParts, email: string, url: string): Promise<string | null> {
  const user = await db.first<{ email: string }>(
    sql`select email from users where email = ${email.toLowerCase()}`,
  );
  if (!user) return null;
  await db.run(sql`delete from verifications where value::jsonb ->> 'email' = ${user.email}`);
  // As better-auth's plugin keeps them, which lets in by them: only the hash.
  const token = randomBytes(24).toString("base64url");
  await db.run(sql`
    insert into verifications (id, identifier, value, expires_at)
    values (${newId()}, ${hashKey(token)}, ${JSON.stringify({ email: user.email })},
      now() + make_interval(secs => ${link_valid_s}))`);
  return new URL(`/sign-in/link/${token}`, url).href;
}

/** What a stranger may know: whether anyone has chosen a password yet, and the email to begin with until then. */
export async function firstVisit({
  db,
}: PeopleParts): Promise<{ is_new: boolean; first_email: string | null }> {
  const found = await db.first<{ is_new: boolean; waits: boolean }>(sql`
    select not exists (select from user_accounts where password is not null) as is_new,
      exists (select from users where email = ${FIRST_EMAIL}) as waits`);
  const is_new = found?.is_new ?? false;
  return { is_new, first_email: is_new && found?.waits ? FIRST_EMAIL : null };
}

/** The session of these cookies began with a one-time link, so it may set a password. */
export async function enteredByLink(parts: PeopleParts, set_cookies: readonly string[]): Promise<void> {
  const cookie = set_cookies.map((each) => each.split(";", 1)[0]).join("; ");
  const found = await asking(parts, async () =>
    (await parts.auth()).api.getSession({ headers: new Headers({ cookie }) }),
  );
  if (found)
    await parts.db.run(sql`update sessions set entered_by_link = true where id = ${found.session.id}`);
}

/** Once a link, which replaces a password that was forgotten. Every other session of the person ends. */
export async function setPassword(parts: PeopleParts, cookie: string, password: string): Promise<void> {
  const { db, auth } = parts;
  const headers = new Headers({ cookie });
  const found = await asking(parts, async () => (await auth()).api.getSession({ headers }));
  if (!found) throw new Problem("UNAUTHENTICATED");
  const { user, session } = found;
  const hash = await (await (await auth()).$context).password.hash(password);
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
}
