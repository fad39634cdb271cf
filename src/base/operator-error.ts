import { tableOf } from "./table-of.ts";

/**
 * Something that the operator must fix: a wrong setting, a full disk, a port in use. The message is one
 * or more sentences that say what is wrong and what to do; commands print it without a stack and end with 1.
 */
export class OperatorError extends Error {
  override name = "OperatorError";
}

/** An error about a file of the data directory, as a sentence for the operator where it is a common one. */
export function explainFile(cause: unknown, path: string): Error {
  const sentence = sentences[(cause as NodeJS.ErrnoException).code ?? ""]?.(path);
  if (sentence) return new OperatorError(sentence, { cause });
  return cause instanceof Error ? cause : new Error(String(cause));
}

const full = (path: string) => `The disk that holds ${path} is full; free at least 200 MB, then start again.`;
const forbidden = (path: string) =>
  `${path} can't be written to by this user; change its owner, or name another folder in WHARF_DATA_DIR.`;
const noFolder = (path: string) => `${path} is not a folder; name another one in WHARF_DATA_DIR.`;

const sentences = tableOf<(path: string) => string>({
  ENOSPC: full,
  EDQUOT: full,
  EROFS: (path) =>
    `${path} is on a read-only file system; mount it writable, or name another folder in WHARF_DATA_DIR.`,
  EACCES: forbidden,
  EPERM: forbidden,
  ENOTDIR: noFolder,
  EEXIST: noFolder,
});
