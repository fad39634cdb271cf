import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { withoutTurns } from "../../base/base.ts";
import { sql, type Sql } from "../../db/db.ts";
import { dialledToday } from "../../meta/meta.ts";

/** What a contact may be called by, as `nameParts` selects it. */
export interface NameParts {
  name: string | null;
  /** What the business calls the contact in its phone's address book. */
  book_name: string | null;
  profile_name: string | null;
  username: string | null;
  /** Digits of the current number. */
  number: string | null;
  /** Any identity: for a contact of which nothing else is known. */
  known_by: string | null;
}

/** The JSON object of a contact's NameParts, with what else the caller wants in it. */
export const nameParts = (contact: Sql, more: Sql): Sql => sql`json_build_object(
  'name', ${contact}.name, 'book_name', ${contact}.book_name, 'profile_name', ${contact}.profile_name, 'username', ${contact}.username,
  'number', (
    select value from contact_identities i
    where i.workspace_id = ${contact}.workspace_id and i.contact_id = ${contact}.id
      and i.kind in ('wa_id', 'phone') and not i.former
    order by i.kind desc, i.value desc limit 1),
  'known_by', (
    select case i.kind when 'group' then 'Group ' || right(i.value, 6) when 'erased' then 'Erased person' else i.value end from contact_identities i
    where i.workspace_id = ${contact}.workspace_id and i.contact_id = ${contact}.id
    order by i.former, i.kind, i.value limit 1),
  ${more})`;

/** The name given by people, else that of the business's address book, else the profile's, else @username, else the number. */
export function displayName(parts: NameParts): string {
  const username = parts.username === null ? null : `@${parts.username}`;
  const name = parts.name ?? parts.book_name ?? parts.profile_name ?? username;
  return name === null ? (phone(parts.number) ?? parts.known_by ?? "Unknown") : withoutTurns(name);
}

/**
 * `16505551234` → `+1 650 555 1234`, and WhatsApp's old forms as they are dialled: `5219981234567` → `+52 998 123 4567`,
 * `553187650555` → `+55 31 98765 0555`. Digits that are no number of any country stay as they are, with their plus.
 */
export function phone(digits: string | null): string | null {
  if (digits === null) return null;
  const plus = `+${dialledToday(digits.replace(/^\+/, ""))}`;
  return parsePhoneNumberFromString(plus)?.formatInternational() ?? plus;
}

export function named<Row extends NameParts>(row: Row) {
  const { number, known_by: _, ...rest } = row;
  return { ...rest, display_name: displayName(row), phone: phone(number) };
}
