import type { Clock } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
import type { FileStore, Located } from "./store.ts";

const DAY_MS = 86_400_000;
const BATCH = 50;

/**
 * Removes files that were stored more than `days` ago, oldest first. The row says so before the bytes go, so no one is
 * promised a file that is missing; a crash in between leaves a row that still names its place, and the bytes go at the next
 * step. Answers how many it removed. Throws a StoreError when the store can't be reached.
 */
export function createMediaRetention(deps: { db: Database; store: FileStore; clock: Clock; days: number }) {
  const { db, store, clock, days } = deps;
  return {
    async step(): Promise<number> {
      // By media__stored_at.
      const files = await db.rows<Located & { workspace_id: string; id: string }>(sql`
        with old as (
          select workspace_id, id from media
          where storage_key is not null and stored_at < ${new Date(clock.now() - days * DAY_MS)}
            and state in ('stored', 'pruned')
          order by stored_at limit ${BATCH} for update skip locked)
        update media f set state = 'pruned' from old where f.workspace_id = old.workspace_id and f.id = old.id
        returning f.workspace_id, f.id, f.stored_in, f.storage_key`);
      for (const { workspace_id, id, ...located } of files) {
        await store.remove(located);
        await db.run(sql`
          update media set storage_key = null, stored_in = null
          where workspace_id = ${workspace_id} and id = ${id} and state = 'pruned'`);
      }
      return files.length;
    },
  };
}
