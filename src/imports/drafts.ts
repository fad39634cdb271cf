import type { z } from "zod";
import { addField, addList, listFields } from "../audience/audience.ts";
import { Problem, type Clock } from "../base/base.ts";
import type * as shapes from "../contract/imports.ts";
import { found, sql, type Database, type Keep, type Queryable, type Tx } from "../db/db.ts";
import {
  addUpload,
  openFile,
  removeUpload,
  storedFile,
  StoreError,
  type Draft,
  type FileStore,
} from "../media/media.ts";
import { guessKind, guessMapping, initialSettings } from "./guess-columns.ts";
import { lockImport, readImport, tellProgress, type ImportRow } from "./import-rows.ts";
import { inspectFile, type Inspected } from "./inspect-file.ts";
import { FileError } from "./read-rows.ts";
import { problemsOf } from "./readiness.ts";

export interface ImportDeps {
  db: Database;
  files: FileStore;
  clock: Clock;
}
type Detail = z.infer<typeof shapes.ImportDetail>;

/** Reads an uploaded file to its end. Throws IMPORT_FILE where it is no table. */
export async function inspectUpload(draft: Draft): Promise<Inspected> {
  return asProblem(() => inspectFile(() => draft.read(), {}));
}

/** What a file, or its store, says no to, as a problem for the caller. */
export async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError) throw new Problem("IMPORT_FILE", error.message, { cause: error });
    if (!(error instanceof StoreError)) throw error;
    const code = error.kind === "missing" ? "MEDIA_MISSING" : "MEDIA_UNAVAILABLE";
    throw new Problem(code, error.message, { cause: error });
  }
}

/** Keeps an uploaded file as the draft of an import; `then` runs in the same transaction. */
export async function addImport<T>(
  deps: ImportDeps,
  workspace_id: string,
  upload: Draft & { inspected: Inspected },
  about: { filename: string | null; user_id: string | null },
  then: (tx: Tx, added: Detail) => Promise<T>,
): Promise<T> {
  const { inspected } = upload;
  const { encoding, delimiter, has_header, columns, rows_total } = inspected;
  const { data: fields } = await listFields(deps.db, workspace_id);
  const kind = guessKind(columns);
  const settings = initialSettings(guessMapping(columns, fields, kind), inspected);
  const file = { mime_type: "text/csv", filename: about.filename };
  return addUpload(deps, workspace_id, upload, file, async (tx, file_id) => {
    // One id for both.
    await tx.run(sql`
      insert into imports (workspace_id, id, kind, file_id, filename, size_bytes, encoding, delimiter, has_header, columns,
        rows_total, settings, user_id, created_at)
      values (${workspace_id}, ${file_id}, ${kind}, ${file_id}, ${about.filename}, ${upload.size_bytes}, ${encoding},
        ${delimiter}, ${has_header}, ${JSON.stringify(columns)}::jsonb, ${rows_total}, ${JSON.stringify(settings)}::jsonb,
        ${about.user_id}, ${new Date(deps.clock.now())})`);
    return then(tx, await getImport(tx, workspace_id, file_id));
  });
}

export async function getImport(db: Queryable, workspace_id: string, id: string): Promise<Detail> {
  const imported = await readImport(db, workspace_id, id);
  const problems = imported.state === "DRAFT" ? await problemsOf(db, { ...imported, workspace_id }) : [];
  return { ...imported, problems };
}

/**
 * What is named changes. Another encoding, delimiter or header makes the file be read anew, and the columns be guessed
 * anew where they are others then; another kind likewise. Throws IMPORT_STATE once it has started.
 */
export async function changeImport(
  deps: ImportDeps,
  workspace_id: string,
  id: string,
  change: shapes.ImportChange,
): Promise<Detail> {
  const { db } = deps;
  const { kind, encoding, delimiter, has_header, ...settings } = change;
  const before = await readImport(db, workspace_id, id);
  mustBeDraft(before);
  const reads_anew = encoding !== undefined || delimiter !== undefined || has_header !== undefined;
  const read = reads_anew ? await inspectStored(deps, workspace_id, id, { ...before, ...change }) : null;
  const { data: fields } = await listFields(db, workspace_id);
  await db.transaction(async (tx) => {
    const row = await lockImport(tx, workspace_id, id);
    mustBeDraft(row);
    const next = { ...row, ...read, kind: kind ?? row.kind };
    const is_other = next.kind !== row.kind || !hasSameColumns(next, row);
    const guessed =
      is_other && change.mapping === undefined ? guessMapping(next.columns, fields, next.kind) : null;
    const merged = { ...row.settings, ...(guessed ? { mapping: guessed } : {}), ...settings };
    await tx.run(sql`
      update imports set kind = ${next.kind}, encoding = ${next.encoding}, delimiter = ${next.delimiter},
        has_header = ${next.has_header}, columns = ${JSON.stringify(next.columns)}::jsonb, rows_total = ${next.rows_total},
        settings = ${JSON.stringify(merged)}::jsonb
      where workspace_id = ${workspace_id} and id = ${id}`);
  });
  return getImport(db, workspace_id, id);
}

const hasSameColumns = (a: Pick<ImportRow, "columns">, b: Pick<ImportRow, "columns">) =>
  a.columns.length === b.columns.length && a.columns.every(({ name }, i) => name === b.columns[i]!.name);

function mustBeDraft({ state }: Pick<ImportRow, "state">): void {
  if (state !== "DRAFT")
    throw new Problem("IMPORT_STATE", "It has started, so it can't be changed. Upload the file again.");
}

async function inspectStored(
  { db, files }: ImportDeps,
  workspace_id: string,
  id: string,
  given: Parameters<typeof inspectFile>[1],
): Promise<Inspected> {
  const file = await storedFile(db, workspace_id, id);
  return asProblem(() => inspectFile(() => openFile({ db, store: files }, workspace_id, file), given));
}

/**
 * From here on it goes on by itself. New fields and the new list are made now, and named by their ids from then on. Throws
 * IMPORT_STATE where it is no draft, and IMPORT_NOT_READY with what is to be decided.
 */
export async function startImport(
  { db, clock }: Pick<ImportDeps, "db" | "clock">,
  workspace_id: string,
  id: string,
  keep: Keep<Detail>,
): Promise<Detail> {
  return db.transaction(async (tx) => {
    const row = await lockImport(tx, workspace_id, id);
    if (row.state !== "DRAFT") throw new Problem("IMPORT_STATE", "It has started already.");
    const problems = await problemsOf(tx, row);
    if (problems.length > 0) throw new Problem("IMPORT_NOT_READY", problems.join(" "));
    const settings = await withMade(tx, row);
    await tx.run(sql`
      update imports set state = 'RUNNING', started_at = ${new Date(clock.now())}, settings = ${JSON.stringify(settings)}::jsonb
      where workspace_id = ${workspace_id} and id = ${id}`);
    const started = await getImport(tx, workspace_id, id);
    await keep(tx, started);
    await tellProgress(tx, workspace_id, id);
    await tx.run(sql`select pg_notify('imports', ${id})`);
    return started;
  });
}

/** With the new fields and the new list, which are made. */
export async function withMade(
  tx: Tx,
  { workspace_id, settings }: ImportRow,
): Promise<ImportRow["settings"]> {
  const mapping = [];
  for (const target of settings.mapping) {
    if (target.to !== "new_field") {
      mapping.push(target);
      continue;
    }
    const { name, kind } = target;
    const field = await addField(tx, workspace_id, { name, kind, choices: [] });
    mapping.push({ to: "field" as const, field_id: field.id });
  }
  if (settings.new_list === null) return { ...settings, mapping };
  const list = await addList(tx, workspace_id, { name: settings.new_list, description: null });
  return { ...settings, mapping, list_ids: [...settings.list_ids, list.id], new_list: null };
}

/** Between two steps: what was imported stays. Throws IMPORT_STATE where it isn't running. */
export async function cancelImport(
  { db, clock }: Pick<ImportDeps, "db" | "clock">,
  workspace_id: string,
  id: string,
): Promise<Detail> {
  return db.transaction(async (tx) => {
    const row = await lockImport(tx, workspace_id, id);
    if (row.state !== "RUNNING")
      throw new Problem(
        "IMPORT_STATE",
        row.state === "DRAFT" ? "It has not started." : "It has ended already.",
      );
    await tx.run(sql`
      update imports set state = 'CANCELLED', ended_at = ${new Date(clock.now())}, worker = null, leased_until = null
      where workspace_id = ${workspace_id} and id = ${id}`);
    await tellProgress(tx, workspace_id, id);
    return getImport(tx, workspace_id, id);
  });
}

/** With its file and what is kept of its rows; its people stay. Throws IMPORT_STATE while it is running. */
export async function removeImport(
  { db, files }: Pick<ImportDeps, "db" | "files">,
  workspace_id: string,
  id: string,
): Promise<void> {
  const file_id = await db.transaction(async (tx) => {
    const row = await lockImport(tx, workspace_id, id);
    if (row.state === "RUNNING")
      throw new Problem("IMPORT_STATE", "It is running. Cancel it first, then delete it.");
    return deleteImport(tx, workspace_id, id);
  });
  await removeUpload({ db, files }, workspace_id, found(file_id));
}

export async function deleteImport(
  tx: Queryable,
  workspace_id: string,
  id: string,
): Promise<string | undefined> {
  const row = await tx.first<{ file_id: string }>(sql`
    with people as (delete from import_contacts where workspace_id = ${workspace_id} and import_id = ${id}),
      rejects as (delete from import_rejects where workspace_id = ${workspace_id} and import_id = ${id})
    delete from imports where workspace_id = ${workspace_id} and id = ${id} returning file_id`);
  return row?.file_id;
}
