import { randomBytes } from "node:crypto";
import { afterAll, inject } from "vitest";
import { newId } from "../../src/base/base.ts";
import { createDatabase, sql, Sql, type Database, type Tx } from "../../src/db/db.ts";

/**
 * A fresh clone of the migrated template, dropped after the file's tests. Its name contains `test`, and nothing in
 * test/ writes to a database whose name doesn't.
 */
export async function createTestDatabase(
  options: { max?: number; /** Without a table. */ empty?: boolean } = {},
): Promise<Database> {
  const server_url = inject("server_url");
  const name = `${inject("template")}_${randomBytes(6).toString("hex")}`;
  const admin = createDatabase({ url: server_url, max: 1 });
  const template = options.empty ? "template0" : inject("template");
  await admin.run(new Sql([`create database ${name} template ${template}`], []));
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  // Some fill in many rows by one statement, on a machine that does much else.
  const db = createDatabase({ url: url.href, max: options.max ?? 10, query_timeout_ms: null });
  afterAll(async () => {
    await db.stop();
    await admin.run(new Sql([`drop database if exists ${name} with (force)`], []));
    await admin.stop();
  });
  return db;
}

/** A workspace with one connection of its own: what nearly every test starts from. Secrets are left null. */
export async function createTestWorkspace(
  db: Database,
): Promise<{ workspace_id: string; connection_id: string }> {
  const workspace_id = newId();
  const connection_id = newId();
  await db.run(
    sql`insert into workspaces (id, name, slug) values (${workspace_id}, 'Test', ${`test-${workspace_id}`})`,
  );
  await db.run(sql`
    insert into connections (id, workspace_id, name, graph_url) values (${connection_id}, ${workspace_id}, 'Test app', 'http://127.0.0.1:1')`);
  return { workspace_id, connection_id };
}

/** Entries of a table and of its indexes that were read so far, by whatever way, also on `own_db` (with one connection). */
export async function rowsRead(db: Database, own_db: Database, table: string): Promise<number> {
  await own_db.run(sql`select pg_stat_force_next_flush()`);
  const row = await db.first<{ read: number }>(sql`
    select seq_tup_read + coalesce((
      select sum(greatest(idx_tup_read, idx_tup_fetch)) from pg_stat_user_indexes i where i.relid = t.relid), 0)::bigint as read
    from pg_stat_user_tables t where relname = ${table}`);
  return row!.read;
}

/** A transaction that counts its statements. */
export function counted(tx: Tx): { tx: Tx; statements: () => number } {
  let count = 0;
  const counting = new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        count++;
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { tx: counting, statements: () => count };
}
