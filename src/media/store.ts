import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { silentLog, type Logger } from "../base/base.ts";
import { createBucket } from "./bucket.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import { createFolder } from "./folder.ts";
import type { Place, Range } from "./place.ts";
import { createSpool } from "./spool.ts";
import { StoreError } from "./store-error.ts";

export type PlaceName = "folder" | "bucket";

/** Where a file's bytes are, as its row says. */
export interface Located {
  stored_in: PlaceName;
  storage_key: string;
}

/** Where the bytes are: new ones in one place, older ones wherever their rows say. */
export interface FileStore {
  /** Of new files. */
  place: PlaceName;
  /**
   * Takes in a stream, without anybody seeing it yet. Throws a TooLongError past the limit and a StoreError when it
   * can't be written; whatever else is thrown is the stream's. Nothing is left of what it throws for.
   */
  receive(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<Draft>;
  /** Resolves once the bytes are sure to come, all of them when no range is given. Throws a StoreError. */
  open(file: Located & { size_bytes: number }, range?: Range): Promise<Readable>;
  /** It is not there any more. Throws a StoreError. */
  remove(file: Located): Promise<void>;
  /** Removes what was received long ago and neither kept nor discarded: the process that received it was killed. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

export interface Draft {
  size_bytes: number;
  /** Hex. */
  sha256: string;
  /**
   * From now on it is there under this key, whole and safe; in place of what was there. Throws a StoreError, or once
   * the signal has aborted; then it may still be discarded.
   */
  keep(key: string, signal?: AbortSignal): Promise<Located>;
  discard(): Promise<void>;
  /** Its bytes, as often as they are wanted, until it is kept or discarded. */
  read(): Readable;
}

/** Where a file lies: made of our ids alone. The last digits of an id are random. */
export const keyOf = ({ workspace_id, id }: { workspace_id: string; id: string }): string =>
  `${workspace_id}/${id.slice(-2)}/${id}`;

/**
 * What is received is in `<dir>/incoming`; then in the bucket if there is one, else below `dir`. `place` decides
 * otherwise, for moving.
 */
export function createFileStore(options: {
  dir: string;
  bucket?: BucketSettings | null;
  place?: PlaceName;
  log?: Logger;
}): FileStore {
  const { dir, bucket = null, place = bucket === null ? "folder" : "bucket", log = silentLog } = options;
  const spool = createSpool(join(dir, "incoming"));
  const places: Record<PlaceName, Place | null> = {
    folder: createFolder(dir),
    bucket: bucket && createBucket({ settings: bucket, log }),
  };
  const placeOf = (name: PlaceName): Place => {
    const found = places[name];
    if (found) return found;
    throw new StoreError("The file lies in a bucket, and Wharf was not told in which.", {
      fault: "no_bucket",
      advice: "files lie in a bucket: set WHARF_MEDIA_BUCKET and what belongs to it.",
    });
  };

  return {
    place,
    async receive(body, limit_bytes) {
      const spooled = await spool.receive(body, limit_bytes);
      const { path, size_bytes, sha256 } = spooled;
      return {
        size_bytes,
        sha256,
        async keep(storage_key, signal) {
          await placeOf(place).put(spooled, storage_key, signal);
          return { stored_in: place, storage_key };
        },
        discard: () => rm(path, { force: true }),
        read: () => createReadStream(path),
      };
    },
    open: async ({ stored_in, storage_key, size_bytes }, range) =>
      placeOf(stored_in).open(storage_key, size_bytes, range),
    remove: async ({ stored_in, storage_key }) => placeOf(stored_in).remove(storage_key),
    sweep: () => spool.sweep(),
    async stop() {
      await Promise.all([places.folder?.stop(), places.bucket?.stop()]);
    },
  };
}
