import { Problem } from "../base/base.ts";

/** Where a list goes on: the sort key of its last row, as opaque text that fits a query string. */
export function encodeCursor(key: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/**
 * The sort key inside a cursor, checked against `shape` (one test a part). No cursor: null, the list's beginning.
 * Throws INVALID_REQUEST for anything that we did not make.
 */
export function decodeCursor<Key extends readonly (string | number | null)[]>(
  cursor: string | null | undefined,
  shape: { [Part in keyof Key]: (value: unknown) => value is Key[Part] },
): Key | null {
  if (cursor === null || cursor === undefined) return null;
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch (cause) {
    throw new Problem("INVALID_REQUEST", BAD_CURSOR, { cause });
  }
  const fits =
    Array.isArray(key) && key.length === shape.length && shape.every((test, part) => test(key[part]));
  if (!fits) throw new Problem("INVALID_REQUEST", BAD_CURSOR);
  return key as Key;
}

const BAD_CURSOR = "`cursor` is not one that this list handed out; leave it out to begin again.";
