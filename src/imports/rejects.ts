import type { z } from "zod";
import { BYTE_ORDER_MARK, writeRow } from "../base/base.ts";
import type * as shapes from "../contract/imports.ts";
import { decodeCursor, encodeCursor, sql, type List, type Page, type Queryable } from "../db/db.ts";
import { readImport } from "./import-rows.ts";

type Reject = z.infer<typeof shapes.ImportReject>;

/** By import_rejects' key. */
const rejects = (db: Queryable, workspace_id: string, id: string, after_row: number, limit: number) =>
  db.rows<Reject>(sql`
    select "row", line, cells, faults from import_rejects
    where workspace_id = ${workspace_id} and import_id = ${id} and "row" > ${after_row}
    order by "row" limit ${limit}`);

const isRow = (value: unknown): value is number => Number.isInteger(value);

/** In the order of the file. Throws NOT_FOUND. */
export async function listRejects(
  db: Queryable,
  workspace_id: string,
  id: string,
  { cursor, limit }: Page,
): Promise<List<Reject>> {
  await readImport(db, workspace_id, id);
  const after = decodeCursor<[number]>(cursor, [isRow])?.[0] ?? 0;
  const rows = await rejects(db, workspace_id, id, after, limit + 1);
  const data = rows.slice(0, limit);
  return { data, next_cursor: rows.length > limit ? encodeCursor([data.at(-1)!.row]) : null };
}

const AT_ONCE = 1_000;

/** All of them as a CSV file: the cells as they came, so that they can be corrected and imported. Throws NOT_FOUND. */
export async function writeRejects(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ filename: string | null; lines: AsyncGenerator<string> }> {
  const { columns, filename } = await readImport(db, workspace_id, id);
  async function* lines() {
    yield BYTE_ORDER_MARK + writeRow(["Line", "What to correct", ...columns.map(({ name }) => name)]);
    for (let after = 0; ;) {
      const rows = await rejects(db, workspace_id, id, after, AT_ONCE);
      yield rows.map((each) => writeRow([each.line, reasonOf(each), ...each.cells])).join("");
      if (rows.length < AT_ONCE) return;
      after = rows.at(-1)!.row;
    }
  }
  return { filename, lines: lines() };
}

const reasonOf = ({ faults }: Reject) =>
  faults.map(({ column, reason }) => (column === null ? reason : `${column}: ${reason}`)).join(" ");
