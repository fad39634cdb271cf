import { sql, uuidArray, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import type { FileStore, Located } from "./store.ts";

/**
 * Those that messages of one person name: what they sent, and what was uploaded to be sent to them. Files of the library
 * are everyone's, and stay. By media__ref.
 */
const those = (workspace_id: string, refs: readonly string[]): Sql => sql`
  f.workspace_id = ${workspace_id} and f.ref = any(${[...refs]}::text[]) and not exists (
    select from media_library l where l.workspace_id = f.workspace_id and l.id = f.id)`;

/** Takes their names from them and says that they are gone; `removeErased` removes the bytes. Answers their ids. */
export async function eraseFiles(tx: Tx, workspace_id: string, refs: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    update media f set state = 'pruned', filename = null, error = null, lease = null, next_attempt_at = null,
      stored_at = '-infinity'
    where ${those(workspace_id, refs)} returning f.id`);
  return rows.map(({ id }) => id);
}

/** After the commit. What can't be removed now goes with the next step of the retention, as its time has passed. */
export async function removeErased(
  { db, files }: { db: Database; files: FileStore },
  workspace_id: string,
  ids: readonly string[],
): Promise<void> {
  const located = await db.rows<Located & { id: string }>(sql`
    select f.id, f.stored_in, f.storage_key from media f
    where f.workspace_id = ${workspace_id} and f.id = any(${uuidArray([...ids])}::uuid[]) and f.storage_key is not null`);
  for (const { id, ...file } of located) {
    await files.remove(file);
    await db.run(sql`
      update media set storage_key = null, stored_in = null where workspace_id = ${workspace_id} and id = ${id}`);
  }
}

/** How many files the messages of a contact hold. */
export async function countFiles(
  db: Queryable,
  workspace_id: string,
  refs: readonly string[],
): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*)::integer as count from media f where ${those(workspace_id, refs)}`);
  return row!.count;
}
