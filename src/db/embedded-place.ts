import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readlink,
  realpath,
  rm,
  stat,
  statfs,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { explainFile, OperatorError } from "../base/base.ts";

/** Where the embedded PostgreSQL keeps its files, and which user runs it. */
export interface Place {
  /** Holds the cluster, a copy of the programs where one is needed, and the server's log. */
  dir: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  /** The user that PostgreSQL runs as; null: the one that runs Wharf. */
  owner: { uid: number; gid: number } | null;
  /** Made when the cluster lies outside the data directory, so that the data is found again when that is moved. */
  link: string | null;
}

const OUTSIDE = "/var/lib/wharf";

/**
 * PostgreSQL refuses to run as root, so root hands it to `nobody`, which every system has. That user must be able to
 * walk to its files: where a folder above the data directory forbids it (a checkout below /root), they live in
 * /var/lib/wharf, and `postgres` in the data directory is a link to them.
 */
export async function findPlace(data_dir: string): Promise<Place> {
  await mkdir(data_dir, { recursive: true }).catch((cause: unknown) => {
    throw explainFile(cause, data_dir);
  });
  const real_dir = await realpath(data_dir);
  const cluster = join(real_dir, "postgres");
  const existing = await lstat(cluster).catch(() => null);

  if (existing?.isSymbolicLink()) {
    const target = await readlink(cluster);
    const there = await stat(target).catch((cause: unknown) => {
      throw new OperatorError(
        `The database of ${data_dir} should be in ${target}, which can't be read; put it back there.`,
        {
          cause,
        },
      );
    });
    return { dir: dirname(target), cluster: target, owner: ownerOf(target, there), link: null };
  }
  if (existing) {
    if (isRoot() && !(await isOpen(dirname(real_dir)))) {
      throw new OperatorError(
        `PostgreSQL does not run as root, and its own user can't enter ${dirname(real_dir)}; allow that (chmod o+x on it and on the folders above), or move the data directory and name it in WHARF_DATA_DIR.`,
      );
    }
    return { dir: real_dir, cluster, owner: ownerOf(cluster, existing), link: null };
  }
  if (!isRoot()) return { dir: real_dir, cluster, owner: null, link: null };

  const owner = nobody();
  if (await isOpen(dirname(real_dir))) {
    const { mode } = await stat(real_dir);
    await chmod(real_dir, mode | 0o011);
    return { dir: real_dir, cluster, owner, link: null };
  }
  const dir = await roomOutside(real_dir, owner);
  return { dir, cluster: join(dir, "postgres"), owner, link: cluster };
}

/** Throws one sentence that says what to do when the place can't be written to or is full. */
export async function checkWritable(place: Place, needed_mb: number): Promise<void> {
  const probe = join(place.dir, `.probe-${process.pid}`);
  try {
    await writeFile(probe, Buffer.alloc(8_192));
    await rm(probe);
    const { bavail, bsize } = await statfs(place.dir);
    if (bavail * bsize < needed_mb * 1024 * 1024) throw Object.assign(new Error("full"), { code: "ENOSPC" });
  } catch (cause) {
    await rm(probe, { force: true }).catch(() => {});
    throw explainFile(cause, place.dir);
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether every user may walk down to `path`. */
export async function isOpen(path: string): Promise<boolean> {
  for (let dir = path; ; dir = dirname(dir)) {
    const { mode } = await stat(dir);
    if ((mode & 0o001) === 0) return false;
    if (dir === dirname(dir)) return true;
  }
}

function nobody(): { uid: number; gid: number } {
  try {
    const ask = (flag: string) =>
      Number(execFileSync("id", [flag, "nobody"], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    return { uid: 65_534, gid: 65_534 };
  }
}

/** PostgreSQL runs only as the owner of its cluster. */
function ownerOf(cluster: string, { uid, gid }: { uid: number; gid: number }): Place["owner"] {
  if (isRoot()) return { uid, gid };
  if (process.getuid && uid !== process.getuid()) {
    throw new OperatorError(
      `The database in ${cluster} belongs to another user (${uid}); start Wharf as root or as that user, as before.`,
    );
  }
  return null;
}

async function roomOutside(data_dir: string, owner: { uid: number; gid: number }): Promise<string> {
  const hash = createHash("sha256").update(data_dir).digest("hex").slice(0, 16);
  try {
    await mkdir(OUTSIDE, { recursive: true });
    // Whatever the umask says: entered by all, its rooms by their owners only.
    await chmod(OUTSIDE, 0o755);
    for (let n = 0; ; n++) {
      // A cluster without a link to it is one whose data directory was deleted: it is left alone.
      const dir = join(OUTSIDE, n === 0 ? hash : `${hash}-${n}`);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      if (await stat(join(dir, "postgres")).catch(() => null)) continue;
      await chown(dir, owner.uid, owner.gid);
      return dir;
    }
  } catch (cause) {
    throw new OperatorError(
      `PostgreSQL does not run as root, its own user can't enter ${data_dir}, and ${OUTSIDE} can't be used; name a folder that every user may enter in WHARF_DATA_DIR, such as /srv/wharf.`,
      { cause },
    );
  }
}
