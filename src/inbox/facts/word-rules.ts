import { wordLists, type OwnWord, type WordLists } from "./consent-keywords.ts";

/** A time for which something counts; null: from the beginning, or still. */
interface Span {
  since_ms: number | null;
  until_ms: number | null;
}

/** What a workspace has ever set about its words. */
export interface WordRules {
  words: readonly (OwnWord & Span)[];
  /** Languages of which the product's words did not count; `*`: all. */
  off: readonly ({ language: string } & Span)[];
}

/**
 * The lists that counted at a moment. A message is read by those of the time that Meta gives it, so that one that comes
 * late, in another order or a second time is read as it would have been: what it says does not depend on when it is read.
 */
export function createWordRules({ words, off }: WordRules): (at_ms: number) => WordLists {
  const bounds = [
    ...new Set(
      [...words, ...off].flatMap(({ since_ms, until_ms }) =>
        [since_ms, until_ms].filter((bound) => bound !== null),
      ),
    ),
  ].sort((a, b) => a - b);
  const kept = new Map<number, WordLists>();
  return (at_ms) => {
    const span = bounds.findLastIndex((bound) => bound <= at_ms);
    const known = kept.get(span);
    if (known) return known;
    const counts = ({ since_ms, until_ms }: Span) =>
      (since_ms === null || since_ms <= at_ms) && (until_ms === null || at_ms < until_ms);
    const lists = wordLists(
      words.filter(counts),
      new Set(off.filter(counts).map(({ language }) => language)),
    );
    kept.set(span, lists);
    return lists;
  };
}

/** How a workspace reads a message of its people. */
export interface Reading {
  lists: WordLists;
  /** It asks people whether they want marketing, or once did. */
  confirms: boolean;
}
