import { type Blocked, findPerson, type Persona, userIdBehind, waIdOf } from "../../world/world.ts";
import type { GraphWorld } from "./graph-world.ts";
import { invalidParameter } from "./graph-checks.ts";

/** The persona behind a business-scoped user id. */
export const personOf = (personas: readonly Persona[], user_id: string): Persona | undefined =>
  personas.find((person) => userIdBehind(person) === user_id);

/** Lists of people name each by a number or by a user id, in either of two fields. */
export function personSaid(
  { simulator }: Pick<GraphWorld, "simulator">,
  { user, user_id }: { user?: string | undefined; user_id?: string | undefined },
): Blocked & { input: string } {
  const said = user ?? user_id ?? "";
  if (/^[A-Z]{2}\.\w+$/.test(said)) {
    const known = personOf(simulator.personas(), said);
    return { input: said, user_id: said, wa_id: known && !known.hidden ? known.wa_id : null };
  }
  const digits = said.replace(/\D/g, "");
  if (digits.length < 7 || digits.length > 15)
    throw invalidParameter("user", `must be a phone number or a user id - got ${said}`);
  const wa_id = waIdOf(digits);
  return { input: said, wa_id, user_id: userIdBehind(findPerson(simulator.personas(), wa_id)) };
}
