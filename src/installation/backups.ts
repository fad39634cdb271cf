import { metrics } from "../base/base.ts";
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

/** For who watches. */
export async function measureInstallation(db: Queryable): Promise<void> {
  const { backed_up_at, failed_at, held } = found(
    await db.first<{ backed_up_at: Date | null; failed_at: Date | null; held: boolean }>(sql`
      select backed_up_at, backup_failed_at as failed_at, held_at is not null as held from installation`),
  );
  metrics.backup_last_success_seconds.set((backed_up_at?.getTime() ?? 0) / 1_000);
  metrics.backup_failed.set(failed_at === null ? 0 : 1);
  metrics.on_hold.set(held ? 1 : 0);
}
