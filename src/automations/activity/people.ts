import type { Run } from "../../contract/automations.ts";
import type { Queryable } from "../../db/db.ts";
import { contactsByIds } from "../../inbox/inbox.ts";
import { UNKNOWN_PERSON } from "./texts.ts";

type Person = Run["contact"];

/** Names and numbers of contacts, also of those who are gone. */
export async function readNames(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<(id: string) => Person> {
  const wanted = [...new Set(ids)];
  const people = wanted.length === 0 ? [] : await contactsByIds(db, workspace_id, wanted);
  const by_id = new Map(people.map((person) => [person.id, person]));
  return (id) => {
    const person = by_id.get(id);
    return { id, display_name: person?.display_name ?? UNKNOWN_PERSON, phone: person?.phone ?? null };
  };
}
