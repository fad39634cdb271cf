import { OperatorError } from "../base/base.ts";
import { withPeople } from "./key.ts";
import { findWharf } from "./running.ts";

/**
 * `wharf user link [EMAIL] [--url URL]`: a new one-time link, for someone who is locked out: it leads to a new password.
 * Without an email it lists who can sign in.
 */
export function linkUser(email: string | undefined, options: { url?: string } = {}): Promise<void> {
  const { address, running } = findWharf();
  const url = options.url ?? address;
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new OperatorError(`${url} is no address of a page; write for example https://wharf.example.com.`);
  return withPeople(async (people) => {
    const link = email === undefined ? null : await people.signInLink(email, url);
    if (link === null) {
      const users = await people.listUsers();
      if (users.length === 0)
        throw new OperatorError("There are no accounts yet: the first start makes one and prints its link.");
      const listed = users.map((user) => `  ${user.email}  ${user.name}, ${user.role ?? "in no workspace"}`);
      if (email !== undefined)
        throw new OperatorError(`No account has the email ${email}. There are:\n\n${listed.join("\n")}`);
      console.log(listed.join("\n"));
      console.error("\nMake a sign-in link with `npx wharf user link EMAIL`.");
      return;
    }
    console.log(link);
    console.error("It works once, within an hour, and leads to choosing a new password.");
    if (options.url !== undefined) return;
    if (running?.address) console.error("Where people reach Wharf by another address, name it with --url.");
    else console.error("Wharf does not run now: start it, then open the link.");
  });
}
