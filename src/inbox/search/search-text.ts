import { withoutInvisible, withPlainDigits, tableOf } from "../../base/base.ts";
import { and, anywhere, sql, textArray, type Sql } from "../../db/db.ts";

/**
 * What is searched, and how: docs/decisions/0015. A text is folded to what its spellings have in common, and beside it
 * stand the grams in it (three characters in a row), by which an index finds those that may hold what is looked for;
 * the folded text then tells whether they do. What is looked for is folded by the same rule, word by word: a row holds it
 * when it holds every word, in any order.
 */

/** A change of the rule folds everything that is stored again (search-rows.ts). */
export const SEARCH_RULE = 3;
/** How much of a text is searched: twice what Meta lets a message have. */
const LENGTH_LIMIT = 8_000;
/** More are not looked up: the folded text decides in the end. */
const GRAMS_LIMIT = 24;

/** Letters that Unicode does not take apart, by what people type for them; Arabic's forms of one letter. */
const LETTERS = tableOf<string>({
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
  // The moon and dot over a vowel, which is written as the dot alone as often.
  "\u0901": "\u0902",
  "\u0981": "\u0982",
  "\u0a01": "\u0a02",
  "\u0a70": "\u0a02",
  "\u0a81": "\u0a82",
  "\u0b01": "\u0b02",
  "\u0c00": "\u0c02",
  "\u0c01": "\u0c02",
  "\u0c81": "\u0c82",
  "'": "",
  "‘": "",
  "’": "",
  "‚": "",
  "‛": "",
  "′": "",
  ʼ: "",
  ʻ: "",
  "´": "",
  "`": "",
  "׳": "",
  "“": '"',
  "”": '"',
  "„": '"',
  "‟": '"',
  "″": '"',
  "«": '"',
  "»": '"',
  "״": '"',
  "\u2212": " ",
});
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

/** Accents, case, width, composition, apostrophes, hyphens, what can't be seen and how wide a space is make no difference. */
export function foldForSearch(text: string): string {
  const start = text.length > LENGTH_LIMIT ? text.slice(0, LENGTH_LIMIT) : text;
  if (ASCII.test(start))
    return start.toLowerCase().replace(/['`]/g, "").replaceAll("-", " ").replace(SPACES, " ").trim();
  const letters = withoutInvisible(start.normalize("NFKD")).replace(MARKS, "").toLowerCase();
  return (
    withPlainDigits(letters)
      .replace(LETTER, (letter) => LETTERS[letter] ?? " ")
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

export const NOTHING_SEARCHED: Searchable = { folded: null, grams: null };

/** What else people write for letters of German and the Nordic languages, where they have no key for them. */
const DIGRAPHS = tableOf<string>({ ä: "ae", ö: "oe", ü: "ue", ø: "oe", å: "aa" });
const DIGRAPH = /[äöüøå]/g;
/**
 * A nasal before a consonant of its own place in the mouth (न्द), which Indic scripts also write as a dot (ंद). Their
 * blocks have one order, from Devanagari to Malayalam: 0x80 apart.
 */
const NASALS = [0x09, 0x0a, 0x0b, 0x0c, 0x0d]
  .flatMap((row) => [row * 0x100, row * 0x100 + 0x80])
  .slice(0, -1);
const at = (point: number) => String.fromCodePoint(point);
const NASAL = new RegExp(
  NASALS.flatMap((block) =>
    [0x15, 0x1a, 0x1f, 0x24, 0x2a].map(
      (first) =>
        `${at(block + first + 4)}${at(block + 0x4d)}(?=[${at(block + first)}-${at(block + first + 3)}])`,
    ),
  ).join("|"),
  "gu",
);
const dotOf = (nasal: string) => at((nasal.codePointAt(0)! & ~0x7f) + 2);
const otherwise = (text: string): string =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(DIGRAPH, (letter) => DIGRAPHS[letter]!)
    .replace(NASAL, dotOf);
/** A word of two, joined by a hyphen. */
const HYPHENATED = /\p{L}\p{Pd}\p{L}/u;
const HYPHENS = /\p{Pd}/gu;
/** Between the characters of scripts that are written without spaces. */
const WIDE_SPACE =
  /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]) (?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])/gu;
/** Nothing of the above stands in most texts. */
const SPELT_TWICE = new RegExp(`[äöüøå]|\\u0308|\\u030a|\\p{L}\\p{Pd}\\p{L}|${NASAL.source}`, "iu");

/** A text as it is stored: folded, and with its words that are written in another way too. */
function stored(text: string): string {
  const folded = foldForSearch(text);
  const close = ASCII.test(folded) ? folded : folded.replace(WIDE_SPACE, "");
  if (!SPELT_TWICE.test(text)) return close;
  const spellings = text
    .slice(0, LENGTH_LIMIT)
    .split(/\s+/)
    .flatMap((word) => [
      ...(HYPHENATED.test(word) ? [foldForSearch(word.replace(HYPHENS, ""))] : []),
      ...(otherwise(word) === word.normalize("NFC").toLowerCase() ? [] : [foldForSearch(otherwise(word))]),
    ]);
  return [close, ...new Set(spellings)].join(" ");
}

/** The two columns of a text, or of several that one row has: none where nothing can be looked for. */
export function searchable(...texts: (string | null)[]): Searchable {
  return columnsOf(
    texts
      .flatMap((text) => (text === null || text === "" ? [] : [stored(text)]))
      .filter((text) => text !== "")
      .join(" "),
  );
}

const columnsOf = (folded: string): Searchable =>
  folded === "" ? NOTHING_SEARCHED : { folded, grams: `{${gramsOf(folded).join(",")}}` };

/** Both, the second where `afterEdit` finds it: behind a line break, which no folded text has. */
export function searchableParts(first: Searchable, last: Searchable): Searchable {
  if (last.folded === null) return first;
  const { grams } = columnsOf(`${first.folded ?? ""} ${last.folded}`);
  return { folded: `${first.folded ?? ""}\n${last.folded}`, grams };
}

/** Two columns of `unnest`: text[] and text[], the second to be cast to integer[] row by row. */
export function searchColumns(rows: readonly Searchable[]): Sql {
  return sql`${textArray(rows.map((row) => row.folded))}::text[], ${textArray(rows.map((row) => row.grams))}::text[]`;
}

/** One spelling of a word. */
interface Spelling {
  /** For `like`. */
  pattern: string;
  /** Grams that it has; none: it is too short for the index. */
  grams: number[];
}

/** What a row must hold: all words, each in one of its spellings. */
export type Wanted = readonly (readonly Spelling[])[];

/** More words are not looked at. */
const WORDS_LIMIT = 40;

/** What to look for; null where nothing is left of it. */
export function wantedOf(search: string): Wanted | null {
  const words = new Map<string, Spelling[]>();
  for (const written of search.slice(0, LENGTH_LIMIT).split(/\s+/)) {
    const [folded, other] = [foldForSearch(written), foldForSearch(otherwise(written))];
    if (folded === other) for (const word of folded.split(" ")) words.set(word, [spelling(word)]);
    // A word with hyphens in both is looked for by its parts, each in either spelling.
    else {
      const [parts, others] = [folded.split(" "), other.split(" ")];
      parts.forEach((word, i) => words.set(word, [...new Set([word, others[i] ?? word])].map(spelling)));
    }
  }
  words.delete("");
  return words.size === 0 ? null : [...words.values()].slice(0, WORDS_LIMIT);
}

/** Digits in a row that a number has; `before`: it begins with them. */
export const wantedDigits = (digits: string, before = ""): Wanted => [
  [{ ...spelling(digits), pattern: `${before}${anywhere(digits)}` }],
];

const spelling = (word: string): Spelling => ({ pattern: anywhere(word), grams: gramsOf(word) });

/** Whether the index finds it: there is a word that is long enough. */
export const isIndexed = (wanted: Wanted): boolean =>
  wanted.some((spellings) => spellings.every(({ grams }) => grams.length > 0));

/** Whether a row (its two columns) holds it, by the index on the grams where it is long enough. */
export function holds(folded: Sql, grams: Sql, wanted: Wanted): Sql {
  const plain = wanted.flatMap(([one, ...others]) => (others.length === 0 ? [one!] : []));
  const all = [...new Set(plain.flatMap((one) => one.grams))].slice(0, GRAMS_LIMIT);
  const patterns = plain.map(({ pattern }) => pattern);
  const conditions = [
    ...(all.length === 0 ? [] : [sql`${grams} @> ${all}::integer[]`]),
    ...(patterns.length === 0 ? [] : [sql`${folded} like all(${patterns}::text[])`]),
    ...wanted
      .filter(({ length }) => length > 1)
      .map((spellings) => {
        const each = spellings.map((one) => holds(folded, grams, [[one]]));
        return sql`(${each.reduce((a, b) => sql`${a} or ${b}`)})`;
      }),
  ];
  return sql`(${and(...conditions)})`;
}

/** Whether it holds one of several. */
export const holdsOne = (folded: Sql, grams: Sql, wanted: readonly Wanted[]): Sql => {
  const each = wanted.map((one) => holds(folded, grams, one));
  return each.length === 1 ? each[0]! : sql`(${each.reduce((a, b) => sql`${a} or ${b}`)})`;
};

/** The part of a message's folded text that an edit of its words leaves (search-words.ts). */
export const afterEdit = (folded: Sql): Sql => sql`split_part(${folded}, E'\\n', 2)`;
