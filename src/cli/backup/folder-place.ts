import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { OperatorError } from "../../base/base.ts";
import { createFolder, createSpool } from "../../media/media.ts";
import { MANIFEST } from "./manifest.ts";
import { isBackupName, sourceOf, type BackupPlace } from "./place.ts";

/** A backup has another name until it is whole. */
const PARTIAL = ".partial";
const INCOMING = ".incoming";

export function folderPlace(at: string): BackupPlace {
  const dir = resolve(at);
  const names = () => readdir(dir).catch(() => [] as string[]);
  const isWhole = (name: string) =>
    stat(join(dir, name, MANIFEST)).then(
      () => true,
      () => false,
    );
  return {
    label: (name) => join(dir, name),
    async list() {
      const found = (await names()).filter(isBackupName).toSorted();
      const whole = await Promise.all(found.map(isWhole));
      return found.filter((_, i) => whole[i]);
    },
    unfinished: async () =>
      (await names()).filter(
        (name) => name.endsWith(PARTIAL) && isBackupName(name.slice(0, -PARTIAL.length)),
      ),
    async begin(name) {
      const final = join(dir, name);
      if (await stat(final).catch(() => null))
        throw new OperatorError(`There is a backup ${final} already; try again in a second.`);
      const draft = final + PARTIAL;
      await mkdir(dir, { recursive: true, mode: 0o700 }).catch(explain(dir));
      await mkdir(draft, { mode: 0o700 }).catch(explain(dir));
      const place = createFolder(draft);
      const spool = createSpool(join(draft, INCOMING));
      return {
        source: sourceOf(place, (key) => join(draft, key)),
        async put(key, body) {
          const spooled = await spool.receive(body, Infinity);
          await place.put(spooled, key);
          return spooled;
        },
        async finish(manifest) {
          await rm(join(draft, INCOMING), { recursive: true, force: true });
          await writeFile(join(draft, MANIFEST), manifest, { mode: 0o600, flush: true });
          await sync(draft);
          await rename(draft, final);
          await sync(dir);
        },
        discard: () => rm(draft, { recursive: true, force: true }),
      };
    },
    async open(name) {
      const path = join(dir, name);
      const found = await isWhole(name);
      if (!found) throw new OperatorError(`${path} is no whole backup: it has no ${MANIFEST}.`);
      return sourceOf(createFolder(path), (key) => join(path, key));
    },
    remove: (name) => rm(join(dir, name), { recursive: true, force: true }),
    stop: async () => {},
  };
}

const explain = (dir: string) => (cause: NodeJS.ErrnoException) => {
  throw new OperatorError(
    `Backups can't be written to ${dir} (${cause.code}); make the folder, or change its owner.`,
    { cause },
  );
};

/** A renamed file is there after a power cut only when its folder was written, too. */
async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
