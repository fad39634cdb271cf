import { ApiProblem } from "../../lib/server/api.ts";
import { fetchProblemTexts } from "../../lib/server/common-problem-texts.ts";
import { inBrowser, parseKept } from "../../lib/page/kept.ts";
import type { Letter } from "./letter.ts";
import { NOTHING_YET, record } from "../../lib/words/message.ts";

/**
 * Letters as they are kept in this browser, by user: someone else who signs in neither sees nor sends them. Each has an
 * entry of its own: tabs write at the same time, and one list of all would lose what another tab has just added.
 */

type Kept = Omit<Letter, "known" | "message_id" | "problem"> & {
  known: string[];
  problem: ProblemFields | null;
};
type ProblemFields = Pick<ApiProblem, "status" | "code" | "detail" | "request_id">;

const prefixOf = (user_id: string) => `wharf.outbox.${user_id}.`;

/** The letters that wait or were refused, oldest first. What can't be read is left out. */
export function readLetters(user_id: string): Letter[] {
  const prefix = prefixOf(user_id);
  return inBrowser
    .keys()
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => parse(inBrowser.read(key)) ?? [])
    .toSorted((a, b) => (a.shown.sent_at < b.shown.sent_at ? -1 : 1));
}

/** What stands there may be damaged, or of another version of Wharf, whose messages had other fields. */
function parse(text: string | null): Letter | null {
  const kept = parseKept(text);
  if (!isKept(kept)) return null;
  const { known, problem, shown, ...letter } = kept;
  if (problem) void fetchProblemTexts();
  return {
    ...letter,
    shown: { ...NOTHING_YET, ...shown },
    known: new Set(known),
    message_id: null,
    problem: problem && new ApiProblem(problem),
  };
}

function isKept(value: unknown): value is Kept {
  const kept = record(value);
  const shown = record(kept?.["shown"]);
  const problem = record(kept?.["problem"]);
  return (
    typeof kept?.["key"] === "string" &&
    typeof record(record(kept["body"])?.["content"])?.["type"] === "string" &&
    typeof shown?.["id"] === "string" &&
    typeof shown["conversation_id"] === "string" &&
    typeof shown["type"] === "string" &&
    (shown["text"] === null || typeof shown["text"] === "string") &&
    record(shown["content"]) !== null &&
    !Number.isNaN(Date.parse(String(shown["sent_at"]))) &&
    Array.isArray(kept["known"]) &&
    (kept["problem"] === null || typeof problem?.["code"] === "string")
  );
}

function fieldsOf({ status, code, detail, request_id }: ApiProblem): ProblemFields {
  return { status, code, detail, request_id };
}

/** False when the browser keeps nothing more (storage full or forbidden): the letter lives as long as the tab then. */
export function writeLetter(user_id: string, { key, body, shown, held, known, problem }: Letter): boolean {
  const kept: Kept = { key, body, shown, held, known: [...known], problem: problem && fieldsOf(problem) };
  return inBrowser.write(prefixOf(user_id) + key, JSON.stringify(kept));
}

export function removeLetter(user_id: string, key: string): void {
  inBrowser.remove(prefixOf(user_id) + key);
}

/** Calls `listener` when another tab adds, changes or (null) removes a letter; returns how to end that. */
export function watchLetters(
  user_id: string,
  listener: (key: string, letter: Letter | null) => void,
): () => void {
  const prefix = prefixOf(user_id);
  const take = ({ key, newValue }: StorageEvent) => {
    if (key?.startsWith(prefix)) listener(key.slice(prefix.length), parse(newValue));
  };
  addEventListener("storage", take);
  return () => removeEventListener("storage", take);
}
