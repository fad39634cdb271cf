import { Problem } from "../../base/base.ts";
import type { Caller } from "../people/people.ts";

/** An API key is no user, so nothing is assigned to it. */
export function userIdOf(caller: Caller, what = "query.assignee: `me`"): string {
  if (!caller.user) throw new Problem("INVALID_REQUEST", `${what} needs a signed-in person`);
  return caller.user.id;
}
