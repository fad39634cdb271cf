import { anywhere, sql, type Queryable } from "../../db/db.ts";
import { messageHash } from "../../meta/meta.ts";
import { piecesIn, subjectOf } from "./event-subjects.ts";
import type { Handle } from "../facts/facts.ts";
import { contactsCalled, messagesSaying, readSearch, type Search } from "./search-queries.ts";
import { isIndexed } from "../search/search.ts";

/** What a text stands for among the subjects of events. */
export interface SearchedSubjects {
  /** Events that name one of these are looked for. */
  any: number[];
  /** And those whose message's id has all of one of these pieces, and this part. */
  part: { pieces: number[][]; pattern: string } | null;
  /** More customers or messages have it than are looked up: only the newest are. */
  is_cut: boolean;
}

/** More names than this in one question of the journal take longer than anyone reads. */
const LIMIT = 500;

/**
 * Who and what a text stands for: customers by name or number in any spelling, messages by what they say (from three
 * characters on) or by Meta's id, whole or in part.
 */
export async function searchSubjects(
  db: Queryable,
  workspace_id: string,
  text: string,
): Promise<SearchedSubjects> {
  const search = await readSearch(db, workspace_id, text);
  if (search === null) return { any: [], part: null, is_cut: false };
  const [people, messages, ids] = await Promise.all([
    identitiesCalled(db, search),
    hashesSaying(db, search),
    hashesOfId(db, workspace_id, text.trim()),
  ]);
  const numbers = search.digits.map((value): Handle => ({ kind: "wa_id", value }));
  const pieces = piecesIn(text.trim());
  return {
    any: [
      ...new Set([
        ...[...people, ...numbers].slice(0, LIMIT).map(subjectOf.identity),
        ...[...ids, ...messages.slice(0, LIMIT)].map(subjectOf.message),
      ]),
    ],
    part: pieces && { pieces, pattern: anywhere(text.trim()) },
    is_cut: people.length > LIMIT || messages.length > LIMIT,
  };
}

/** The subject of a message of ours; null where it has no id of Meta's yet. Undefined: there is no such message. */
export async function subjectsOfMessage(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<number[] | undefined> {
  const message = await db.first<{ wamid_hash: string | null }>(
    sql`select wamid_hash from messages where workspace_id = ${workspace_id} and id = ${id}`,
  );
  return message && (message.wamid_hash === null ? [] : [subjectOf.message(message.wamid_hash)]);
}

/** Newest contacts first: contacts__search_grams, contact_identities__search_grams, contact_identities__contact_id. */
async function identitiesCalled(db: Queryable, search: Search): Promise<Handle[]> {
  const { workspace_id } = search;
  return db.rows<Handle>(sql`
    with called as materialized (${contactsCalled(search)})
    select i.kind, i.value from contact_identities i
    where i.workspace_id = ${workspace_id} and i.contact_id in (select id from called)
    order by i.contact_id desc limit ${LIMIT + 1}`);
}

/** By messages__search_grams and message_amendments__search_grams; what is too short for those is in nearly every message. */
async function hashesSaying(db: Queryable, search: Search): Promise<string[]> {
  if (!search.texts.every(isIndexed)) return [];
  const rows = await db.rows<{ wamid_hash: string }>(sql`
    with said as materialized (${messagesSaying(search)})
    select wamid_hash from said where wamid_hash is not null order by received_at desc limit ${LIMIT + 1}`);
  return rows.map(({ wamid_hash }) => wamid_hash);
}

/** What a whole id of Meta's is found by: within each business number, as any of the message's ids may be given. */
async function hashesOfId(db: Queryable, workspace_id: string, text: string): Promise<string[]> {
  if (/\s/.test(text) || text.length < 8) return [];
  const numbers = await db.rows<{ id: string }>(
    sql`select id from phone_numbers where workspace_id = ${workspace_id}`,
  );
  return [...new Set([null, ...numbers.map(({ id }) => id)].map((number) => messageHash(number, text)))];
}
