import { visible } from "../../base/base.ts";
import type { Person } from "../events.ts";
import { asList, asObject, asText, type Json, type JsonObject } from "../json/json.ts";

/** No number and no user id is longer; what is can't be anyone's. */
const ID_CHARACTERS = 256;
/** Names of people have at most 25 characters in WhatsApp, in address books some more. */
const NAME_CHARACTERS = 300;

/** An id that someone can have. */
export const asId = (value: Json | undefined): string | null => possible(asText(value));
const possible = (id: string | null) => (id !== null && id.length <= ID_CHARACTERS ? id : null);
/** A name, cut where it is longer than any name. */
const short = (name: string | null) =>
  name !== null && name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS).toWellFormed()}…` : name;

/** `US.13491208655302741918`, `US.ENT.11815799212886844830`: some relays put one where a number belongs. */
export const BSUID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

export function personOf(
  wa_id: string | null,
  user_id: string | null,
  parent_user_id: string | null,
): Person {
  const misplaced = wa_id !== null && BSUID.test(wa_id);
  return {
    wa_id: misplaced ? null : possible(wa_id),
    user_id: possible(user_id) ?? (misplaced ? wa_id : null),
    parent_user_id: possible(parent_user_id),
    profile_name: null,
    username: null,
  };
}

/** A name of which nothing can be seen is none. */
export const asName = (value: Json | undefined): string | null => short(visible(asText(value)));

/** Without the @ that some write before it. */
export const asUsername = (value: Json | undefined): string | null =>
  short(visible(asText(value)?.replace(/^[@\s]+/, "") ?? null));

export function isIdentified(person: Person): boolean {
  return person.wa_id !== null || person.user_id !== null || person.parent_user_id !== null;
}

/** `value.contacts[]`; whatever is wrong in it costs only itself. */
export function readContacts(value: JsonObject): Person[] {
  const people: Person[] = [];
  for (const item of asList(value["contacts"]) ?? []) {
    const contact = asObject(item);
    if (!contact) continue;
    const profile = asObject(contact["profile"]);
    const person = personOf(
      asText(contact["wa_id"]),
      asText(contact["user_id"]),
      asText(contact["parent_user_id"]),
    );
    const name = asName(profile?.["name"]);
    people.push({
      ...person,
      // Where there is no name, relays put the number in its place: it must not hide a real one.
      profile_name: name !== null && isNumber(name, person.wa_id) ? null : name,
      username: asUsername(profile?.["username"]) ?? asUsername(contact["username"]),
    });
  }
  return people;
}

/**
 * The person of an item, completed from the contacts beside it. The two lists are not aligned, so a contact counts
 * only when it shares an id with the item. A single contact beside a single item also counts when nothing
 * contradicts it; where the two name different numbers (it happens), the item's own word stands alone: joining two
 * people by mistake is worse than a name that is missing.
 */
export function completed(own: Person, contacts: readonly Person[], item_count: number): Person {
  const contact =
    contacts.find(
      (other) =>
        (own.wa_id !== null && other.wa_id === own.wa_id) ||
        (own.user_id !== null && other.user_id === own.user_id),
    ) ?? (contacts.length === 1 && item_count === 1 && !contradicts(own, contacts[0]!) ? contacts[0]! : null);
  if (!contact) return own;
  return {
    wa_id: own.wa_id ?? contact.wa_id,
    user_id: own.user_id ?? contact.user_id,
    parent_user_id: own.parent_user_id ?? contact.parent_user_id,
    profile_name: contact.profile_name,
    username: contact.username,
  };
}

function contradicts(own: Person, other: Person): boolean {
  return differs(own.wa_id, other.wa_id) || differs(own.user_id, other.user_id);
}

function differs(left: string | null, right: string | null): boolean {
  return left !== null && right !== null && left !== right;
}

/** `from`, `from_user_id`, `from_parent_user_id` and their like for `to`. */
export function readParty(item: JsonObject, side: "from" | "to"): Person {
  return personOf(
    asText(item[side]),
    asText(item[`${side}_user_id`]),
    asText(item[`${side}_parent_user_id`]),
  );
}

function isNumber(name: string, wa_id: string | null): boolean {
  return /^\+?[\d\s().-]+$/.test(name) && sameNumber(name, wa_id);
}

export function sameNumber(left: string | null, right: string | null): boolean {
  return left !== null && right !== null && left.replace(/\D/g, "") === right.replace(/\D/g, "");
}
