import { acceptInvitation, readInvitation } from "./invitations.ts";
import { checkPassword } from "./password-rules.ts";
import type { PeopleParts } from "./people-parts.ts";

/** A person comes in by an invitation: with a new account, or with the one that they have (null), to which they signed in. */
export async function acceptWith(
  { db, auth }: PeopleParts,
  token: string,
  account: { name: string; password: string } | null,
): Promise<void> {
  if (!account) {
    await acceptInvitation(db, token, null);
    return;
  }
  const { email } = await readInvitation(db, token);
  checkPassword(account.password, [email, account.name]);
  const { password: hasher } = await (await auth()).$context;
  const password_hash = await hasher.hash(account.password);
  await acceptInvitation(db, token, { name: account.name, password_hash });
}
