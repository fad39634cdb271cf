import { OperatorError } from "../../base/base.ts";
import { readMigrations, type Database } from "../../db/db.ts";
import type { FileStore } from "../../media/media.ts";
import { bytesToCheck, checkBackup } from "./check.ts";
import { loadFiles } from "./files.ts";
import { emptyDatabase, loadTables, whatIsThere } from "./load.ts";
import type { Manifest } from "./manifest.ts";
import type { Source } from "./place.ts";
import type { Progress } from "./progress.ts";

/** All that can be known before anything is changed: whether this Wharf knows its schema, and whether it is whole. */
export async function examine(source: Source, manifest: Manifest, progress: Progress): Promise<void> {
  const known = await readMigrations();
  if (manifest.migration > known.length)
    throw new OperatorError(
      `The backup is of Wharf ${manifest.wharf} with migration ${manifest.migration}; this one knows ${known.length}. Restore it with that version or a newer one.`,
    );
  progress.start("Checking", bytesToCheck(manifest));
  try {
    await checkBackup(source, manifest, (bytes) => progress.add(bytes));
  } finally {
    progress.stop();
  }
}

/** Throws an OperatorError when there is something, and `replace` was not asked for twice. */
export async function makeRoom(
  db: Database,
  { replace, really }: { replace: boolean; really: boolean },
): Promise<void> {
  const there = await whatIsThere(db);
  if (there === null) return;
  if (!replace)
    throw new OperatorError(
      `The database is not empty: it holds ${there}. Restore into an empty one, or add --replace to lose what is there. Nothing was changed.`,
    );
  if (!really)
    throw new OperatorError(
      `This deletes ${there}, for good. If that is what you want, say it a second time: --replace --delete-what-is-there. Nothing was changed.`,
    );
  await emptyDatabase(db);
}

/** Files first: rows name only what is there. Into an empty database. */
export async function restoreBackup(options: {
  db: Database;
  store: FileStore;
  source: Source;
  manifest: Manifest;
  progress: Progress;
}): Promise<void> {
  const { db, store, source, manifest, progress } = options;
  const { files, tables } = manifest;
  try {
    if (files !== null) {
      progress.start("Files", files.size_bytes);
      await loadFiles(source, files, store, (bytes) => progress.add(bytes));
    }
    const sizeOf = ({ parts }: (typeof tables)[number]) =>
      parts.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
    progress.start(
      "Tables",
      tables.reduce((sum, table) => sum + sizeOf(table), 0),
    );
    await loadTables(db, source, manifest, {
      files_in: files === null ? null : store.place,
      onTable: (table) => progress.add(sizeOf(table)),
    });
  } finally {
    progress.stop();
  }
}
