import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { isAlive, type Logger } from "../base/base.ts";
import { checkWritable, findPlace, type Place } from "./embedded-place.ts";
import {
  adopt,
  cleanEnvironment,
  explain,
  launch,
  shutDown,
  url,
  type Launch,
  type Server,
} from "./embedded-process.ts";
import { preparePrograms, type Programs } from "./embedded-programs.ts";

/** A real PostgreSQL of Wharf's own, on loopback with a password of its own. */
export interface EmbeddedPostgres {
  /** The database `wharf`. Stays the same when the server had to be restarted. */
  readonly url: string;
  readonly pid: number;
  /** Where its data really lies: below the data directory, or in /var/lib/wharf (see findPlace). */
  readonly cluster: string;
  /** It was running already, left by a Wharf that was killed. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of `data_dir`, making it first where there is none, or adopts the one that a killed Wharf left
 * running. From then on a server that dies is started again on the same port, so that pools find it. `settings` go
 * over our own. Throws an OperatorError that says what to do.
 */
export async function startEmbedded(options: {
  data_dir: string;
  log: Logger;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const { log } = options;
  const place = await findPlace(options.data_dir);
  const isNew = !(await stat(place.cluster).catch(() => null));
  await checkWritable(place, isNew ? 256 : 32);
  await removeHalves(place);
  const programs = await preparePrograms(place);
  if (isNew) await createCluster(place, programs);

  const password = (await readFile(join(place.cluster, "wharf.password"), "utf8")).trim();
  const how: Launch = { place, programs, password, settings: options.settings ?? {}, log };
  const left = isNew ? null : await adopt(place, password);
  let server = left ?? (await launch(how, null));
  let stopping = false;
  if (!server.has_wharf) await createWharfDatabase(url(password, server.port));

  const watch = async (): Promise<void> => {
    for (;;) {
      await server.exited;
      if (stopping) return;
      log.error({ pid: server.pid }, "PostgreSQL ended unexpectedly; starting it again");
      server = await relaunch(how, server, () => stopping);
      if (stopping) return;
      log.info({ pid: server.pid }, "PostgreSQL runs again");
    }
  };
  const watched = watch();

  return {
    url: url(password, server.port, "wharf"),
    get pid() {
      return server.pid;
    },
    cluster: place.cluster,
    adopted: left !== null,
    async stop() {
      stopping = true;
      await shutDown(server, { programs, place });
      await watched;
      // The watch may have started another one meanwhile.
      await shutDown(server, { programs, place });
    },
  };
}

async function relaunch(how: Launch, last: Server, isStopping: () => boolean): Promise<Server> {
  for (let pause_ms = 100; !isStopping(); pause_ms = Math.min(5_000, pause_ms * 2)) {
    try {
      return await launch(how, last.port);
    } catch (error) {
      how.log.error({ err: error }, "PostgreSQL does not start; trying again");
      await sleep(pause_ms);
    }
  }
  return last;
}

const HOUR_MS = 3_600_000;

/** What an initdb left that was killed: 40 MB and a password. One that is under way belongs to a process that lives. */
async function removeHalves(place: Place): Promise<void> {
  const name = basename(place.cluster);
  for (const entry of await readdir(place.dir)) {
    const [, pid] = /^\.new-(\d+)(?:\.password)?$/.exec(entry.slice(name.length)) ?? [];
    if (pid === undefined || !entry.startsWith(name)) continue;
    const path = join(place.dir, entry);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    // An old one's number may have gone to another process since.
    if (isAlive(Number(pid)) && Date.now() - mtimeMs < HOUR_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Made under another name and then renamed: an interrupted initdb leaves no half a cluster. */
async function createCluster(place: Place, programs: Programs): Promise<void> {
  const half = `${place.cluster}.new-${process.pid}`;
  const password = randomBytes(24).toString("base64url");
  const password_file = `${half}.password`;
  const give = async (path: string) => place.owner && chown(path, place.owner.uid, place.owner.gid);
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await give(half);
  try {
    await writeFile(password_file, password, { mode: 0o600 });
    await give(password_file);
    const args = [
      `--pgdata=${half}`,
      "--username=wharf",
      "--auth=scram-sha-256",
      `--pwfile=${password_file}`,
    ];
    // The built-in locale sorts the same on every system, whatever its libraries are.
    args.push("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    await promisify(execFile)(programs.initdb, args, {
      cwd: place.dir,
      env: cleanEnvironment,
      ...place.owner,
    }).catch((error: Error & { stderr?: string }) => {
      throw explain(error.stderr || error.message, place);
    });
    // Kept with the data that it opens: neither can be lost without the other.
    await rename(password_file, join(half, "wharf.password"));
    await rename(half, place.cluster);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    await rm(password_file, { force: true });
    throw error;
  }
  if (place.link) await symlink(place.cluster, place.link);
}

async function createWharfDatabase(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query("create database wharf");
  } finally {
    await client.end();
  }
}
