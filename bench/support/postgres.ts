import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, silentLog } from "../../src/base/base.ts";
import { createDatabase, migrate, sql, Sql, startEmbedded, type Database } from "../../src/db/db.ts";
import { cpuOfServer } from "./cpu.ts";

/**
 * A migrated database of its own for one bench, on BENCH_DATABASE_URL or on an embedded PostgreSQL that is made and
 * thrown away. Durable, or it throws: numbers without fsync would be no numbers.
 */
export async function startBenchDatabase(): Promise<{
  db: Database;
  /** CPU seconds of the server so far; null where it can't be read (not ours, or not Linux). */
  cpu_s(): Promise<number | null>;
  stop(): Promise<void>;
}> {
  const given = process.env["BENCH_DATABASE_URL"];
  const data_dir = given === undefined ? await mkdtemp(join(tmpdir(), "wharf-bench-")) : null;
  const settings = { shared_buffers: "512MB", max_wal_size: "4GB", checkpoint_timeout: "15min" };
  const embedded = data_dir === null ? null : await startEmbedded({ data_dir, log: silentLog, settings });
  const server_url = given ?? embedded!.url;
  const name = `wharf_bench_${newId().replaceAll("-", "")}`;
  const admin = createDatabase({ url: server_url, max: 1 });
  await admin.run(new Sql([`create database ${name}`], []));
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  // Millions of rows are filled in by one statement.
  const db = createDatabase({ url: url.href, query_timeout_ms: null });
  const stop = async () => {
    await db.stop();
    await admin.run(new Sql([`drop database if exists ${name} with (force)`], []));
    await admin.stop();
    await embedded?.stop();
    if (data_dir !== null) await rm(data_dir, { recursive: true, force: true });
    if (embedded) await rm(embedded.cluster, { recursive: true, force: true });
  };
  const unsafe = await db.rows<{ name: string }>(
    sql`select name from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting <> 'on'`,
  );
  if (unsafe.length > 0) {
    await stop();
    throw new Error(`this PostgreSQL is not durable (${unsafe.map((row) => row.name).join(", ")} is off)`);
  }
  await migrate(db);
  await restWal(db);
  return { db, cpu_s: async () => (embedded ? cpuOfServer(embedded.pid) : null), stop };
}

/**
 * A server that has worked for a while reuses its WAL files; a new one makes each of them first, 16 MB of zeros and a
 * flush, in the way of a commit. Every contender gets the server of every day.
 */
async function restWal(db: Database): Promise<void> {
  for (let file = 0; file < 48; file++) {
    await db.run(sql`select pg_logical_emit_message(false, 'bench', 'fill')`);
    await db.run(sql`select pg_switch_wal()`);
  }
  await db.run(sql`checkpoint`);
}
