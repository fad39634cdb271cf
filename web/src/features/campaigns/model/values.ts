import type { Reply } from "../../../../../src/contract/contract.ts";
import type { Place } from "../../../conversation/filling/places.ts";
import type { CampaignVariable, CampaignVariables } from "./types.ts";

export type Profile = Reply<"GET /api/v1/contacts/:id/profile">;
export type Contact = Reply<"GET /api/v1/contacts">["data"][number];
/** One whose message is shown: with what is kept of them, and the columns of the CSV as far as they are known. */
export interface Person {
  contact: Contact;
  profile: Profile | undefined;
}

/** What stands in each place for this person, and in which they would be skipped. */
export function valuesFor(places: readonly Place[], variables: CampaignVariables, person: Person | null) {
  const values: Record<string, string> = {};
  const missing: Place[] = [];
  for (const place of places) {
    const variable = variables[place.key];
    if (!variable) continue;
    const value = valueOf(variable, person);
    if (value === null) missing.push(place);
    else if (value !== "") values[place.key] = value;
  }
  return { values, missing };
}

/** null: there is none, and no fallback. Without a person the fallback shows, or the example. */
function valueOf(variable: CampaignVariable, person: Person | null): string | null {
  switch (variable.from) {
    case "text":
      return variable.text;
    case "media":
      return variable.media_id;
    case "location":
      return [variable.name, variable.address].filter(Boolean).join(", ");
    case "column":
      return variable.fallback ?? `[${variable.column}]`;
    case "contact":
      return person === null
        ? (variable.fallback ?? "")
        : about(variable.what, person) || (variable.fallback ?? null);
    case "field": {
      const value = person?.profile?.fields[variable.field_id];
      if (person === null) return variable.fallback ?? "";
      return value === undefined || value === "" ? (variable.fallback ?? null) : String(value);
    }
    default:
      return variable satisfies never;
  }
}

function about(what: Extract<CampaignVariable, { from: "contact" }>["what"], { contact, profile }: Person) {
  switch (what) {
    case "name":
      return nameOf(contact);
    case "first_name":
      return nameOf(contact).split(/\s+/)[0] ?? "";
    case "phone":
      return contact.phone ?? "";
    default:
      return profile?.[what] ?? "";
  }
}

const nameOf = ({ name, book_name, profile_name }: Contact) =>
  (name ?? book_name ?? profile_name ?? "").trim();
