import { found, sql, type Queryable } from "../db/db.ts";

export interface Backups {
  installation_id: string;
  backed_up_at: Date | null;
  /** Since the last good one; null: none failed. */
  failed_at: Date | null;
  error: string | null;
}

export async function readBackups(db: Queryable): Promise<Backups> {
  return found(
    await db.first<Backups>(sql`
      select id as installation_id, backed_up_at, backup_failed_at as failed_at, backup_error as error from installation`),
  );
}

/** How a backup ended: null is well. */
export async function recordBackup(db: Queryable, error: string | null): Promise<void> {
  await db.run(
    error === null
      ? sql`update installation set backed_up_at = now(), backup_failed_at = null, backup_error = null`
      : sql`update installation set backup_failed_at = now(), backup_error = ${error}`,
  );
}
