import { SingleBar } from "cli-progress";
import { OperatorError, silentLog } from "../base/base.ts";
import { mediaDir, readConfig } from "../config.ts";
import { sql } from "../db/db.ts";
import {
  createFileStore,
  moveFiles,
  otherThan,
  StoreError,
  type Moved,
  type PlaceName,
} from "../media/media.ts";
import { withDatabase } from "./database.ts";

const IDS_SHOWN = 10;
const WHERE = { folder: "the data directory", bucket: "the bucket" };

/** `wharf media move [--to folder]`: may be ended at any time and begun again. */
export async function moveMedia(options: { to: PlaceName }): Promise<void> {
  const config = readConfig();
  if (config.media_bucket === null)
    throw new OperatorError(
      "Files move to or from a bucket: set WHARF_MEDIA_BUCKET and what belongs to it, also to move them back.",
    );
  const from = otherThan(options.to);
  const dir = mediaDir(config);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  const store = createFileStore({ dir, bucket: config.media_bucket, place: options.to });
  const bar = new SingleBar({
    format: "{bar} {percentage}%  {files} files  {eta_formatted} left",
    hideCursor: true,
  });
  let files = 0;
  try {
    const moved = await withDatabase(config, silentLog, async (db) => {
      const all = await db.first<{ bytes: number }>(sql`
        select coalesce(sum(size_bytes), 0)::float8 as bytes from media where state = 'stored' and stored_in = ${from}`);
      bar.start(all?.bytes ?? 0, 0, { files: 0 });
      const onProgress = (moved: Moved) => {
        files = moved.files;
        bar.update(moved.bytes, { files: moved.files });
      };
      return moveFiles({ db, store, dir, signal: stopping.signal, onProgress });
    });
    bar.stop();
    console.log(report(moved, options.to, stopping.signal.aborted));
    if (moved.missing.length + moved.damaged.length > 0 || stopping.signal.aborted) process.exitCode = 1;
  } catch (error) {
    bar.stop();
    if (!(error instanceof StoreError)) throw error;
    throw new OperatorError(
      `${error.message}\n(${error.advice})\n${counted(files)} moved so far; begin again to go on from there.`,
    );
  } finally {
    await store.stop();
  }
}

const counted = (files: number) => `${files} ${files === 1 ? "file" : "files"}`;

function report(moved: Moved, to: PlaceName, stopped: boolean): string {
  const { files, bytes, missing, damaged } = moved;
  const ids = (all: string[]) =>
    `${all.slice(0, IDS_SHOWN).join(", ")}${all.length > IDS_SHOWN ? ", …" : ""}`;
  return [
    `${counted(files)} (${(bytes / 1e6).toFixed(1)} MB) moved to ${WHERE[to]}.`,
    ...(missing.length > 0
      ? [
          `${missing.length} are not in ${WHERE[otherThan(to)]} that this machine sees, or not whole; they stay as they were: ${ids(missing)}`,
        ]
      : []),
    ...(damaged.length > 0
      ? [`${damaged.length} are not what was stored (SHA-256); they stay as they were: ${ids(damaged)}`]
      : []),
    ...(stopped ? ["Stopped. Begin again to go on from there."] : []),
  ].join("\n");
}
