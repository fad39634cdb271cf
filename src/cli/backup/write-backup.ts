import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { alone, type Database } from "../../db/db.ts";
import { readBackups } from "../../installation/installation.ts";
import type { FileStore } from "../../media/media.ts";
import { bytesToCheck, checkBackup } from "./check.ts";
import { dumpTables } from "./dump.ts";
import { dumpFiles } from "./files.ts";
import { FORMAT, writeManifest, type Manifest } from "./manifest.ts";
import { nameOf, suffixOf, type BackupPlace, type Draft } from "./place.ts";
import type { Progress } from "./progress.ts";
import type { Snapshot } from "./snapshot.ts";

export interface BackupOptions {
  db: Database;
  /** Null: files are left out. */
  store: FileStore | null;
  place: BackupPlace;
  keys: Manifest["keys"];
  /** The version of Wharf. */
  wharf: string;
  /** How many of this installation are kept, this one included; null: all. */
  keep: number | null;
  progress: Progress;
  /** Once its moment is fixed. */
  onSnapshot?: (snapshot: Snapshot) => Promise<void>;
}

export interface Written {
  name: string;
  manifest: Manifest;
  removed: string[];
}

/**
 * Writes a backup beside a Wharf that runs, reads it back, and only then gives it its name and removes older ones. What
 * fails leaves nothing behind; what is killed leaves what no restore takes, and the next one removes it.
 */
export async function writeBackup(options: BackupOptions): Promise<Written> {
  const { db, place } = options;
  const busy = "Another backup of this Wharf is being written; wait for its end.";
  return alone(db, { name: "wharf backup", busy }, async () => {
    const { installation_id } = await readBackups(db);
    const own = (names: string[]) =>
      names.filter((name) => name.replace(/\.partial$/, "").endsWith(suffixOf(installation_id)));
    for (const left of own(await place.unfinished())) await place.remove(left);
    const name = nameOf(new Date(), installation_id);
    const draft = await place.begin(name);
    let manifest: Manifest;
    try {
      manifest = await fill(draft, installation_id, options);
      await draft.finish(writeManifest(manifest));
    } catch (error) {
      // Where the place is away nothing can be removed; the next backup does.
      await draft.discard().catch(() => {});
      throw error;
    }
    const older = options.keep === null ? [] : own(await place.list()).slice(0, -options.keep);
    for (const each of older) await place.remove(each);
    return { name, manifest, removed: older };
  });
}

async function fill(
  draft: Draft,
  installation_id: string,
  { db, store, keys, wharf, progress, onSnapshot }: BackupOptions,
): Promise<Manifest> {
  const dir = await mkdtemp(join(tmpdir(), "wharf-backup-list-"));
  try {
    const files_list = join(dir, "files");
    const { at, ...dumped } = await dumpTables(db, draft, {
      files_list,
      async onSnapshot(snapshot) {
        progress.start("Tables", sizeOf(snapshot));
        await onSnapshot?.(snapshot);
      },
      onTable: ({ size_bytes }) => progress.add(size_bytes),
    });
    progress.start("Files", null);
    const files =
      store &&
      (await dumpFiles({ db, store }, draft, { files_list, onFile: (bytes) => progress.add(bytes) }));
    progress.start("Reading back", bytesToCheck({ tables: dumped.tables, files }));
    await checkBackup(draft.source, { tables: dumped.tables, files }, (bytes) => progress.add(bytes));
    progress.stop();
    return {
      format: FORMAT,
      wharf,
      host: hostname(),
      installation_id,
      snapshot_at: at.toISOString(),
      finished_at: new Date().toISOString(),
      ...dumped,
      files,
      keys,
    };
  } finally {
    progress.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

const sizeOf = ({ tables }: Snapshot) => tables.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
