import { WORDS, type Words } from "./consent-words.ts";

/**
 * What messages say about marketing. One counts only as a whole ("please stop by the shop" does not): trimmed, without
 * case, width, accents of European scripts, punctuation or emoji. The words are the product's, by language, and those of
 * the workspace.
 *
 * What is tapped was written by the business, so a tap counts only by words that mean nothing else (`readTap`), or by what
 * the workspace says of its own buttons.
 */
/** Longer messages are not looked at: no word of a list is that long. */
const LENGTH_LIMIT = 80;

/** What two spellings of the same word have in common; empty when nothing is left, or the text is too long. */
export function foldText(text: string): string {
  const folded = text.length > LENGTH_LIMIT * 2 ? "" : foldSpelling(text);
  return folded.length > LENGTH_LIMIT ? "" : folded;
}

/** What two spellings of the same words have in common, however long the text is. */
export function foldSpelling(text: string): string {
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      // Accents of Latin, Greek and Cyrillic, zero-width characters and emoji's variation selectors; not the vowel signs of
      // Indic scripts. Vowels and cantillation of Arabic and Hebrew, which few people type, and the tatweel.
      .replace(/[\u0300-\u036f\ufe00-\ufe0f\p{Cf}]/gu, "")
      .replace(
        /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670]/gu,
        "",
      )
      .normalize("NFKC")
      .replace(/[\p{P}\p{S}\s]+/gu, " ")
      .trim()
  );
}

export type Statement = "STOP" | "START";
export type Meaning = Statement | "CONFIRM";

/** Folded texts by what they say. */
type Sets = Readonly<Record<Meaning, ReadonlySet<string>>>;

/** The words that count for a message, ready to match. */
export interface WordLists {
  typed: Sets;
  /** Of the workspace's own buttons: titles and payloads. */
  tapped: Sets;
}

export interface OwnWord {
  meaning: Meaning;
  matches: "typed" | "tapped";
  text: string;
}

/** The product's words but for those of the languages that are off (`*`: of all), and the workspace's own. */
export function wordLists(own: readonly OwnWord[] = [], off: ReadonlySet<string> = new Set()): WordLists {
  const languages = off.has("*") ? [] : Object.keys(WORDS).filter((language) => !off.has(language));
  const ownOf = (matches: OwnWord["matches"], meaning: Meaning) =>
    own.filter((one) => one.matches === matches && one.meaning === meaning).map(({ text }) => text);
  const typed = (meaning: Meaning) =>
    foldAll([...languages.flatMap((language) => wordsOf(language, meaning)), ...ownOf("typed", meaning)]);
  const tapped = (meaning: Meaning) => foldAll(ownOf("tapped", meaning));
  return {
    typed: { STOP: typed("STOP"), START: typed("START"), CONFIRM: typed("CONFIRM") },
    tapped: { STOP: tapped("STOP"), START: tapped("START"), CONFIRM: tapped("CONFIRM") },
  };
}

/** The product's words of a language. */
export function wordsOf(language: string, meaning: Meaning): readonly string[] {
  const words = WORDS[language];
  if (!words) return [];
  if (meaning === "CONFIRM") return words.confirm;
  const { explicit, bare, typed } = meaning === "STOP" ? words.stop : words.start;
  return [...explicit, ...bare, ...typed];
}

export const LANGUAGES: readonly string[] = Object.keys(WORDS);

/** What the button says that answers the question of a double opt-in: no other button has this payload. */
export const CONFIRM_PAYLOAD = "wharf:consent:yes";

/** What a text that was typed, or a tap, says about marketing. CONFIRM counts only for those who were asked. */
export function readMeaning(
  said: { text: string | null; tap: { payload: string | null; title: string | null } | null },
  lists: WordLists,
): Meaning | null {
  const { text, tap } = said;
  if (tap === null)
    return (
      readStatement([text], lists) ??
      (text !== null && lists.typed.CONFIRM.has(foldText(text)) ? "CONFIRM" : null)
    );
  if (tap.payload === CONFIRM_PAYLOAD) return "CONFIRM";
  const parts = [tap.payload, tap.title].map((part) => foldText(part ?? "")).filter((part) => part !== "");
  const own = (["STOP", "START", "CONFIRM"] as const).find((meaning) =>
    parts.some((part) => lists.tapped[meaning].has(part)),
  );
  return own ?? readTap(tap, lists);
}

/** What typed texts of one message say; STOP wins where they say both. */
export function readStatement(texts: readonly (string | null)[], lists: WordLists): Statement | null {
  const folded = texts.filter((text) => text !== null).map(foldText);
  if (folded.some((text) => lists.typed.STOP.has(text))) return "STOP";
  return folded.some((text) => lists.typed.START.has(text)) ? "START" : null;
}

const everywhere = (of: (one: (typeof WORDS)[string]) => Words) => tappable(Object.values(WORDS).map(of));
const TAPPED = { STOP: everywhere(({ stop }) => stop), START: everywhere(({ start }) => start) };

/**
 * What the tap of a button or a list's row says: by a word that means nothing else, as the payload, or as the title
 * where the payload says the same. A workspace's own words count as a bare "stop" does, but for those of `typed`.
 */
export function readTap(
  { payload, title }: { payload: string | null; title: string | null },
  lists: WordLists,
): Statement | null {
  // Payloads may be longer than any word, and hold one.
  const [sent, shown] = [foldSpelling((payload ?? "").slice(0, 1_000)), foldText(title ?? "")];
  const says = (words: ReadonlySet<string>, { typed, explicit, bare }: (typeof TAPPED)["STOP"]) => {
    const counts = (text: string) => words.has(text) && !typed.has(text);
    const is_explicit = explicit.has(shown);
    return (
      counts(sent) ||
      (counts(shown) && (repeats(sent, shown, is_explicit) || (is_explicit && agrees(sent, explicit, bare))))
    );
  };
  if (says(lists.typed.STOP, TAPPED.STOP)) return "STOP";
  return says(lists.typed.START, TAPPED.START) ? "START" : null;
}

/** After a bare "stop" in a payload: what is stopped is marketing, and no alarm. */
const MARKETING = /^(?:subs?|subscriptions?|promos?|promotions?|marketing|newsletters?|offers?|ads?)$/u;

/** Parts of payloads that say nothing: what kind of thing it is, a yes to it, or anything with a digit. */
const SILENT =
  /^(?:.*\p{N}.*|\p{L}|btn|button|id|opt|option|row|item|reply|choice|qr|yes|y|ok|confirm|confirmed|now|me|all)$/u;

/**
 * Whether a payload says what the title says. An explicit title stands anywhere in it, in its own words, or alone beside
 * an id; a bare one must begin it, with nothing after that could name what else is stopped (`stop_alarm`).
 */
function repeats(payload: string, title: string, explicit: boolean): boolean {
  const [words, wanted] = [payload.split(" ").filter(Boolean), title.split(" ")];
  const silent = (some: readonly string[]) => some.every((word) => SILENT.test(word));
  const begins = (at: number) => wanted.every((word, i) => words[at + i] === word);
  if (!explicit)
    return (
      words.length === 0 ||
      (begins(0) && silent(words.slice(wanted.length).filter((word) => !MARKETING.test(word))))
    );
  const joined = words.indexOf(wanted.join(""));
  return silent(words) || joined >= 0 || words.some((_, at) => begins(at));
}

/**
 * Whether a payload says in other words what an explicit title says (`opt_out_1`, `promo_stop` under “Stop promotions”):
 * by an explicit word of its own, or a bare one with what is stopped, and nothing beside it that says more.
 */
function agrees(payload: string, explicit: ReadonlySet<string>, bare: ReadonlySet<string>): boolean {
  const words = payload.split(" ");
  const adds = (word: string) => !SILENT.test(word) && !MARKETING.test(word);
  const isAlone = (at: number, length: number) =>
    !words.some((word, i) => (i < at || i >= at + length) && adds(word));
  return words.some(
    (word, at) =>
      (bare.has(word) && words.some((each) => MARKETING.test(each)) && isAlone(at, 1)) ||
      [1, 2, 3, 4].some(
        (length) => explicit.has(words.slice(at, at + length).join(" ")) && isAlone(at, length),
      ),
  );
}

function tappable(words: readonly Words[]) {
  const all = (kind: keyof Words) => foldAll(words.flatMap((one) => one[kind]));
  return { explicit: all("explicit"), bare: all("bare"), typed: all("typed") };
}

function foldAll(words: readonly string[]): Set<string> {
  const folded = new Set(words.map(foldText));
  folded.delete("");
  return folded;
}
