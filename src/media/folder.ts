import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Place } from "./place.ts";
import { missing, onDisk } from "./store-error.ts";

/** `<dir>/<key>`. The spool has to be on the same file system. */
export function createFolder(dir: string): Place {
  return {
    put: ({ path }, key) =>
      onDisk(async () => {
        const kept = join(dir, key);
        await sync(path, "r+");
        await mkdir(dirname(kept), { recursive: true });
        await rename(path, kept);
        // A renamed file is there after a power cut only when its folder was written, too.
        await sync(dirname(kept), "r");
      }),

    async open(key, size_bytes, range) {
      const path = join(dir, key);
      const file = await onDisk(() =>
        open(path, "r").catch((error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
          throw error;
        }),
      );
      if (file === null) throw missing(`${path} is gone; put it back from your backup.`);
      const { size } = await file.stat();
      if (size_bytes === null || size === size_bytes) return file.createReadStream(range);
      await file.close();
      throw missing(`${path} has ${size} bytes instead of ${size_bytes}; put it back from your backup.`);
    },

    remove: (key) => onDisk(() => rm(join(dir, key), { force: true })),
    stop: async () => {},
  };
}

/** The keys of all that is in the folder, by and by. */
export async function* keysIn(dir: string): AsyncGenerator<string> {
  const names = (path: string) => readdir(join(dir, path)).catch(() => []);
  for (const workspace_id of await names(""))
    for (const digits of await names(workspace_id))
      for (const id of await names(`${workspace_id}/${digits}`)) yield `${workspace_id}/${digits}/${id}`;
}

async function sync(path: string, flags: "r" | "r+"): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
