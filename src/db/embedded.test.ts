import { spawnSync } from "node:child_process";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAlive, silentLog } from "../base/base.ts";
import { createDatabase, sql, startEmbedded, type EmbeddedPostgres } from "./db.ts";
import { explain } from "./embedded-process.ts";

let data_dir: string;
let servers: EmbeddedPostgres[];

async function start(dir = data_dir): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ data_dir: dir, log: silentLog, settings: { shared_buffers: "32MB" } });
  servers.push(server);
  return server;
}

async function ask<Row extends object>(url: string, query: ReturnType<typeof sql>): Promise<Row[]> {
  const db = createDatabase({ url, max: 1 });
  try {
    return await db.rows<Row>(query);
  } finally {
    await db.stop();
  }
}

/** Until it answers: a server that was killed is started again without a signal to wait for. */
async function askUntil(url: string, query: ReturnType<typeof sql>): Promise<object[]> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask(url, query);
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

beforeEach(async () => {
  servers = [];
  data_dir = await mkdtemp(join(tmpdir(), "wharf test "));
});

afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(data_dir, { recursive: true, force: true });
});

describe("the embedded PostgreSQL", () => {
  test("keeps its data, flushes every commit, and listens on loopback with a password only", async () => {
    const first = await start();
    await ask(first.url, sql`create table kept (n integer)`);
    const settings = await ask<{ name: string; setting: string }>(
      first.url,
      sql`select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      listen_addresses: "127.0.0.1",
      unix_socket_directories: "",
    });
    const wrong = new URL(first.url);
    wrong.password = "wrong";
    await expect(ask(wrong.href, sql`select`)).rejects.toThrow("password authentication failed");
    expect((await stat(join(first.cluster, "wharf.password"))).mode & 0o777).toBe(0o600);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, sql`select count(*) as n from kept`)).toEqual([{ n: 0 }]);
  });

  test("sorts text the same on every system", async () => {
    const { url } = await start();
    expect(
      await ask(
        url,
        sql`select datlocprovider::text as provider, datlocale from pg_database where datname = 'wharf'`,
      ),
    ).toEqual([{ provider: "b", datlocale: "C.UTF-8" }]);
  });

  test("is adopted while it runs, and either Wharf can stop it", async () => {
    const left = await start();
    const found = await start();
    expect(found.adopted).toBe(true);
    expect(found.pid).toBe(left.pid);
    expect(found.url).toBe(left.url);
  });

  test("comes back on the same port after kill -9, with all that was committed", async () => {
    const server = await start();
    await ask(server.url, sql`create table kept as select generate_series(1, 1000) as n`);
    const { pid } = server;
    process.kill(pid, "SIGKILL");
    expect(await askUntil(server.url, sql`select count(*) as n from kept`)).toEqual([{ n: 1_000 }]);
    await expect.poll(() => server.pid).not.toBe(pid);
  });

  test("can be stopped while it is being started again", async () => {
    const server = await start();
    process.kill(server.pid, "SIGKILL");
    await askUntil(server.url, sql`select`);
    await server.stop();
    await expect(ask(server.url, sql`select`)).rejects.toThrow("ECONNREFUSED");
  });

  test.runIf(process.getuid?.() === 0)("runs below a folder that only root can enter", async () => {
    const closed = join(data_dir, "data");
    await chmod(data_dir, 0o700);
    const first = await start(closed);
    expect(first.cluster).toMatch(/^\/var\/lib\/wharf\//);
    try {
      await ask(first.url, sql`create table kept (n integer)`);
      await first.stop();
      // The link in the data directory finds the cluster again when the folder is moved.
      const moved = join(data_dir, "moved");
      await rename(closed, moved);
      const second = await start(moved);
      expect(second.cluster).toBe(first.cluster);
      expect(await ask(second.url, sql`select from kept`)).toEqual([]);
      await second.stop();
    } finally {
      await rm(dirname(first.cluster), { recursive: true });
    }
  });

  test("starts although its pid file names a process that is something else", async () => {
    const server = await start();
    const pid_file = join(server.cluster, "postmaster.pid");
    const text = await readFile(pid_file, "utf8");
    await server.stop();
    await writeFile(pid_file, text.replace(/^\d+/, String(process.pid)));
    expect(await ask((await start()).url, sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  test("removes what an initdb left that was killed, and no more (L15)", async () => {
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    const left = (name: string) => join(data_dir, `postgres.new-${name}`);
    const old = new Date(Date.now() - 86_400_000);
    for (const pid of [gone, process.ppid]) {
      await mkdir(left(String(pid)));
      await writeFile(join(left(String(pid)), "PG_VERSION"), "18");
      await writeFile(left(`${pid}.password`), "word");
    }
    await mkdir(left("1"));
    await utimes(left("1"), old, old);
    await mkdir(join(data_dir, "postgres.new-idea"));
    await start();
    const found = (await readdir(data_dir)).filter((name) => name.startsWith("postgres.new"));
    // The second process lives: it may be at work just now. Number 1 lives too, but its folder is of yesterday.
    expect(found.toSorted()).toEqual(
      [
        `postgres.new-${process.ppid}`,
        `postgres.new-${process.ppid}.password`,
        "postgres.new-idea",
      ].toSorted(),
    );
  });

  test("says in one sentence what is wrong with the data directory", async () => {
    const file = join(data_dir, "file");
    await writeFile(file, "");
    await expect(start(file)).rejects.toThrow("is not a folder; name another one in WHARF_DATA_DIR");
    await expect(start(join(file, "data"))).rejects.toThrow("is not a folder");
  });

  test.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', "is full; free at least"],
    ["initdb: error: could not change permissions: Read-only file system", "mount it writable"],
    ["FATAL:  data directory has wrong ownership", "give that folder back"],
    ["FATAL:  database files are incompatible with server", "another major version"],
    ["error while loading shared libraries: libz.so.1", "DATABASE_URL"],
    ["FATAL:  something new", "something new"],
  ])("explains %j", (reason, sentence) => {
    expect(explain(reason, { dir: "/d", cluster: "/d/postgres", owner: null, link: null }).message).toContain(
      sentence,
    );
  });
});
