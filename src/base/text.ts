/** What a reader sees of a text, whatever Unicode has in it. */

/**
 * All that shows something: not white space, controls, what Unicode calls format or default-ignorable, the blanks that it
 * has besides, marks without a letter to stand on, or what stands for a character that could not be read.
 */
const VISIBLE =
  /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{M}\ufffd\u2800\u{16FE4}\u{1D159}\u{13441}\u{13442}]/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu;
const DIGIT = /(?![0-9])\p{Nd}/gu;

/** The text, or null where nothing of it can be seen. */
export function visible(text: string | null): string | null {
  return text !== null && VISIBLE.test(text) ? text : null;
}

/** Sentences in one line: what lacks its full stop gets one; what is empty is left out. Null: none is left. */
export function sentences(...parts: (string | null)[]): string | null {
  const said = parts.flatMap((part) => {
    const text = part?.trim() ?? "";
    return text === ""
      ? []
      : [/[.!?…。！？؟][)"'”’»]*$/u.test(text) ? text : `${text.replace(/[,;:]+$/, "")}.`];
  });
  return said.length === 0 ? null : said.join(" ");
}

/** Without zero-width characters, marks of direction, soft hyphens, variation selectors and their like. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, "");
}

/** Without what turns a text's direction around (U+202E and its like): names that show it read as others. */
export function withoutTurns(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Every script's decimal digits as 0 to 9. */
export function withPlainDigits(text: string): string {
  return text.replace(DIGIT, (digit) => String(valueOf(digit.codePointAt(0)!)));
}

/** Unicode's digits stand in runs of ten from zero to nine, of which some follow each other at once. */
function valueOf(point: number): number {
  let start = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return (point - start) % 10;
}

/** Percent-encoded text as it reads; what isn't proper percent-encoding stays as it came. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
