import { OperatorError } from "../../base/base.ts";
import type { Config } from "../../config.ts";
import type { BucketSettings } from "../../media/media.ts";
import { bucketPlace } from "./bucket-place.ts";
import { folderPlace } from "./folder-place.ts";
import { isBackupName, type BackupPlace } from "./place.ts";

/** A folder, or s3://bucket/prefix. */
export function openPlace(at: string, config: Config): BackupPlace {
  const bucket = bucketOf(at, config);
  return bucket === null ? folderPlace(at) : bucketPlace(bucket);
}

/** `at` is a backup, or a place of backups: then its newest. */
export async function findBackup(at: string, config: Config): Promise<{ place: BackupPlace; name: string }> {
  const { parent, name } = split(at);
  if (isBackupName(name)) return { place: openPlace(parent, config), name };
  const place = openPlace(at, config);
  const newest = (await place.list()).at(-1);
  if (newest !== undefined) return { place, name: newest };
  await place.stop();
  throw new OperatorError(
    `There is no whole backup at ${at}; name the place of your backups, or one of them.`,
  );
}

function split(at: string): { parent: string; name: string } {
  const clean = at.replace(/\/+$/, "");
  const cut = clean.lastIndexOf("/");
  return { parent: cut < 0 ? "." : clean.slice(0, cut) || "/", name: clean.slice(cut + 1) };
}

/** With the credentials and the address of the bucket for files, if there is one; else those that the AWS SDK finds. */
function bucketOf(at: string, { media_bucket }: Config): BucketSettings | null {
  if (!at.startsWith("s3:")) return null;
  const match = /^s3:\/\/([A-Za-z0-9][\w.-]{1,254})(?:\/([\w.\-/]*))?$/.exec(at);
  if (!match) throw new OperatorError(`${at} is no bucket; write for example s3://wharf-backups/main.`);
  const prefix = (match[2] ?? "").replaceAll(/^\/+|\/+$/g, "");
  return {
    endpoint: null,
    region: "us-east-1",
    path_style: false,
    access_key: null,
    ...media_bucket,
    bucket: match[1] ?? "",
    prefix: prefix === "" ? "" : `${prefix}/`,
  };
}
