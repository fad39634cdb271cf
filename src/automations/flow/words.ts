import { foldSpelling } from "../../inbox/inbox.ts";

/** What a person said: the words of their message, and the payload of what they tapped. */
export interface Said {
  text: string | null;
  payload: string | null;
  /** It was a tap on a button or a row. */
  tapped: boolean;
}

export type WordMatch = "is" | "contains" | "starts_with";

/**
 * Whether a text has one of the words: as a whole, somewhere in it, or at its beginning; always whole words. Case, accents,
 * punctuation and emoji don't count.
 */
export function hasWord(text: string | null, words: readonly string[], match: WordMatch): boolean {
  if (text === null) return false;
  const folded = foldSpelling(text);
  return words.some((word) => {
    const wanted = foldSpelling(word);
    if (wanted === "") return false;
    if (match === "is") return folded === wanted;
    if (match === "starts_with") return `${folded} `.startsWith(`${wanted} `);
    return ` ${folded} `.includes(` ${wanted} `);
  });
}

/** Whether it is one of the payloads or has one of the texts; where neither is named, whatever was said. */
export function isSaid(
  { text, payload }: Said,
  { payloads, texts }: { payloads: readonly string[]; texts: readonly string[] },
): boolean {
  if (payloads.length === 0 && texts.length === 0) return true;
  return (payload !== null && payloads.includes(payload)) || hasWord(text, texts, "contains");
}
