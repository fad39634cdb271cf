import { tableOf } from "../table-of.ts";
import type { Words } from "./problem-texts.ts";

/**
 * The one place where a problem's code becomes words for people. What the server writes in `title` and `detail` is for
 * programmers and is never shown. Most visits meet no problem, so what the API may refuse (problem-texts.ts) is fetched
 * with the first; here stands what can't wait for that.
 */
export interface ProblemText {
  /** What is the matter. */
  says: string;
  /** What to do about it, where that is not said already. */
  advice: string | null;
  /** Support may need the request's id: the cause is inside Wharf, or not known. */
  internal: boolean;
}

const AT_HAND = tableOf<Words>({
  UNREACHABLE: ["Wharf can't be reached.", "Check that it is running and that you are online."],
  TOO_OLD: ["This was written more than 12 hours ago and has not been sent."],
  UNAUTHENTICATED: ["Your session has ended.", "Sign in to go on."],
});

/** Problems whose cause is the server's: the same again may work, and else the request id helps to find out why. */
const INTERNAL = tableOf<Words>({
  QUERY_TIMEOUT: ["This took too long and was stopped.", "Ask for less, or try again in a minute."],
  UNAVAILABLE: ["Wharf can't do this just now.", "Try again in a few seconds."],
  INTERNAL: ["Something went wrong in Wharf.", "Try again. If it happens again, tell your operator."],
});
const UNKNOWN: Words = ["Something went wrong.", "Try again. If it happens again, tell your operator."];

let wordsOfCode: (code: string, detail: string | null) => Words | undefined = () => undefined;

/** Resolves in any case: without them, the words are of something that went wrong. */
export async function fetchProblemTexts(): Promise<void> {
  await import("./problem-texts.ts").then(
    (texts) => (wordsOfCode = texts.wordsOfCode),
    () => undefined,
  );
}

export function problemText({ code, detail }: { code: string; detail: string | null }): ProblemText {
  const known = AT_HAND[code] ?? wordsOfCode(code, detail);
  const [says, advice = null] = known ?? INTERNAL[code] ?? UNKNOWN;
  return { says, advice, internal: known === undefined };
}
