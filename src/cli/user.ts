import { OperatorError } from "../base/base.ts";
import { addressOf, readConfig } from "../config.ts";
import { withPeople } from "./key.ts";

/** `wharf user link EMAIL [--url URL]`: a new one-time sign-in link, for someone who is locked out. */
export function linkUser(email: string, options: { url?: string } = {}): Promise<void> {
  const { host, port } = readConfig();
  const url = options.url ?? addressOf(host, port);
  return withPeople(async (people) => {
    const link = await people.signInLink(email, url);
    if (link === null) throw new OperatorError(`Nobody has the email ${email} here.`);
    console.log(link);
    console.error("It works once, within 24 hours.");
  });
}
