import { withoutInvisible, withPlainDigits } from "../base/base.ts";
import { anywhere, sql, textArray, type Sql } from "../db/db.ts";

/**
 * What is searched, and how: docs/decisions/0015. A text is folded to what its spellings have in common, and beside it
 * stand the grams in it (three characters in a row), by which an index finds those that may hold what is looked for;
 * the folded text then tells whether they do. What is looked for is folded by the same rule.
 */

/** A change of the rule folds everything that is stored again (search-rows.ts). */
export const SEARCH_RULE = 1;
/** How much of a text is searched: twice what Meta lets a message have. */
const LENGTH_LIMIT = 8_000;
/** More are not looked up: the folded text decides in the end. */
const GRAMS_LIMIT = 24;

/** Letters that Unicode does not take apart, by what people type for them; Arabic's forms of one letter. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ð: "d",
  đ: "d",
  ɖ: "d",
  þ: "th",
  ł: "l",
  ƚ: "l",
  ı: "i",
  ȷ: "j",
  ħ: "h",
  ŧ: "t",
  ƀ: "b",
  ɨ: "i",
  ɉ: "j",
  ɇ: "e",
  ⱥ: "a",
  ƶ: "z",
  ȼ: "c",
  ǥ: "g",
  ŋ: "n",
  ĸ: "k",
  ς: "σ",
  ґ: "г",
  "\u0671": "\u0627",
  "\u0649": "\u064a",
  "\u06cc": "\u064a",
  "\u06a9": "\u0643",
  "\u0629": "\u0647",
  "\u06c1": "\u0647",
  "\u06be": "\u0647",
  "‘": "'",
  "’": "'",
  "‚": "'",
  "‛": "'",
  "′": "'",
  ʼ: "'",
  "´": "'",
  "`": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  "‟": '"',
  "″": '"',
  "«": '"',
  "»": '"',
  "\u2212": "-",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]|\\p{Pd}`, "gu");
/**
 * Accents of Latin, Greek and Cyrillic; Arabic's and Syriac's vowels with the tatweel; Hebrew's points; the dots below that Indic scripts
 * often leave out. Not the vowels of Indic scripts, nor Japan's voicing marks: those are letters.
 */
const MARKS =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const ASCII = /^[\x20-\x7e]*$/;
const SPACES = /\s+/g;
/** Scripts whose words may be two characters long. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Accents, case, width, composition, what can't be seen and how wide a space is make no difference. */
export function foldForSearch(text: string): string {
  const start = text.length > LENGTH_LIMIT ? text.slice(0, LENGTH_LIMIT) : text;
  // ASCII has a backtick for its one sign with two spellings.
  if (ASCII.test(start)) return start.toLowerCase().replaceAll("`", "'").replace(SPACES, " ").trim();
  const letters = withoutInvisible(start.normalize("NFKD")).replace(MARKS, "").toLowerCase();
  return (
    withPlainDigits(letters)
      .replace(LETTER, (letter) => LETTERS[letter] ?? "-")
      // Once more: what lower case took apart, as of İ.
      .replace(MARKS, "")
      .normalize("NFKC")
      .replace(SPACES, " ")
      .trim()
  );
}

/** Each gram of the words of a folded text once, as a number: three characters, or two where words may be as short. */
export function gramsOf(folded: string): number[] {
  const grams = new Set<number>();
  let [before, last] = [0, 0];
  for (const character of folded) {
    const point = character.codePointAt(0)!;
    if (point === 0x20) {
      [before, last] = [0, 0];
      continue;
    }
    if (before !== 0) grams.add(hashOf(before, last, point));
    if (last > 0x1100 && point > 0x1100 && isIdeograph(last) && isIdeograph(point))
      grams.add(hashOf(0, last, point));
    [before, last] = [last, point];
  }
  return [...grams];
}

const isIdeograph = (point: number) => IDEOGRAPH.test(String.fromCodePoint(point));

/** To 32 bits; two grams may meet, as the folded text has the last word. */
function hashOf(a: number, b: number, c: number): number {
  const mixed = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c;
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) | 0;
}

export interface Searchable {
  folded: string | null;
  /** An array as PostgreSQL writes one. */
  grams: string | null;
}

const NOTHING: Searchable = { folded: null, grams: null };

/** The two columns of a text, or of several that one row has: none where nothing can be looked for. */
export function searchable(...texts: (string | null)[]): Searchable {
  const folded = texts
    .flatMap((text) => (text === null || text === "" ? [] : [foldForSearch(text)]))
    .filter((text) => text !== "")
    .join(" ");
  return folded === "" ? NOTHING : { folded, grams: `{${gramsOf(folded).join(",")}}` };
}

/** Two columns of `unnest`: text[] and text[], the second to be cast to integer[] row by row. */
export function searchColumns(rows: readonly Searchable[]): Sql {
  return sql`${textArray(rows.map((row) => row.folded))}::text[], ${textArray(rows.map((row) => row.grams))}::text[]`;
}

export interface Wanted {
  /** For `like`. */
  pattern: string;
  /** Grams that it has; none: it is too short for the index. */
  grams: number[];
}

/** What to look for; null where nothing is left of it. */
export function wantedOf(search: string): Wanted | null {
  const folded = foldForSearch(search);
  if (folded === "") return null;
  return { pattern: anywhere(folded), grams: gramsOf(folded).slice(0, GRAMS_LIMIT) };
}

/** Whether a row (its two columns) holds it, by the index on the grams where it is long enough. */
export function holds(folded: Sql, grams: Sql, wanted: Wanted): Sql {
  const found = sql`${folded} like ${wanted.pattern}`;
  return wanted.grams.length === 0 ? found : sql`(${grams} @> ${wanted.grams}::integer[] and ${found})`;
}
