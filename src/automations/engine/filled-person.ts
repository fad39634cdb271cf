import type { Person } from "../../campaigns/campaigns.ts";
import type { FilledPerson } from "../flow/flow.ts";

/** A contact as texts are filled in with them, and other systems are told of them. */
export const filledPerson = (person: Person | null): FilledPerson => ({
  name: person?.name ?? null,
  phone: phoneOf(person),
  language: person?.language ?? null,
  country: person?.country ?? null,
});

export function phoneOf(person: Person | null): string | null {
  const reach = person?.reach ?? null;
  return reach === null || reach.kind === "bsuid" ? null : `+${reach.value.replace(/^\+/, "")}`;
}
