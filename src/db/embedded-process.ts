import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { isAlive, OperatorError, type Logger } from "../base/base.ts";
import { checkWritable, type Place } from "./embedded-place.ts";
import type { Programs } from "./embedded-programs.ts";

/** A running postmaster, ours by birth or adopted. */
export interface Server {
  pid: number;
  port: number;
  /** Settles when it is gone, whatever the reason. */
  exited: Promise<void>;
  /** The database `wharf` exists. */
  has_wharf: boolean;
}

export interface Launch {
  place: Place;
  programs: Programs;
  password: string;
  settings: Record<string, string>;
  log: Logger;
}

/** Nothing of Wharf's environment: it holds secrets, and PG* variables would change what PostgreSQL does. */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  SystemRoot: process.env["SystemRoot"],
  LC_ALL: "C",
  TZ: "UTC",
};

/** What a new start may wait for: the server left by a killed Wharf, or its last processes, are still going. */
const passing =
  /lock file "postmaster\.pid" already exists|shared memory block .* still in use|could not bind|Address already in use|could not create any TCP/;

/** Until it answers, which after a crash may take as long as recovery. Throws an OperatorError that quotes the reason. */
export async function launch(options: Launch, wanted_port: number | null): Promise<Server> {
  const { place, programs, log } = options;
  const deadline = Date.now() + 30_000;
  const log_path = join(place.dir, "postgres.log");
  for (;;) {
    await clearStalePid(place.cluster);
    const log_file = await stat(log_path).catch(() => null);
    if (log_file && log_file.size > 16_000_000) await rename(log_path, `${log_path}.1`);
    const output = await open(log_path, "a", 0o600);
    const { size: log_start } = await output.stat();
    const port = wanted_port ?? (await freePort());
    // A group of its own: Ctrl-C in the terminal reaches Wharf alone, which stops what uses the database first.
    const child = spawn(
      programs.postgres,
      ["-D", place.cluster, "-p", String(port), ...flags(options.settings)],
      {
        cwd: place.dir,
        env: cleanEnvironment,
        stdio: ["ignore", output.fd, output.fd],
        detached: true,
        ...place.owner,
      },
    );
    let failure: Error | null = null;
    let gone = false;
    const exited = new Promise<void>((resolve) => {
      child.on("error", (error) => {
        failure = error;
        gone = true;
        resolve();
      });
      child.on("exit", () => {
        gone = true;
        resolve();
      });
    });
    try {
      const pid = child.pid ?? 0;
      for (let waited_ms = 0; !gone; waited_ms += 25) {
        const answer = await ask(url(options.password, port), place.cluster);
        if (answer) return { pid, port, exited, ...answer };
        if (waited_ms > 0 && waited_ms % 5_000 === 0)
          log.info("PostgreSQL recovers from a crash; waiting for it");
        await Promise.race([exited, sleep(25)]);
      }
    } finally {
      await output.close();
    }
    const reason = failure
      ? String(failure)
      : (await readFile(log_path, "utf8").catch(() => "")).slice(log_start).trim();
    if (passing.test(reason) && Date.now() < deadline) {
      await sleep(250);
      continue;
    }
    await checkWritable(place, 32);
    throw explain(reason, place);
  }
}

/** The server that a killed Wharf left behind, when it answers with our password. Waits for one that is starting. */
export async function adopt(place: Place, password: string): Promise<Server | null> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = await readPidFile(place.cluster);
    if (!found || !isAlive(found.pid)) return null;
    const answer = found.port ? await ask(url(password, found.port), place.cluster) : null;
    if (found.port && answer)
      return { pid: found.pid, port: found.port, exited: ended(found.pid), ...answer };
    if (Date.now() > deadline || !isPostgres(found.pid)) return null;
    await sleep(250);
  }
}

/** Fast shutdown; when that does not end it, at once (it recovers at the next start). */
export async function shutDown(server: Server, options: { programs: Programs; place: Place }): Promise<void> {
  if (process.platform === "win32") {
    execFile(options.programs.pg_ctl, ["stop", "-D", options.place.cluster, "-m", "fast"], {
      env: cleanEnvironment,
    });
  } else send(server.pid, "SIGINT");
  if (await within(server.exited, 30_000)) return;
  send(server.pid, "SIGQUIT");
  if (await within(server.exited, 5_000)) return;
  send(server.pid, "SIGKILL");
  await server.exited;
}

export function url(password: string, port: number, database = "postgres"): string {
  return `postgres://wharf:${password}@127.0.0.1:${port}/${database}`;
}

/** PostgreSQL's words as one sentence that says what to do. */
export function explain(reason: string, place: Place): OperatorError {
  const quote = reason.split("\n").slice(-5).join("\n");
  const [, sentence] = sentences.find(([pattern]) => pattern.test(reason)) ?? [null, didNotStart];
  return new OperatorError(`${sentence(place)}\n${quote}`);
}

const didNotStart = ({ dir }: Place) => `PostgreSQL did not start; its log is ${join(dir, "postgres.log")}.`;

const sentences: [RegExp, (place: Place) => string][] = [
  [
    /No space left on device|Disk quota exceeded/,
    ({ dir }) => `The disk that holds ${dir} is full; free at least 200 MB, then start again.`,
  ],
  [
    /Read-only file system/,
    ({ dir }) =>
      `${dir} is on a read-only file system; mount it writable, or name another folder in WHARF_DATA_DIR.`,
  ],
  [
    /Permission denied|invalid permissions|wrong ownership/,
    ({ dir }) => `PostgreSQL may not use ${dir}; give that folder back to the user that PostgreSQL ran as.`,
  ],
  [
    /incompatible with server|not compatible with this version/,
    ({ cluster }) =>
      `The database in ${cluster} was made by another major version of PostgreSQL; start the Wharf that made it, or name a PostgreSQL that holds your data in DATABASE_URL.`,
  ],
  [
    /could not look up effective user ID/,
    () =>
      "PostgreSQL needs a user that has a name, and this one has none in /etc/passwd; start Wharf as a named user or as root, or name a PostgreSQL 15 or newer in DATABASE_URL.",
  ],
  [
    /shared libraries|GLIBC|ENOENT|not found \(required/,
    () =>
      "The PostgreSQL that comes with Wharf does not run on this system; name a PostgreSQL 15 or newer in DATABASE_URL.",
  ],
];

function flags(settings: Record<string, string>): string[] {
  // What it has to itself lies beside what the system caches of the same files; each 128 MB more take 7 MB at rest.
  const shared_mb = Math.max(128, Math.min(256, Math.floor(totalmem() / 1024 / 1024 / 16)));
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: `${shared_mb}MB`,
    // Every commit flushes, so it never holds more than some commits. Filled at the start, 16 MB of it cost 8 at rest.
    wal_buffers: "4MB",
    io_workers: "1",
    max_logical_replication_workers: "0",
    // Files that were used once are kept for the next burst: a new one is 16 MB of zeros and a flush, in a commit's way.
    min_wal_size: "1GB",
    max_wal_size: "4GB",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // Wharf logs its own failed statements; here only what concerns the server.
    log_min_messages: "log",
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Null while it does not answer, or is another cluster's. */
async function ask(connectionString: string, cluster: string): Promise<{ has_wharf: boolean } | null> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ dir: string; has_wharf: boolean }>(`
      select current_setting('data_directory') as dir,
        exists (select from pg_database where datname = 'wharf') as has_wharf`);
    const [row] = rows;
    return row && (process.platform === "win32" || row.dir === cluster) ? { has_wharf: row.has_wharf } : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

async function readPidFile(cluster: string): Promise<{ pid: number; port: number | null } | null> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => null);
  const lines = text?.split("\n") ?? [];
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]) || null } : null;
}

/**
 * PostgreSQL judges a pid file by whether some process has the pid. A zombie (the server was not reaped, as in a
 * container without an init) and an unrelated program that got the number both count as alive for it; not for us.
 */
async function clearStalePid(cluster: string): Promise<void> {
  const found = await readPidFile(cluster);
  if (found && (!isAlive(found.pid) || !isPostgres(found.pid)))
    await rm(join(cluster, "postmaster.pid"), { force: true });
}

function isPostgres(pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres");
  } catch {
    return false;
  }
}

/** An adopted server is not our child: we look. */
async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(250);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function within(done: Promise<void>, limit_ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(limit_ms, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([done.then(() => true), late]);
  timer.abort();
  return result;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
