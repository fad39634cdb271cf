import { isId, Problem } from "../base/base.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { sql, type Sql } from "./sql.ts";

export interface Page {
  cursor?: string | undefined;
  limit: number;
}
export interface List<Item> {
  data: Item[];
  next_cursor: string | null;
}

/** ISO 8601 UTC, as the API shows times. */
export const iso = (time: Sql): Sql =>
  sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A person as the API shows one: the row of `users` under this name, null where an outer join found none. */
export const personOf = (user: Sql): Sql => sql`
  case when ${user}.id is not null
       then json_build_object('id', ${user}.id, 'name', ${user}.name, 'email', ${user}.email) end`;

/** The sort key of a list by (time, id); the time as PostgreSQL spells it, to the microsecond. */
export const keyOf = (time: Sql, id: Sql): Sql => sql`json_build_array(${time}::text, ${id})`;

export const isText = (value: unknown): value is string => typeof value === "string";
export const isUuid = (value: unknown): value is string => isText(value) && isId(value);
/** As PostgreSQL writes one, and one that there is: no 31st of February, and no year 0, which it doesn't have. */
export const isMoment = (value: unknown): value is string => {
  const [, day, time] = isText(value) ? (MOMENT.exec(value) ?? []) : [];
  const moment = day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`);
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(`${day}T${time}`);
};
const MOMENT = /^((?!0000)\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?\+00$/;

/** `before the cursor` for a list that runs from new to old. */
export function before(time: Sql, id: Sql, cursor: string | undefined): Sql {
  const key = decodeCursor<[string, string]>(cursor, [isMoment, isUuid]);
  return key === null ? sql`true` : sql`(${time}, ${id}) < (${key[0]}::timestamptz, ${key[1]}::uuid)`;
}

/** The same for a list by id alone: UUIDv7, so it runs from new to old too. */
export function beforeId(id: Sql, cursor: string | undefined): Sql {
  const key = decodeCursor<[string]>(cursor, [isUuid]);
  return key === null ? sql`true` : sql`${id} < ${key[0]}::uuid`;
}

export function withoutKey<Row extends { list_key: unknown }>(row: Row): Omit<Row, "list_key"> {
  const { list_key: _, ...shown } = row;
  return shown;
}

/** Cuts the row too many, by which we know that there is more. Queries ask for `limit + 1`. */
export function toList<Row extends { list_key: (string | number)[] }>(
  rows: Row[],
  limit: number,
): List<Omit<Row, "list_key">> {
  const more = rows.length > limit;
  const data = rows.slice(0, limit);
  return {
    data: data.map(withoutKey),
    next_cursor: more ? encodeCursor(data.at(-1)!.list_key) : null,
  };
}

/** The same for a list by id alone. */
export function toListById<Row extends { id: string }>(rows: Row[], limit: number): List<Row> {
  const data = rows.slice(0, limit);
  return { data, next_cursor: rows.length > limit ? encodeCursor([data.at(-1)!.id]) : null };
}

/** A pattern for `like` that finds `text` anywhere. */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

export function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Problem("NOT_FOUND");
  return row;
}
