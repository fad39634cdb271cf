import { OperatorError } from "../base/base.ts";
import { addressOf, readConfig } from "../config.ts";
import { withPeople } from "./key.ts";
import { findRunning } from "./running.ts";

/** `wharf user link EMAIL [--url URL]`: a new one-time link, for someone who is locked out: it leads to a new password. */
export function linkUser(email: string, options: { url?: string } = {}): Promise<void> {
  const { host, port, data_dir } = readConfig();
  // Where Wharf listens, whatever PORT was when it was started.
  const url = options.url ?? findRunning(data_dir)?.address ?? addressOf(host, port);
  return withPeople(async (people) => {
    const link = await people.signInLink(email, url);
    if (link === null) throw new OperatorError(`Nobody has the email ${email} here.`);
    console.log(link);
    console.error("It works once, within an hour, and leads to choosing a new password.");
  });
}
