import { percentDecoded } from "../../../lib/words/percent.ts";
import { PROBLEMS } from "../texts.ts";

export const URL_LIMIT = 512;
const STARTS = ["http://", "https://"];

/** Characters as the server counts them: a letter beyond ASCII is one, also where it is spelled as percent signs. */
export function lengthOf(text: string): number {
  const plain = text.replace(/(?:%[89a-f][\da-f])+/gi, percentDecoded);
  return Array.from(plain).length;
}

/** What is wrong with a URL; null when nothing is that can be seen from here. */
export function urlProblem(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return PROBLEMS.url_start;
  if (lengthOf(text) > URL_LIMIT) return PROBLEMS.url_long(URL_LIMIT);
  if (/\s/u.test(text)) return PROBLEMS.url_space;
  if (!URL.canParse(text)) return PROBLEMS.url_unreadable;
  const { username, password } = new URL(text);
  return username === "" && password === "" ? null : PROBLEMS.url_password;
}

/** The same while one still writes: what may become a URL is none yet, but no mistake either. */
export function urlProblemSoFar(text: string): string | null {
  const written = text.toLowerCase();
  if (STARTS.some((start) => start.startsWith(written) || start === written)) return null;
  return urlProblem(text);
}

/** It goes through the net in the clear. */
export const isPlain = (text: string): boolean => /^http:\/\//i.test(text);

/** It ends in something that is never sent. */
export const hasFragment = (text: string): boolean => /^https?:\/\/[^#]*#/i.test(text);
