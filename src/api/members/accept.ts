import type { Database } from "../../db/db.ts";
import { checkPassword, type People } from "../people/people.ts";
import { becomeMember, readInvitation } from "./invitations.ts";

/** A person comes in by an invitation: with a new account, or with the one that they have (null), to which they signed in. */
export async function acceptInvitation(
  { db, people }: { db: Database; people: Pick<People, "hashPassword"> },
  token: string,
  account: { name: string; password: string } | null,
): Promise<void> {
  if (!account) {
    await becomeMember(db, token, null);
    return;
  }
  const { email } = await readInvitation(db, token);
  checkPassword(account.password, [email, account.name]);
  const password_hash = await people.hashPassword(account.password);
  await becomeMember(db, token, { name: account.name, password_hash });
}
