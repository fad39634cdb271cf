import type { Readable } from "node:stream";
import { Problem, type Clock } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import {
  before,
  found,
  iso,
  keyOf,
  sql,
  toList,
  withoutKey,
  type Database,
  type List,
  type Page,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import { openFile } from "./open.ts";
import type { Draft, FileStore } from "./store.ts";
import { addUpload } from "./uploads.ts";

type LibraryView = Omit<Reply<"GET /api/v1/template_media">["data"][number], "drafts">;
type LibraryRow = LibraryView & { list_key: [string, string] };
type Kind = LibraryView["kind"];

const files = (db: Queryable, where: Sql, limit: number): Promise<LibraryRow[]> =>
  db.rows(sql`
    select l.id, l.name, l.kind, f.mime_type, f.size_bytes::float8 as size_bytes, '/api/v1/media/' || l.id || '/content' as url,
      ${iso(sql`l.created_at`)} as created_at, ${keyOf(sql`l.created_at`, sql`l.id`)} as list_key
    from media_library l join media f on f.workspace_id = l.workspace_id and f.id = l.id
    where l.deleted_at is null and ${where} order by l.created_at desc, l.id desc limit ${limit}`);

/** Newest first (media_library__created_at). */
export async function listLibrary(
  db: Queryable,
  workspace_id: string,
  { kind, cursor, limit }: Page & { kind?: Kind | undefined },
): Promise<List<LibraryView>> {
  const of_kind = kind === undefined ? sql`true` : sql`l.kind = ${kind}`;
  const where = sql`l.workspace_id = ${workspace_id} and ${of_kind} and ${before(sql`l.created_at`, sql`l.id`, cursor)}`;
  return toList(await files(db, where, limit + 1), limit);
}

/** Adds a file, or answers the one with the same bytes that is there already. `then` runs in the same transaction. */
export async function addToLibrary<T>(
  deps: { db: Database; files: FileStore; clock: Clock },
  workspace_id: string,
  draft: Draft,
  file: { mime_type: string; filename: string | null; kind: Kind; user_id: string | null },
  then: (tx: Tx, view: LibraryView) => Promise<T>,
): Promise<T> {
  const known = await bySha256(deps.db, workspace_id, draft.sha256);
  if (known) return deps.db.transaction((tx) => then(tx, known));
  return addUpload(deps, workspace_id, draft, file, async (tx, id) => {
    await tx.run(sql`
      insert into media_library (workspace_id, id, name, kind, sha256, created_by)
      values (${workspace_id}, ${id}, ${file.filename ?? file.kind}, ${file.kind}, ${draft.sha256}, ${file.user_id})`);
    return then(
      tx,
      withoutKey(found((await files(tx, sql`l.workspace_id = ${workspace_id} and l.id = ${id}`, 1))[0])),
    );
  });
}

/** By media_library__sha256. */
async function bySha256(
  db: Queryable,
  workspace_id: string,
  sha256: string,
): Promise<LibraryView | undefined> {
  const [row] = await files(db, sql`l.workspace_id = ${workspace_id} and l.sha256 = ${sha256}`, 1);
  return row && withoutKey(row);
}

/** It is no longer offered; its bytes stay for the messages that show them. */
export async function removeFromLibrary(db: Database, workspace_id: string, id: string): Promise<void> {
  const removed = await db.run(sql`
    update media_library set deleted_at = now()
    where workspace_id = ${workspace_id} and id = ${id} and deleted_at is null`);
  if (removed === 0) throw new Problem("NOT_FOUND");
}

/** A file of the library, also one that was taken out of it meanwhile; its bytes are to be read to their end. */
export async function openLibraryFile(
  deps: { db: Database; files: FileStore },
  workspace_id: string,
  id: string,
): Promise<{ body: Readable; size_bytes: number; mime_type: string; filename: string }> {
  const file = found(
    await deps.db.first<{
      id: string;
      name: string;
      mime_type: string;
      size_bytes: number;
      stored_in: "folder" | "bucket";
      storage_key: string;
    }>(sql`
      select f.id, l.name, f.mime_type, f.size_bytes::float8 as size_bytes, f.stored_in, f.storage_key
      from media_library l join media f on f.workspace_id = l.workspace_id and f.id = l.id
      where l.workspace_id = ${workspace_id} and l.id = ${id}`),
  );
  const body = await openFile({ db: deps.db, store: deps.files }, workspace_id, file);
  return { body, size_bytes: file.size_bytes, mime_type: file.mime_type, filename: file.name };
}
