import { isId } from "../base/base.ts";
import { decodeCursor, encodeCursor } from "../db/db.ts";

/** Lists of this room run newest first, by id: a page ends where its last row's id says. */
export interface Page {
  cursor?: string | undefined;
  limit: number;
}

const isUuid = (value: unknown): value is string => typeof value === "string" && isId(value);

/** The id below which the page begins; null at the beginning. Throws INVALID_REQUEST. */
export function pageStart({ cursor }: Page): string | null {
  return decodeCursor<[string]>(cursor, [isUuid])?.[0] ?? null;
}

/** Cuts what was read with `limit + 1` into a page. */
export function toPage<Row extends { id: string }>(
  rows: Row[],
  { limit }: Page,
): { data: Row[]; next_cursor: string | null } {
  const data = rows.slice(0, limit);
  return { data, next_cursor: rows.length > limit ? encodeCursor([data.at(-1)!.id]) : null };
}
