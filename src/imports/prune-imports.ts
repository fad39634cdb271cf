import type { Clock } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import { removeUpload, type FileStore } from "../media/media.ts";
import { deleteImport } from "./drafts.ts";

const DAY_MS = 86_400_000;
/** The file and the rejected rows hold people's data, and have served their purpose by then. What was counted stays. */
const FILE_DAYS = 30;
/** A draft that was not started. */
const DRAFT_DAYS = 7;
const BATCH = 20;

/** Removes what is old, by imports__created_at. Answers how many imports it looked after. */
export async function pruneImports({
  db,
  files,
  clock,
}: {
  db: Database;
  files: FileStore;
  clock: Clock;
}): Promise<number> {
  const before = (days: number) => new Date(clock.now() - days * DAY_MS);
  const drafts = await db.rows<Key>(sql`
    select workspace_id, id, file_id from imports
    where state = 'DRAFT' and created_at < ${before(DRAFT_DAYS)} order by created_at limit ${BATCH}`);
  for (const { workspace_id, id, file_id } of drafts) {
    await deleteImport(db, workspace_id, id);
    await removeUpload({ db, files }, workspace_id, file_id);
  }
  const ended = await db.rows<Key>(sql`
    select workspace_id, id, file_id from imports
    where state in ('DONE', 'CANCELLED', 'FAILED') and pruned_at is null and created_at < ${before(FILE_DAYS)}
    order by created_at limit ${BATCH}`);
  for (const { workspace_id, id, file_id } of ended) {
    await removeUpload({ db, files }, workspace_id, file_id);
    await db.run(sql`
      with people as (delete from import_contacts where workspace_id = ${workspace_id} and import_id = ${id}),
        rejects as (delete from import_rejects where workspace_id = ${workspace_id} and import_id = ${id})
      update imports set pruned_at = now(), columns = (
        select coalesce(jsonb_agg(c || '{"samples": []}'), '[]') from jsonb_array_elements(columns) c)
      where workspace_id = ${workspace_id} and id = ${id}`);
  }
  return drafts.length + ended.length;
}

interface Key {
  workspace_id: string;
  id: string;
  file_id: string;
}
