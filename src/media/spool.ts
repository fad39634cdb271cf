import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { onDisk, TooLongError } from "./store-error.ts";

/** Received whole, on this machine's disk; it is not visible yet. */
export interface Spooled {
  path: string;
  size_bytes: number;
  /** Hex. */
  sha256: string;
}

/** A process that still receives has written within this time. */
const LEFT_OVER_MS = 3_600_000;

/** Where files are while they come in, so that their size and hash are known before anything else is. */
export function createSpool(dir: string) {
  return {
    /** Throws a TooLongError past the limit, a StoreError for the disk's sake; whatever else is thrown is the stream's. */
    async receive(body: AsyncIterable<Uint8Array>, limit_bytes: number): Promise<Spooled> {
      const path = join(dir, randomUUID());
      const file = await onDisk(async () => {
        await mkdir(dir, { recursive: true });
        return open(path, "wx", 0o600);
      });
      const hash = createHash("sha256");
      let size_bytes = 0;
      try {
        for await (const chunk of body) {
          size_bytes += chunk.length;
          if (size_bytes > limit_bytes) throw new TooLongError(`longer than ${limit_bytes} bytes`);
          hash.update(chunk);
          await onDisk(() => file.writeFile(chunk));
        }
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      return { path, size_bytes, sha256: hash.digest("hex") };
    },

    /** Removes what no process can be receiving any more. */
    async sweep(): Promise<number> {
      const names = await readdir(dir).catch(() => []);
      let removed = 0;
      for (const name of names) {
        const path = join(dir, name);
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
