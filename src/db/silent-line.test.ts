import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { silentLog, type Logger } from "../base/base.ts";
import { createTestDatabase } from "../../test/support/database.ts";
import { startSilentProxy, type SilentProxy } from "../../test/support/silent-proxy.ts";
import { createDatabase, createListener, sql, type Database, type DatabaseOptions } from "./db.ts";

let db: Database;
let proxy: SilentProxy;
const parts: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  await db.run(sql`create table due (n integer primary key)`);
  await db.run(sql`insert into due values (1), (2)`);
});
beforeEach(async () => {
  proxy = await startSilentProxy(db.url);
});
afterEach(async () => {
  await proxy.stop();
  for (const part of parts.splice(0)) await part.stop();
});

function away(options: Partial<DatabaseOptions> = {}): Database {
  const pool = createDatabase({ url: proxy.through(db.url), application_name: "away", ...options });
  parts.push(pool);
  return pool;
}

/** Holds `rows` until `held` is told to go on. */
function holder(pool: Database, rows: number[]) {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let locked = () => {};
  const has_locked = new Promise<void>((resolve) => (locked = resolve));
  const ended = pool
    .transaction(async (tx) => {
      await tx.run(sql`select from due where n = any(${rows}) order by n for update`);
      locked();
      await gate;
      await tx.run(sql`select 1`);
    })
    .then(
      () => "committed",
      (error: Error) => error.message,
    );
  return { has_locked, goOn, ended };
}

/** A log that keeps the warnings. */
function collector() {
  const lines: object[] = [];
  const log: Logger = Object.create(silentLog, { warn: { value: (line: object) => lines.push(line) } });
  return { lines, log };
}

test("rows that a silent host holds, and those it waits for, are free within 40 s, and its process goes on by itself", async () => {
  const pool = away({ query_timeout_ms: 500 });
  const first = holder(pool, [1]);
  await first.has_locked;
  // Waits for the first: it gets the lock when that is gone, and holds it in turn.
  const second = holder(pool, [1, 2]);
  await expect
    .poll(() =>
      db.rows(
        sql`select from pg_stat_activity where application_name = 'away' and wait_event_type = 'Lock' and datname = current_database()`,
      ),
    )
    .toHaveLength(1);
  proxy.silence({ lose: true });
  const began_ms = Date.now();
  const free = await db.transaction((tx) => tx.rows(sql`select n from due order by n for update`));
  expect(free).toHaveLength(2);
  expect(Date.now() - began_ms).toBeLessThan(40_000);

  first.goOn();
  second.goOn();
  expect(await Promise.all([first.ended, second.ended])).toEqual([
    "Query read timeout",
    "Query read timeout",
  ]);
  proxy.restore();
  expect(await pool.rows(sql`select n from due order by n`)).toEqual([{ n: 1 }, { n: 2 }]);
  // Of the connections that were lost none is counted any more.
  expect([pool.pool.totalCount, pool.pool.waitingCount]).toEqual([1, 0]);
}, 60_000);

test("a statement on a dead line ends, its connection is given up, and a new one is made when the line is back", async () => {
  const pool = away({ query_timeout_ms: 300, max: 2 });
  await Promise.all([pool.run(sql`select pg_sleep(0.01)`), pool.run(sql`select pg_sleep(0.01)`)]);
  proxy.silence({ lose: true });
  await expect(pool.run(sql`select 1`)).rejects.toThrow("Query read timeout");
  await expect(pool.transaction((tx) => tx.savepoint(() => tx.run(sql`select 1`)))).rejects.toThrow(
    "Query read timeout",
  );
  // Nothing answers: neither the server nor what is between.
  await expect(pool.run(sql`select 1`)).rejects.toThrow("connection timeout");
  proxy.restore();
  expect(await pool.rows(sql`select 1 as one`)).toEqual([{ one: 1 }]);
}, 60_000);

test("a statement that takes too long is ended by the server before its caller gives it up", async () => {
  const pool = createDatabase({ url: db.url, max: 1 });
  parts.push(pool);
  expect(await pool.rows(sql`show statement_timeout`)).toEqual([{ statement_timeout: "29s" }]);
});

test("a listener notices a dead line, and hears again when it is back", async () => {
  const { lines, log } = collector();
  const listener = createListener({
    url: proxy.through(db.url),
    log,
    ping_ms: 50,
    query_timeout_ms: 200,
    backoff: { base_ms: 1, cap_ms: 20 },
  });
  parts.push(listener);
  const heard: (string | null)[] = [];
  listener.on("a", (payload) => heard.push(payload));
  await expect.poll(() => heard).toEqual([null]);
  proxy.silence({ lose: true });
  await db.run(sql`select pg_notify('a', 'unheard')`);
  await expect.poll(() => lines).toMatchObject([{ err: { message: "Query read timeout" } }]);
  proxy.restore();
  await expect.poll(() => heard).toEqual([null, null]);
  await db.run(sql`select pg_notify('a', 'heard')`);
  await expect.poll(() => heard).toEqual([null, null, "heard"]);
}, 60_000);

test("through a pooler nothing is set on a connection, and no statement has a name", async () => {
  const plain = away({ behind_pooler: true });
  const set = await plain.rows<{ name: string }>(
    sql`select name from pg_settings where source = 'client' and name not in ('application_name', 'client_encoding')`,
  );
  expect(set).toEqual([]);
  const own = await db.rows<{ name: string }>(
    sql`select name from pg_settings where source = 'client' and name in ('tcp_user_timeout', 'idle_in_transaction_session_timeout')`,
  );
  expect(own).toHaveLength(2);
});

test("a connection that breaks while idle is told in the log", async () => {
  const { lines, log } = collector();
  const pool = away({ log });
  await pool.run(sql`select 1`);
  await db.run(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'away' and datname = current_database()`,
  );
  await expect.poll(() => lines).toMatchObject([{ pool: "away", err: { code: "57P01" } }]);
});
