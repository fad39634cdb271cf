/**
 * Backups: all rows of one moment and the files that they name, written beside a Wharf that runs, read back, and restored
 * into an empty database, where nothing is sent until a person confirms (docs/backup.md, decision 0024).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecretBox, OperatorError, silentLog, version } from "../../base/base.ts";
import { backupSettings, mediaDir, readConfig, withMasterKeys, type Config } from "../../config.ts";
import { recordBackup } from "../../installation/installation.ts";
import { createFileStore, StoreError } from "../../media/media.ts";
import { withDatabase } from "../database.ts";
import { findRunning, findWharf } from "../running.ts";
import { readManifest } from "./check.ts";
import { confirmRestore } from "./confirm.ts";
import { sealKeys } from "./keys.ts";
import type { Manifest } from "./manifest.ts";
import { findBackup, openPlace } from "./open-place.ts";
import { createProgress, megabytes } from "./progress.ts";
import { examine, makeRoom, restoreBackup } from "./restore-backup.ts";
import { planKeys, writeKeys } from "./restored-keys.ts";
import { writeBackup, type Written } from "./write-backup.ts";

/** The lock's, two that copy, and one that looks where a file has gone. */
const CONNECTIONS = 4;

export interface BackupFlags {
  to?: string;
  keep?: number;
  /** False: --no-files. */
  files: boolean;
  passphraseFile?: string;
}

/** `wharf backup`: ends with 1, and says why, when there is no new backup. */
export async function backupCommand(flags: BackupFlags): Promise<void> {
  const found = findWharf().config;
  if (found.database_url === null && !existsSync(join(found.data_dir, "postgres")))
    throw new OperatorError(`There is nothing to back up: no Wharf has its data in ${found.data_dir}.`);
  const config = withMasterKeys(found);
  const settings = backupSettings(config);
  const passphrase = passphraseOf(flags, settings.passphrase);
  const keys: Manifest["keys"] = {
    ids: [...createSecretBox(config.master_keys).key_ids],
    sealed: passphrase === null ? null : sealKeys(config.master_keys, passphrase),
  };
  const place = openPlace(whereOf(flags.to ?? settings.to), config);
  const store = flags.files ? storeOf(config) : null;
  try {
    await explained(() =>
      withDatabase(
        config,
        silentLog,
        async (db) => {
          const { keep = null } = flags;
          try {
            const progress = createProgress();
            const written = await writeBackup({ db, store, place, keys, wharf: version, keep, progress });
            await recordBackup(db, null);
            console.log(reportOf(written, place.label(written.name)));
          } catch (error) {
            // The database may be what failed.
            await recordBackup(db, messageOf(error)).catch(() => {});
            throw error;
          }
        },
        CONNECTIONS,
      ),
    );
  } finally {
    await Promise.all([place.stop(), store?.stop()]);
  }
}

function reportOf({ manifest, removed }: Written, label: string): string {
  const { tables, files, keys } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = tables.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.size_bytes, 0);
  const missing = files?.missing ?? 0;
  return [
    label,
    `${rows.toLocaleString("en")} rows of ${tables.length} tables as of ${manifest.snapshot_at} (${megabytes(bytes)}), read back and whole.`,
    files === null
      ? "Files are left out."
      : `${files.count.toLocaleString("en")} files (${megabytes(files.size_bytes)}).${missing > 0 ? ` ${missing} are missing: their bytes were removed meanwhile, or are lost.` : ""}`,
    keys.sealed === null
      ? `The master key is NOT in this backup: keep a copy of it apart, or set WHARF_BACKUP_PASSPHRASE. Without it Meta's credentials and the endpoints' secrets can't be restored.`
      : "The master key is in it, under your passphrase. Keep the passphrase apart.",
    ...(removed.length > 0 ? [`Removed as older: ${removed.join(", ")}.`] : []),
  ].join("\n");
}

/** `wharf backup list`. */
export async function listBackups(flags: { to?: string }): Promise<void> {
  const { config } = findWharf();
  const place = openPlace(whereOf(flags.to ?? backupSettings(config).to), config);
  try {
    const names = await explained(() => place.list());
    for (const name of names) console.log(place.label(name));
    if (names.length === 0) console.error("There are no backups.");
  } finally {
    await place.stop();
  }
}

/** `wharf backup check FROM`: reads all of it; changes nothing. */
export async function checkCommand(from: string): Promise<void> {
  const { place, name } = await explained(() => findBackup(from, findWharf().config));
  try {
    await explained(async () => {
      const source = await place.open(name);
      await examine(source, await readManifest(source), createProgress());
    });
    console.log(`${place.label(name)} is whole.`);
  } finally {
    await place.stop();
  }
}

export interface RestoreFlags {
  replace?: boolean;
  deleteWhatIsThere?: boolean;
  /** False: --without-keys. */
  withoutKeys?: boolean;
  passphraseFile?: string;
  confirm?: boolean;
  pending?: "send" | "drop";
}

/** `wharf restore FROM`, and `wharf restore --confirm`. */
export async function restoreCommand(from: string | undefined, flags: RestoreFlags): Promise<void> {
  if (flags.confirm === true) return confirmRestore(flags.pending);
  if (from === undefined)
    throw new OperatorError(
      "Say which backup: wharf restore FROM, a folder or s3://bucket/prefix. `wharf backup list` shows them.",
    );
  const config = readConfig();
  if (findRunning(config.data_dir))
    throw new OperatorError(`Wharf runs on ${config.data_dir}. Stop it first. Nothing was changed.`);
  const { place, name } = await explained(() => findBackup(from, config));
  const store = storeOf(config);
  try {
    await explained(async () => {
      const source = await place.open(name);
      const manifest = await readManifest(source);
      const progress = createProgress();
      await examine(source, manifest, progress);
      const plan = planKeys(config, manifest, {
        passphrase: passphraseOf(flags, config.backup.passphrase),
        without_keys: flags.withoutKeys === true,
      });
      await withDatabase(config, silentLog, async (db) => {
        await makeRoom(db, {
          replace: flags.replace === true,
          really: flags.deleteWhatIsThere === true,
        });
        writeKeys(plan, config);
        await restoreBackup({ db, store, source, manifest, progress });
      });
      console.log(restoredOf(manifest, place.label(name), plan.says));
    });
  } finally {
    await Promise.all([place.stop(), store.stop()]);
  }
}

function restoredOf({ tables, files, snapshot_at }: Manifest, label: string, keys: string): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return [
    `Restored ${label}: ${rows.toLocaleString("en")} rows${files === null ? "; it holds no files" : ` and ${files.count.toLocaleString("en")} files`}, as of ${snapshot_at}.`,
    keys,
    "",
    "Nothing is sent to Meta and nothing is delivered until you confirm, so that nothing goes out twice. Start Wharf, look",
    "around, make sure that the one that this is a copy of does not run any more, and then confirm in the page, or by",
    "`wharf restore --confirm --pending send|drop`. Webhooks are taken and read meanwhile.",
  ].join("\n");
}

function whereOf(to: string | null): string {
  if (to !== null) return to;
  throw new OperatorError(
    "Say where backups are: --to FOLDER, --to s3://bucket/prefix, or WHARF_BACKUP_TO. Not on the disk that they are to outlive.",
  );
}

function passphraseOf({ passphraseFile }: { passphraseFile?: string }, given: string | null): string | null {
  if (passphraseFile === undefined) return given;
  try {
    return readFileSync(passphraseFile, "utf8").trim();
  } catch (cause) {
    throw new OperatorError(`${passphraseFile} can't be read (${messageOf(cause)}).`, { cause });
  }
}

const storeOf = (config: Config) => createFileStore({ dir: mediaDir(config), bucket: config.media_bucket });

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new OperatorError(`${error.message} (${error.advice})`, { cause: error });
  }
}

const messageOf = (error: unknown) =>
  error instanceof StoreError
    ? `${error.message} (${error.advice})`
    : error instanceof Error
      ? error.message
      : String(error);
