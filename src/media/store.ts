import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

/** Where the bytes are. Small, so that an object store can take the file system's place. */
export interface FileStore {
  /**
   * Takes in a stream, without anybody seeing it yet. Throws a TooLongError past the limit; whatever else is thrown is
   * the stream's or the disk's. Nothing is left of what it throws for.
   */
  receive(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<Draft>;
  /** The bytes from `start` to `end`, both included; all of them when left out. Fails as a stream when there are none. */
  read(key: string, range?: { start: number; end: number }): Readable;
  /** Removes what was received long ago and neither kept nor discarded: whoever received it was killed. */
  sweep(): Promise<number>;
}

export interface Draft {
  size_bytes: number;
  /** Hex. */
  sha256: string;
  /** From now on it is there under this key, whole and on the disk; in place of what was there. */
  keep(key: string): Promise<void>;
  discard(): Promise<void>;
}

export class TooLongError extends Error {
  override name = "TooLongError";
}

/** Where a file lies: made of our ids alone. The last digits of an id are random. */
export const keyOf = ({ workspace_id, id }: { workspace_id: string; id: string }): string =>
  `${workspace_id}/${id.slice(-2)}/${id}`;

/** A process that still receives has written within this time. */
const LEFT_OVER_MS = 3_600_000;

/** `<dir>/<workspace>/<two digits>/<id>`; what is being received is in `<dir>/incoming`. */
export function createFileStore({ dir }: { dir: string }): FileStore {
  const incoming = join(dir, "incoming");
  return {
    async receive(body, limit_bytes) {
      await mkdir(incoming, { recursive: true });
      const path = join(incoming, randomUUID());
      const hash = createHash("sha256");
      let size_bytes = 0;
      const file = await open(path, "wx", 0o600);
      try {
        for await (const chunk of body) {
          size_bytes += chunk.length;
          if (size_bytes > limit_bytes) throw new TooLongError(`longer than ${limit_bytes} bytes`);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      return {
        size_bytes,
        sha256: hash.digest("hex"),
        async keep(key) {
          const kept = join(dir, key);
          await mkdir(dirname(kept), { recursive: true });
          await rename(path, kept);
          await syncFolder(dirname(kept));
        },
        discard: () => rm(path, { force: true }),
      };
    },

    read: (key, range) => createReadStream(join(dir, key), range),

    async sweep() {
      const names = await readdir(incoming).catch(() => []);
      let removed = 0;
      for (const name of names) {
        const path = join(incoming, name);
        // Another process may have kept it meanwhile.
        const found = await stat(path).catch(() => null);
        if (found === null || Date.now() - found.mtimeMs < LEFT_OVER_MS) continue;
        await rm(path, { force: true });
        removed++;
      }
      return removed;
    },
  };
}

/** A renamed file is there after a power cut only when its folder was written, too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
