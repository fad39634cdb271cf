import { and, sql, type Queryable, type Sql } from "../../db/db.ts";
import { type NumberPart, searchedNumbers } from "../../meta/meta.ts";
import { amendmentOf, concerns } from "../folds/folds.ts";
import { FILE_TYPES } from "../../media/media.ts";
import {
  afterEdit,
  holds,
  holdsOne,
  isIndexed,
  wantedDigits,
  wantedOf,
  type Wanted,
} from "../search/search.ts";
import { visibleText } from "./message-views.ts";

/** What is looked for, read once: in texts, in names, and in numbers where it may be one. */
export interface Search {
  workspace_id: string;
  /** Each of them enough: what was typed, and its digits where it may be a number. */
  texts: Wanted[];
  name: Wanted;
  numbers: Wanted[];
  /** Of a number and a name in one search: both are wanted. */
  both: { name: Wanted; numbers: Wanted[] } | null;
  /** A whole user id of Meta's. */
  user_id: string | null;
  /** Those numbers, where the text may be a whole one. */
  digits: string[];
}

/** Null: nothing is looked for. Numbers without a country code are also read as they are dialled where our numbers are. */
export async function readSearch(
  db: Queryable,
  workspace_id: string,
  search: string | undefined,
): Promise<Search | null> {
  const text = wantedOf(search ?? "");
  const name = wantedOf((search ?? "").replace(/^\s*@/, ""));
  if (search === undefined || text === null || name === null) return null;
  const parted = partNumber(search);
  const near =
    searchedNumbers(parted?.number ?? search, []).length === 0
      ? []
      : await db.rows<{ number: string }>(sql`
          select distinct display_phone_number as number from phone_numbers
          where workspace_id = ${workspace_id} and display_phone_number is not null`);
  const numbersIn = (written: string) =>
    searchedNumbers(
      written,
      near.map(({ number }) => number),
    );
  const wanted = ({ digits, country }: NumberPart) => wantedDigits(digits, country ?? "");
  const numbers = numbersIn(search);
  const numbers_beside = parted ? numbersIn(parted.number) : [];
  return {
    workspace_id,
    texts: [text, ...shortest(numbers).map((digits) => wantedDigits(digits))],
    name,
    numbers: numbers.map(wanted),
    both: parted && numbers_beside.length > 0 ? { ...parted, numbers: numbers_beside.map(wanted) } : null,
    user_id: /^\s*[A-Z]{2}\.\w[\w.]*\s*$/.test(search) ? search.trim() : null,
    digits: numbers.map(({ digits }) => digits),
  };
}

/** The words that may be a number, and what stands beside them; null where there are not both. */
function partNumber(search: string): { number: string; name: Wanted } | null {
  const words = search.split(/\s+/).filter(Boolean);
  const isNumber = (word: string) => !/\p{L}/u.test(word) && /\p{Nd}|^[()+/\p{Pd}]+$/u.test(word);
  const name = wantedOf(words.filter((word) => !isNumber(word)).join(" "));
  const number = words.filter(isNumber).join(" ");
  return number === "" || name === null ? null : { number, name };
}

/** Digits to look for in texts: not those which hold others of them, as the others find the same and more. */
function shortest(numbers: readonly NumberPart[]): string[] {
  const anywhere = numbers.flatMap(({ digits, country }) => (country === null ? [digits] : []));
  return anywhere.filter((one) => !anywhere.some((other) => other !== one && one.includes(other)));
}

/** The ids of the contacts that have it in a name or a number: contacts__search_grams, contact_identities__search_grams. */
export function contactsCalled({ workspace_id, name, numbers, both, user_id }: Search): Sql {
  const named = (wanted: Wanted) => sql`
    select n.id from contacts n
    where n.workspace_id = ${workspace_id} and ${holds(sql`n.search_text`, sql`n.search_grams`, wanted)}`;
  const identified = (condition: Sql) => sql`
    select i.contact_id from contact_identities i where i.workspace_id = ${workspace_id} and ${condition}`;
  const numbered = (number: Wanted) => identified(holds(sql`i.value`, sql`i.search_grams`, number));
  const arms = [
    named(name),
    ...numbers.map(numbered),
    ...(both ? both.numbers.map((number) => sql`(${named(both.name)} intersect ${numbered(number)})`) : []),
    ...(user_id === null ? [] : [identified(sql`i.kind = 'bsuid' and i.value = ${user_id}`)]),
  ];
  return arms.reduce((found, arm) => sql`${found} union ${arm}`);
}

/**
 * Only what is left to read counts: the words of the newest edit, with the name of a file whose caption it changes, and
 * nothing of what was revoked.
 */
const asWritten = ({ workspace_id, texts }: Search): Sql => sql`
  from messages t
  where t.workspace_id = ${workspace_id} and t.conversation_id is not null
    and ${holdsOne(sql`t.search_text`, sql`t.search_grams`, texts)}
    and not exists (
      select from message_amendments a where a.workspace_id = t.workspace_id and a.wamid_hash = t.wamid_hash
        and ${concerns(sql`t`, sql`a`)} and (a.revoked_at is not null or a.edited_at is not null and not (
          t.type = any(${FILE_TYPES}::text[]) and ${holdsOne(afterEdit(sql`t.search_text`), sql`t.search_grams`, texts)})))`;
const asEdited = ({ workspace_id, texts }: Search): Sql => sql`
  from message_amendments a join messages t on t.workspace_id = a.workspace_id and t.wamid_hash = a.wamid_hash
  where a.workspace_id = ${workspace_id} and ${holdsOne(sql`a.search_text`, sql`a.search_grams`, texts)}
    and t.conversation_id is not null and ${concerns(sql`t`, sql`a`)}
    and not exists (
      select from message_amendments o where o.workspace_id = t.workspace_id and o.wamid_hash = t.wamid_hash
        and (o.revoked_at is not null or (o.edited_at, o.edit_event) > (a.edited_at, a.edit_event)) and ${concerns(sql`t`, sql`o`)})`;

/** Messages that say it, as `wamid_hash` and `received_at`: by their indexes, so only what is long enough for those. */
export const messagesSaying = (search: Search): Sql => sql`
  select t.wamid_hash, t.received_at ${asWritten(search)} union all select t.wamid_hash, t.received_at ${asEdited(search)}`;

/**
 * In each of these conversations the newest message that has it, with what is left to read of it: one that was found by
 * its file's name may have lost its caption. By messages__conversation_id__sent_at, or by its grams.
 */
export const messagesWith = (search: Search, conversation_ids: readonly string[]): Sql => {
  const having = (messages: Sql) => sql`
    select t.workspace_id, t.id, t.conversation_id, t.wamid_hash, t.author_kind, t.author_value, t.text, t.sent_at, t.order_key
    ${messages} and t.conversation_id = any(${conversation_ids}::uuid[])`;
  return sql`
    select distinct on (f.conversation_id) f.conversation_id, f.id as message_id, ${visibleText(sql`f`, sql`a`)} as text
    from (${having(asWritten(search))} union all ${having(asEdited(search))}) f
    left join lateral ${amendmentOf(sql`f`)} a on true
    where ${visibleText(sql`f`, sql`a`)} is not null
    order by f.conversation_id, f.sent_at desc, f.order_key desc`;
};

/**
 * Whether a conversation (`c`) is one that is looked for, and what must stand before the query. By the indexes where
 * there is a gram to look up (messages__search_grams, message_amendments__search_grams). Shorter ones are in nearly
 * every thread, so these are asked one after the other, newest first, until the page is full.
 */
export function conversationsWith(search: Search): { before: Sql; condition: Sql } {
  if (!search.texts.every(isIndexed)) {
    const inThread = (messages: Sql) => sql`(select true ${messages} and t.conversation_id = c.id limit 1)`;
    return {
      before: sql``,
      condition: sql`(c.contact_id in (${contactsCalled(search)})
        or ${inThread(asWritten(search))} or ${inThread(asEdited(search))})`,
    };
  }
  return {
    before: sql`with found as materialized (
      select t.conversation_id as id ${asWritten(search)}
      union select t.conversation_id ${asEdited(search)}
      union select v.id from conversations v
        where ${and(sql`v.workspace_id = ${search.workspace_id}`, sql`v.contact_id in (${contactsCalled(search)})`)})`,
    condition: sql`c.id in (select id from found)`,
  };
}
