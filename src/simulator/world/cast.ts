import { userIdOf } from "./wire.ts";

/** The sandbox's people and numbers: regulators keep them for fiction, so they belong to no one. */
export interface Persona {
  wa_id: string;
  name: string;
  username: string | null;
  /** What Meta calls them since it gave them another id; else it follows from the number. */
  user_id?: string | undefined;
  /** Meta does not tell this business the number, as of people with a username who never wrote to it before. */
  hidden?: boolean | undefined;
}

export interface BusinessNumber {
  phone_number_id: string;
  display_phone_number: string;
  waba_id: string;
}

export const PERSONAS: readonly Persona[] = [
  { wa_id: "12025550147", name: "Sheena Nelson", username: null },
  { wa_id: "447700900321", name: "Amara Okafor", username: "amara.okafor" },
  { wa_id: "61491570156", name: "Oliver Tran", username: null },
  { wa_id: "33639980142", name: "Chloé Bérard", username: "chloe_b" },
];

/** Each number is a person's, known or not. */
export const findPerson = (personas: readonly Persona[], wa_id: string): Persona =>
  personas.find((known) => known.wa_id === wa_id) ?? { wa_id, name: `+${wa_id}`, username: null };

export const NUMBERS: readonly BusinessNumber[] = [
  { phone_number_id: "106540352242922", display_phone_number: "12025550190", waba_id: "102290129340398" },
];

const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ["1", "US"],
  ["33", "FR"],
  ["34", "ES"],
  ["39", "IT"],
  ["44", "GB"],
  ["49", "DE"],
  ["52", "MX"],
  ["54", "AR"],
  ["55", "BR"],
  ["61", "AU"],
  ["62", "ID"],
  ["91", "IN"],
];

/**
 * Digits, as WhatsApp knows the person: in Brazil without the ninth digit that was added to mobile numbers, in Mexico and
 * Argentina with the digit that mobile numbers once had behind the country.
 */
export const waIdOf = (digits: string): string =>
  digits
    .replace(/^55(\d\d)9(\d{8})$/, "55$1$2")
    .replace(/^52(\d{10})$/, "521$1")
    .replace(/^54(\d{10})$/, "549$1");

/** The country before the dot of a business-scoped user id; good enough for made-up people. */
export function countryOf(wa_id: string): string {
  return COUNTRIES.find(([prefix]) => wa_id.startsWith(prefix))?.[1] ?? "US";
}

/** A person's business-scoped user id. */
export const userIdBehind = ({ wa_id, user_id }: Pick<Persona, "wa_id" | "user_id">): string =>
  user_id ?? userIdOf(wa_id, countryOf(wa_id));

/** What ids of messages and calls are made over, as they can be read: the user id where the business knows no number. */
export const identityShown = (person: Persona, by_user_id = person.hidden === true): string =>
  by_user_id ? userIdBehind(person) : person.wa_id;
