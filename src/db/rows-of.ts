import {
  boolArray,
  byteaArray,
  int4Array,
  int8Array,
  textArray,
  timestamptzArray,
  uuidArray,
} from "./binary-array.ts";
import { Sql } from "./sql.ts";

/** What a row holds for a column of each type. */
interface Values {
  uuid: string | null;
  text: string | null;
  integer: number | null;
  bigint: number;
  boolean: boolean | null;
  timestamptz: Date | number | null;
  bytea: Uint8Array;
}
type Columns = Readonly<Record<string, keyof Values>>;
type RowOf<Types extends Columns> = { readonly [Name in keyof Types]: Values[Types[Name]] };

const ARRAYS: { [Type in keyof Values]: (values: readonly Values[Type][]) => Buffer } = {
  uuid: uuidArray,
  text: textArray,
  integer: int4Array,
  bigint: int8Array,
  boolean: boolArray,
  timestamptz: (moments) =>
    timestamptzArray(moments.map((moment) => (moment instanceof Date ? moment.getTime() : moment))),
  bytea: byteaArray,
};

/**
 * Rows as a table of a statement, one binary array a column: `unnest($1::uuid[], $2::text[]) as due (id, name)`. Columns
 * are named and typed once; milliseconds since 1970 may stand for a `timestamptz`.
 *
 *   sql`update sends d set error = due.error from ${rowsOf(failed, { id: "uuid", error: "text" })} where d.id = due.id`
 */
export function rowsOf<const Types extends Columns>(
  rows: readonly RowOf<Types>[],
  columns: Types,
  name = "due",
): Sql {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const arrays = names.map((column, i) => ARRAYS[types[i]!](rows.map((row) => row[column]) as never[]));
  const casts = types.map((type) => `::${type}[]`);
  const between = casts.slice(0, -1).map((cast) => `${cast}, `);
  return new Sql(["unnest(", ...between, `${casts.at(-1)}) as ${name} (${names.join(", ")})`], arrays);
}
