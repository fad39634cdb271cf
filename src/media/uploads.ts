import { newId, type Clock } from "../base/base.ts";
import { sql, type Database, type Queryable, type Tx } from "../db/db.ts";
import type { Failed, Graph } from "../meta/meta.ts";
import { openFile } from "./open.ts";
import { StoreError } from "./store-error.ts";
import { keyOf, type Draft, type FileStore, type PlaceName } from "./store.ts";
import { byName } from "./views.ts";

/** Meta keeps an upload for 30 days; what is named in a message has to be there until the message is sent. */
const UPLOAD_LIFE_MS = 29 * 86_400_000;

/**
 * A file that an agent wants to send. `then` runs in the transaction that writes its row.
 * Throws a StoreError.
 */
export async function addUpload<T>(
  deps: { db: Database; files: FileStore; clock: Clock },
  workspace_id: string,
  draft: Draft,
  file: { mime_type: string; filename: string | null },
  then: (tx: Tx, id: string) => Promise<T>,
): Promise<T> {
  const { db, files, clock } = deps;
  const id = newId();
  // The file first, as a row without one would be a promise that can't be kept; and the store may be far away.
  const located = await draft.keep(keyOf({ workspace_id, id }));
  const { stored_in, storage_key } = located;
  let is_undone = false;
  try {
    return await db.transaction(async (tx) => {
      try {
        await tx.run(sql`
          insert into media (workspace_id, id, ref, origin, state, mime_type, filename, size_bytes, sha256, stored_in,
            storage_key, stored_at)
          values (${workspace_id}, ${id}, ${id}, 'uploaded', 'stored', ${file.mime_type}, ${file.filename},
            ${draft.size_bytes}, ${draft.sha256}, ${stored_in}, ${storage_key}, ${new Date(clock.now())})`);
        return await then(tx, id);
      } catch (error) {
        is_undone = true;
        throw error;
      }
    });
  } catch (error) {
    // Nothing would find it. When the commit itself failed it may be there, and so the file stays.
    if (is_undone) await files.remove(located).catch(() => {});
    throw error;
  }
}

/** Takes an upload away that nothing names any more: first the row, then its bytes. Throws a StoreError. */
export async function removeUpload(
  { db, files }: { db: Queryable; files: FileStore },
  workspace_id: string,
  id: string,
): Promise<void> {
  const file = await db.first<{ stored_in: PlaceName | null; storage_key: string | null }>(sql`
    update media set state = 'pruned'
    where workspace_id = ${workspace_id} and id = ${id} and origin = 'uploaded' and storage_key is not null
    returning stored_in, storage_key`);
  if (!file || file.stored_in === null || file.storage_key === null) return;
  await files.remove({ stored_in: file.stored_in, storage_key: file.storage_key });
  await db.run(sql`
    update media set storage_key = null, stored_in = null
    where workspace_id = ${workspace_id} and id = ${id} and state = 'pruned'`);
}

/** A number by its row and by Meta's id. */
export interface UploadingNumber {
  id: string;
  phone_number_id: string;
}

/**
 * The id by which a message from this number may name the file to Meta: uploaded at the first use and remembered for as
 * long as Meta keeps it. `id` is ours or that of a file that came in; what Wharf knows nothing of is taken for an id of
 * Meta's and answered as it is. The process that leases the number calls it, so that nothing is uploaded twice.
 */
export async function metaMediaId(
  deps: { db: Database; store: FileStore; clock: Clock; graph: Graph },
  workspace_id: string,
  number: UploadingNumber,
  id: string,
): Promise<{ outcome: "done"; id: string } | Failed | { outcome: "missing"; reason: string }> {
  const { db, store, clock, graph } = deps;
  const now = new Date(clock.now());
  const file = await db.first<{
    id: string;
    state: string;
    stored_in: PlaceName;
    storage_key: string;
    mime_type: string | null;
    filename: string | null;
    size_bytes: number;
    meta_id: string | null;
  }>(sql`
    select f.id, f.state, f.stored_in, f.storage_key, f.mime_type, f.filename, f.size_bytes::float8 as size_bytes, u.meta_id
    from media f
    left join media_uploads u on u.workspace_id = f.workspace_id and u.media_id = f.id
      and u.phone_number_id = ${number.id} and u.expires_at > ${now}
    where ${byName(workspace_id, id)}`);
  if (!file)
    return /^\d+$/.test(id)
      ? { outcome: "done", id }
      : { outcome: "missing", reason: "The file is not there: nothing with this id was uploaded." };
  if (file.meta_id !== null) return { outcome: "done", id: file.meta_id };
  if (file.state !== "stored")
    return { outcome: "missing", reason: "The file was never fetched from Meta, so it can't be sent on." };

  let body;
  try {
    body = await openFile({ db, store }, workspace_id, file);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const reason = error.message;
    return { outcome: error.kind === "missing" ? "missing" : "not_sent", reason };
  }
  const uploaded = await graph.uploadMedia(number.phone_number_id, {
    body,
    size_bytes: file.size_bytes,
    mime_type: file.mime_type ?? "application/octet-stream",
    filename: file.filename ?? "file",
  });
  body.destroy();
  if (uploaded.outcome !== "done") return uploaded;
  await db.run(sql`
    insert into media_uploads (workspace_id, media_id, phone_number_id, meta_id, expires_at)
    values (${workspace_id}, ${file.id}, ${number.id}, ${uploaded.value.id}, ${new Date(now.getTime() + UPLOAD_LIFE_MS)})
    on conflict (workspace_id, media_id, phone_number_id)
      do update set meta_id = excluded.meta_id, expires_at = excluded.expires_at`);
  return { outcome: "done", id: uploaded.value.id };
}
