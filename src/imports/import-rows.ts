import type { z } from "zod";
import type * as shapes from "../contract/imports.ts";
import {
  beforeId,
  found,
  iso,
  personOf,
  sql,
  toListById,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import { publish } from "../live/live.ts";
import type { Place } from "./read-rows.ts";

type Import = shapes.Import;
type Counts = z.infer<typeof shapes.ImportCounts>;

/** A row of imports, as the work on it wants it. */
export interface ImportRow extends Counts {
  workspace_id: string;
  id: string;
  kind: Import["kind"];
  state: Import["state"];
  file_id: string;
  filename: string | null;
  encoding: Import["encoding"];
  delimiter: Import["delimiter"];
  has_header: boolean;
  columns: Import["columns"];
  rows_total: number;
  settings: Import["settings"];
  place: Place;
  new_tags: number;
  /** Of a draft: now. */
  started_at: Date;
}

export const ROW_COLUMNS = sql`i.workspace_id, i.id, i.kind, i.state, i.file_id, i.filename, i.encoding, i.delimiter, i.has_header,
  i.columns, i.rows_total, i.settings, i.place, i.created, i.updated, i.unchanged, i.invalid, i.duplicates, i.kept_opted_out,
  i.new_tags, coalesce(i.started_at, now()) as started_at`;

/** The row, locked. Throws NOT_FOUND. */
export async function lockImport(tx: Tx, workspace_id: string, id: string): Promise<ImportRow> {
  return found(
    await tx.first<ImportRow>(sql`
      select ${ROW_COLUMNS} from imports i where i.workspace_id = ${workspace_id} and i.id = ${id} for update`),
  );
}

const shown = (db: Queryable, where: Sql, limit: number) =>
  db.rows<Import>(sql`
    select i.id, i.kind, i.state, i.filename, i.size_bytes::float8 as size_bytes, i.encoding, i.delimiter, i.has_header,
      i.columns, i.rows_total, i.created + i.updated + i.unchanged + i.invalid + i.duplicates as rows_done, i.settings,
      json_build_object('created', i.created, 'updated', i.updated, 'unchanged', i.unchanged, 'invalid', i.invalid,
        'duplicates', i.duplicates, 'kept_opted_out', i.kept_opted_out) as counts,
      i.failure, ${personOf(sql`u`)} as user, ${iso(sql`i.created_at`)} as created_at,
      ${iso(sql`i.started_at`)} as started_at, ${iso(sql`i.ended_at`)} as ended_at
    from imports i left join users u on u.id = i.user_id
    where ${where} order by i.id desc limit ${limit}`);

/** Newest first (imports__listed). */
export async function listImports(
  db: Queryable,
  workspace_id: string,
  { cursor, limit }: Page,
): Promise<List<Import>> {
  const where = sql`i.workspace_id = ${workspace_id} and ${beforeId(sql`i.id`, cursor)}`;
  return toListById(await shown(db, where, limit + 1), limit);
}

export async function readImport(db: Queryable, workspace_id: string, id: string): Promise<Import> {
  return found((await shown(db, sql`i.workspace_id = ${workspace_id} and i.id = ${id}`, 1))[0]);
}

/** Tells those who look at it; the last statement of a transaction. */
export async function tellProgress(tx: Tx, workspace_id: string, id: string): Promise<void> {
  const { state, rows_done, rows_total } = await readImport(tx, workspace_id, id);
  const data = { import_id: id, state, rows_done, rows_total };
  await publish(tx, [{ workspace_id, name: "ImportProgressed", data }]);
}
