import { ApiProblem } from "./api.ts";
import type { Letter } from "./letter.ts";

/** Letters as they are kept in this browser, by user: someone else who signs in neither sees nor sends them. */

type Kept = Omit<Letter, "known" | "message_id" | "problem"> & {
  known: string[];
  problem: ProblemFields | null;
};
type ProblemFields = Pick<ApiProblem, "status" | "code" | "detail" | "request_id"> & { title: string };

const PREFIX = "wharf.outbox.";
const keyOf = (user_id: string) => `${PREFIX}${user_id}`;

/** The letters that wait or were refused, oldest first. What can't be read (an older Wharf's) is left out. */
export function readLetters(user_id: string): Letter[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(user_id)) ?? "[]") as Kept[];
    return kept.map(({ known, problem, ...letter }) => ({
      ...letter,
      known: new Set(known),
      message_id: null,
      problem: problem && revive(problem),
    }));
  } catch {
    return [];
  }
}

function revive({ title, status, code, detail, request_id }: ProblemFields): ApiProblem {
  return new ApiProblem({
    status,
    code,
    title,
    ...(detail === null ? {} : { detail }),
    ...(request_id === null ? {} : { request_id }),
  });
}

function fieldsOf({ message, status, code, detail, request_id }: ApiProblem): ProblemFields {
  return { title: message, status, code, detail, request_id };
}

/** False when the browser keeps nothing more (storage full or forbidden): the letters live as long as the tab then. */
export function writeLetters(user_id: string, letters: readonly Letter[]): boolean {
  const kept = letters.map(({ key, body, shown, held, known, problem }): Kept => ({
    key,
    body,
    shown,
    held,
    known: [...known],
    problem: problem && fieldsOf(problem),
  }));
  try {
    if (kept.length === 0) localStorage.removeItem(keyOf(user_id));
    else localStorage.setItem(keyOf(user_id), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** Calls `listener` when another tab changes what is kept; returns how to end that. */
export function watchLetters(user_id: string, listener: () => void): () => void {
  const take = (event: StorageEvent) => {
    if (event.storageArea === localStorage && (event.key === keyOf(user_id) || event.key === null))
      listener();
  };
  addEventListener("storage", take);
  return () => removeEventListener("storage", take);
}
