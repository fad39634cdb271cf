import { Problem } from "../../base/base.ts";
import { sql } from "../../db/db.ts";
import type { Caller } from "./caller.ts";
import type { PeopleParts } from "./people-parts.ts";

/** The password was right, so that for ten minutes secrets are shown and roles are changed in this session. */
export async function proveSession({ db }: PeopleParts, { session }: Caller): Promise<void> {
  if (!session) throw new Problem("UNAUTHENTICATED");
  await db.run(sql`update sessions set proved_at = now() where id = ${session.id}`);
}

/** Whether this is the user's password. */
export async function isPassword(
  { db, auth }: PeopleParts,
  user_id: string,
  password: string,
): Promise<boolean> {
  const account = await db.first<{ password: string }>(sql`
    select password from user_accounts
    where user_id = ${user_id} and provider_id = 'credential' and password is not null`);
  const { password: hasher } = await (await auth()).$context;
  return account !== undefined && (await hasher.verify({ hash: account.password, password }));
}
