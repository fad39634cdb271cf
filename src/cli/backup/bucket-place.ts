import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { OperatorError, silentLog } from "../../base/base.ts";
import { createBucket, createSpool, type BucketSettings } from "../../media/media.ts";
import { MANIFEST } from "./manifest.ts";
import { isBackupName, sourceOf, type BackupPlace, type Draft } from "./place.ts";

/** A bucket renames nothing: what makes a backup whole is its manifest, the last object that is put. */
export function bucketPlace(settings: BucketSettings): BackupPlace {
  const bucket = createBucket({ settings, log: silentLog });
  const label = (name: string) => `s3://${settings.bucket}/${settings.prefix}${name}`;
  const keysOf = (name: string) => bucket.list(`${name}/`);
  const isWhole = async (name: string) => {
    for await (const key of bucket.list(`${name}/${MANIFEST}`))
      if (key === `${name}/${MANIFEST}`) return true;
    return false;
  };
  const named = async (whole: boolean) => {
    const names: string[] = [];
    for await (const key of bucket.list("", "/")) {
      const name = key.replace(/\/$/, "");
      if (key.endsWith("/") && isBackupName(name) && (await isWhole(name)) === whole) names.push(name);
    }
    return names.toSorted();
  };
  const within = (name: string) => {
    const place = {
      ...bucket,
      open: (key: string, size: number | null) => bucket.open(`${name}/${key}`, size),
    };
    return sourceOf(place, (key) => `${label(name)}/${key}`);
  };
  async function remove(name: string): Promise<void> {
    // The manifest first: what is cut short must not look whole.
    await bucket.remove(`${name}/${MANIFEST}`);
    for await (const key of keysOf(name)) await bucket.remove(key);
  }

  return {
    label,
    list: () => named(true),
    unfinished: () => named(false),
    async begin(name): Promise<Draft> {
      for await (const _ of keysOf(name))
        throw new OperatorError(`There is a backup ${label(name)} already; try again in a second.`);
      const dir = await mkdtemp(join(tmpdir(), "wharf-backup-"));
      const spool = createSpool(dir);
      const put: Draft["put"] = async (key, body) => {
        const spooled = await spool.receive(body, Infinity);
        await bucket.put(spooled, `${name}/${key}`);
        return spooled;
      };
      return {
        put,
        source: within(name),
        async finish(manifest) {
          await put(MANIFEST, Readable.from([Buffer.from(manifest)]));
          await rm(dir, { recursive: true, force: true });
        },
        async discard() {
          await rm(dir, { recursive: true, force: true });
          await remove(name);
        },
      };
    },
    async open(name) {
      if (!(await isWhole(name)))
        throw new OperatorError(`${label(name)} is no whole backup: it has no ${MANIFEST}.`);
      return within(name);
    },
    remove,
    stop: () => bucket.stop(),
  };
}
