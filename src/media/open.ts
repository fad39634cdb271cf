import type { Readable } from "node:stream";
import { sql, type Queryable } from "../db/db.ts";
import type { Range } from "./place.ts";
import { StoreError } from "./store-error.ts";
import type { FileStore, Located } from "./store.ts";

/** The bytes of a file whose row was read. It may have been moved since; then it is where the row says now. */
export async function openFile(
  { db, store }: { db: Queryable; store: FileStore },
  workspace_id: string,
  file: Located & { id: string; size_bytes: number },
  range?: Range,
): Promise<Readable> {
  try {
    return await store.open(file, range);
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === "missing")) throw error;
    const now = await db.first<Located>(sql`
      select stored_in, storage_key from media where workspace_id = ${workspace_id} and id = ${file.id}`);
    if (!now || now.stored_in === file.stored_in) throw error;
    return store.open({ ...file, ...now }, range);
  }
}
