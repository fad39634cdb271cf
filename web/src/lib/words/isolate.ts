/** Scripts that are written from right to left, and Unicode's marks and controls of direction. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A name inside of a sentence, so that its direction ends with it: else a Hebrew name would take the number behind it
 * along, and one with U+202E would turn the rest of the line around. Names of one direction stay as they are.
 */
export const isolate = (name: string): string =>
  TURNS.test(name) ? `\u2068${name.replace(/[\u2066-\u2069]/g, "")}\u2069` : name;

const UNSEEN = /(?!\u200c|\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const LETTERS = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Of a name that others chose, as much as is worth a line or two. */
const LONGEST = 80;

/** A name as someone else chose it, to be seen: without invisible characters and marks of direction, and not for ever. */
export function plainName(name: string): string {
  const plain = name.replace(/\s+/gu, " ").replace(UNSEEN, "").trim();
  const letters = Array.from(LETTERS.segment(plain), ({ segment }) => segment);
  return letters.length > LONGEST
    ? `${letters
        .slice(0, LONGEST - 1)
        .join("")
        .trimEnd()}…`
    : plain;
}
