import { isId, Problem, type Clock } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import { found, iso, sql, type Database, type Queryable, type Sql } from "../db/db.ts";
import { FILE_TYPES } from "./enqueue-downloads.ts";
import type { Located } from "./store.ts";

type FileView = Reply<"GET /api/v1/media/:id">;

const shown = (file: Sql): Sql => sql`
  'id', ${file}.id, 'state', ${file}.state, 'mime_type', ${file}.mime_type, 'filename', ${file}.filename,
  'size_bytes', ${file}.size_bytes, 'sha256', ${file}.sha256, 'error', ${file}.error,
  'url', case when ${file}.state = 'stored' then '/api/v1/media/' || ${file}.id || '/content' end`;

/**
 * The file of a message, null when there is none, as JSON. `content` is Meta's object of the type, or what we send.
 * media__ref serves it.
 */
export const fileOf = (workspace_id: Sql, type: Sql, content: Sql): Sql => sql`
  case when ${type} = any(${FILE_TYPES}::text[]) then (
    select json_build_object(${shown(sql`f`)}) from media f
    where f.workspace_id = ${workspace_id} and f.ref = coalesce(${content} ->> 'id', ${content} #>> '{media,id}')) end`;

/** By our id or by Meta's. */
export const byName = (workspace_id: string, name: string): Sql => sql`
  f.workspace_id = ${workspace_id} and ${isId(name) ? sql`(f.id = ${name} or f.ref = ${name})` : sql`f.ref = ${name}`}`;

/** Throws NOT_FOUND. */
export async function getFile(db: Queryable, workspace_id: string, id: string): Promise<FileView> {
  const row = await db.first<{ file: FileView }>(sql`
    select json_build_object(${shown(sql`f`)},
      'meta_media_id', case when f.origin = 'received' then f.ref end, 'attempts', f.attempts,
      'next_attempt_at', ${iso(sql`f.next_attempt_at`)}, 'expires_at', ${iso(sql`f.expires_at`)},
      'created_at', ${iso(sql`f.created_at`)}) as file
    from media f where ${byName(workspace_id, id)}`);
  return found(row).file;
}

export interface StoredFile extends Located {
  id: string;
  mime_type: string | null;
  filename: string | null;
  size_bytes: number;
  sha256: string;
  stored_at: Date;
}

/** Throws NOT_FOUND, or MEDIA_STATE for one that isn't there (yet). */
export async function storedFile(db: Queryable, workspace_id: string, id: string): Promise<StoredFile> {
  const row = found(
    await db.first<StoredFile & { state: string; error: string | null }>(sql`
      select f.id, f.stored_in, f.storage_key, f.mime_type, f.filename, f.size_bytes::float8 as size_bytes, f.sha256, f.stored_at,
        f.state, f.error
      from media f where ${byName(workspace_id, id)}`),
  );
  if (row.state !== "stored")
    throw new Problem(
      "MEDIA_STATE",
      row.state === "pending"
        ? `It is still to be fetched from Meta.${row.error === null ? "" : ` ${row.error}`}`
        : row.state === "pruned"
          ? "It is older than files are kept, and was removed."
          : `It could not be fetched from Meta. ${row.error}`,
    );
  return row;
}

/** Due at once. Throws NOT_FOUND, or MEDIA_STATE for one that is stored. */
export async function retryFile(
  db: Database,
  clock: Clock,
  workspace_id: string,
  id: string,
): Promise<FileView> {
  await db.transaction(async (tx) => {
    const file = found(
      await tx.first<{ id: string; state: string }>(
        sql`select f.id, f.state from media f where ${byName(workspace_id, id)} for update`,
      ),
    );
    if (file.state === "stored") throw new Problem("MEDIA_STATE", "It is stored; there is nothing to fetch.");
    if (file.state === "pruned")
      throw new Problem("MEDIA_STATE", "It is older than files are kept, and was removed.");
    // One that is just being fetched is left to the process that does so.
    await tx.run(sql`
      update media set state = 'pending', next_attempt_at = ${new Date(clock.now())},
        attempts = case when state = 'pending' then attempts else 0 end
      where workspace_id = ${workspace_id} and id = ${file.id} and lease is null`);
    await tx.run(sql`select pg_notify('media', '')`);
  });
  return getFile(db, workspace_id, id);
}
