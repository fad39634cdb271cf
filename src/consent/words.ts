import type { z } from "zod";
import { newId, Problem } from "../base/base.ts";
import type * as shapes from "../contract/consent.ts";
import { found, iso, sql, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import { createWordRules, LANGUAGES, readMeaning, wordsOf, type Meaning } from "../inbox/inbox.ts";

type ConsentWords = z.infer<typeof shapes.ConsentWords>;
type OwnWord = z.infer<typeof shapes.OwnWord>;
type NewOwnWord = z.infer<typeof shapes.NewOwnWord>;

/** More than that no one has to say; each batch's messages are read by them. */
const MOST_WORDS = 500;

const isLong = (time: Sql) => sql`case when isfinite(${time}) then ${iso(time)} end`;
const OWN = sql`
  select w.id, w.meaning, w.matches, w.language, w.text, ${isLong(sql`w.since`)} as since,
    case when u.id is not null then json_build_object('id', u.id, 'name', coalesce(nullif(u.name, ''), u.email)) end as user
  from consent_words w left join users u on u.id = w.user_id`;

/** The product's words by language, and the workspace's own that count now. */
export async function getWords(db: Queryable, workspace_id: string): Promise<ConsentWords> {
  const words = await db.rows<OwnWord>(sql`
    ${OWN} where w.workspace_id = ${workspace_id} and w.until is null
    order by w.meaning, w.matches, lower(w.text), w.id`);
  const off = new Set(
    (
      await db.rows<{ language: string }>(sql`
        select language from consent_defaults_off where workspace_id = ${workspace_id} and until is null`)
    ).map(({ language }) => language),
  );
  const defaults = LANGUAGES.map((language) => ({
    language,
    on: !off.has("*") && !off.has(language),
    stop: [...wordsOf(language, "STOP")],
    start: [...wordsOf(language, "START")],
    confirm: [...wordsOf(language, "CONFIRM")],
  }));
  return { defaults, all_off: off.has("*"), words };
}

/** It counts for messages that are written from now on. Throws WORD_TAKEN, WORD_INVALID and TOO_MANY_WORDS. */
export async function addWord(
  db: Database,
  workspace_id: string,
  { meaning, matches, language, text }: NewOwnWord,
  user_id: string | null,
): Promise<OwnWord> {
  const id = newId();
  return db.transaction(async (tx) => {
    await lockWords(tx, workspace_id);
    const known = await tx.rows<{ meaning: Meaning; matches: string; text: string }>(sql`
      select meaning, matches, text from consent_words where workspace_id = ${workspace_id} and until is null`);
    if (known.length >= MOST_WORDS)
      throw new Problem("TOO_MANY_WORDS", `There are ${MOST_WORDS} words already.`);
    const said = known.find((one) => one.matches === matches && isSame(one.text, text, matches));
    if (said) throw new Problem("WORD_TAKEN", `“${said.text}” is there already.`);
    if (!isReadable(text, matches)) throw new Problem("WORD_INVALID");
    await tx.run(sql`
      insert into consent_words (workspace_id, id, meaning, matches, language, text, user_id, since)
      values (${workspace_id}, ${id}, ${meaning}, ${matches}, ${language}, ${text}, ${user_id}, now())`);
    return found(
      (await tx.rows<OwnWord>(sql`${OWN} where w.workspace_id = ${workspace_id} and w.id = ${id}`))[0],
    );
  });
}

/** By the very function that reads messages. */
const readBy = (own: string, text: string, matches: "typed" | "tapped") => {
  const words = [{ meaning: "STOP", matches, text: own, since_ms: null, until_ms: null }] as const;
  const lists = createWordRules({ words, off: [{ language: "*", since_ms: null, until_ms: null }] })(0);
  return readMeaning(
    matches === "typed" ? { text, tap: null } : { text: null, tap: { payload: text, title: null } },
    lists,
  );
};
const isSame = (one: string, other: string, matches: "typed" | "tapped") =>
  readBy(one, other, matches) !== null;
const isReadable = (text: string, matches: "typed" | "tapped") => readBy(text, text, matches) !== null;

/** It goes on to count for what was written before. Throws NOT_FOUND. */
export async function removeWord(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockWords(tx, workspace_id);
    found(
      await tx.first(sql`
        update consent_words set until = now() where workspace_id = ${workspace_id} and id = ${id} and until is null
        returning id`),
    );
  });
}

/** Switches the product's words of a language, or of all (`*`), off or on. */
export async function switchDefaults(
  db: Database,
  workspace_id: string,
  { language, on }: { language: string; on: boolean },
  user_id: string | null,
): Promise<ConsentWords> {
  if (language !== "*" && !LANGUAGES.includes(language))
    throw new Problem("INVALID_REQUEST", `There are no words of the product in the language “${language}”.`);
  await db.transaction(async (tx) => {
    await lockWords(tx, workspace_id);
    const which = sql`workspace_id = ${workspace_id} and language = ${language} and until is null`;
    if (on) await tx.run(sql`update consent_defaults_off set until = now() where ${which}`);
    else
      await tx.run(sql`
        insert into consent_defaults_off (workspace_id, language, since, user_id)
        select ${workspace_id}, ${language}, now(), ${user_id}
        where not exists (select from consent_defaults_off where ${which})
        on conflict (workspace_id, language, since) do update set until = null`);
  });
  return getWords(db, workspace_id);
}

/** One change at a time; from the next batch on processes read the words anew. */
async function lockWords(tx: Tx, workspace_id: string): Promise<void> {
  await tx.run(sql`
    insert into consent_settings as s (workspace_id, words_version) values (${workspace_id}, 1)
    on conflict (workspace_id) do update set words_version = s.words_version + 1`);
}

/** What a message would do that is written now: read as the pipeline reads it. */
export async function testWords(
  db: Queryable,
  workspace_id: string,
  { text, tapped, payload }: z.infer<typeof shapes.WordTest>,
): Promise<z.infer<typeof shapes.WordTestResult>> {
  const { defaults, all_off, words } = await getWords(db, workspace_id);
  const always = { since_ms: null, until_ms: null };
  const off = defaults.filter(({ on }) => !on).map(({ language }) => ({ language, ...always }));
  const lists = createWordRules({
    words: words.map((word) => ({ ...word, ...always })),
    off: all_off ? [{ language: "*", ...always }] : off,
  })(0);
  const said = tapped ? { text: null, tap: { payload, title: text } } : { text, tap: null };
  const row = await db.first<{ confirms: boolean }>(
    sql`select confirms from consent_settings where workspace_id = ${workspace_id}`,
  );
  return { meaning: readMeaning(said, lists), asks: row?.confirms ?? false };
}
