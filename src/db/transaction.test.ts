import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { createDatabase, sql, type Database } from "./db.ts";

const UNIQUE_VIOLATION = "23505";
let plain: Database;
let pipelined: Database;

beforeAll(async () => {
  plain = await createTestDatabase();
  pipelined = createDatabase({ url: plain.url, max: 2, by_index: true, pipelined: true });
  await plain.run(sql`create table tried (n integer primary key)`);
});
afterAll(() => pipelined.stop());
beforeEach(() => plain.run(sql`truncate tried`));

const insert = (n: number) => sql`insert into tried values (${n})`;
const all = sql`select n from tried order by n`;
const numbers = async () => (await plain.rows<{ n: number }>(all)).map(({ n }) => n);

describe.each([
  ["on a connection as any other", () => plain],
  ["on a pipelined connection", () => pipelined],
])("a transaction %s", (_name, of) => {
  test("runs what it doesn't wait for in its place among the rest", async () => {
    const seen = await of().transaction(async (tx) => {
      tx.later(insert(1));
      const before = await tx.rows(all);
      tx.later(insert(2));
      tx.later(sql`delete from tried where n = 1`);
      const [first, second] = await Promise.all([tx.rows(all), tx.run(insert(3))]);
      return [before, first, second];
    });
    expect(seen).toEqual([[{ n: 1 }], [{ n: 2 }], 1]);
    expect(await numbers()).toEqual([2, 3]);
  });

  test("fails by what it didn't wait for, with that error, at what is asked next", async () => {
    let reached = false;
    const failing = of().transaction(async (tx) => {
      tx.later(insert(1));
      tx.later(insert(1));
      await tx.rows(all);
      reached = true;
    });
    await expect(failing).rejects.toMatchObject({ code: UNIQUE_VIOLATION });
    expect([reached, await numbers()]).toEqual([false, []]);
  });

  test("fails by it at the commit, when nothing more is asked", async () => {
    const failing = of().transaction(async (tx) => {
      tx.later(insert(1));
      tx.later(insert(1));
    });
    await expect(failing).rejects.toMatchObject({ code: UNIQUE_VIOLATION });
    expect(await numbers()).toEqual([]);
    // Its connection is as good as new.
    await of().transaction(async (tx) => tx.later(insert(2)));
    expect(await numbers()).toEqual([2]);
  });

  test("goes on behind a savepoint in which it failed", async () => {
    await of().transaction(async (tx) => {
      tx.later(insert(1));
      const tried = tx.savepoint(async () => {
        tx.later(insert(2));
        tx.later(insert(1));
      });
      await expect(tried).rejects.toMatchObject({ code: UNIQUE_VIOLATION });
      tx.later(insert(3));
    });
    expect(await numbers()).toEqual([1, 3]);
  });

  test("is not committed when the failure of a statement was passed over", async () => {
    const committed: boolean[] = [];
    const passed = of().transaction(async (tx) => {
      tx.onEnd((is) => committed.push(is));
      tx.later(insert(1));
      await tx.run(insert(1)).catch(() => {});
    });
    await expect(passed).rejects.toThrow("rolled back");
    expect([committed, await numbers()]).toEqual([[false], []]);
  });

  test("tells what is so behind its commit, and nothing when there is none", async () => {
    const asked: Promise<{ n: number }[] | null>[] = [];
    await of().transaction(async (tx) => {
      asked.push(tx.behindCommit<{ n: number }>(all));
      tx.later(insert(1));
    });
    const failing = of().transaction(async (tx) => {
      asked.push(tx.behindCommit(all));
      tx.later(insert(1));
    });
    await expect(failing).rejects.toMatchObject({ code: UNIQUE_VIOLATION });
    expect(await Promise.all(asked)).toEqual([[{ n: 1 }], null]);
  });

  test("is committed whatever becomes of what is asked behind it", async () => {
    let asked: Promise<unknown> = Promise.resolve();
    await of().transaction(async (tx) => {
      tx.later(insert(1));
      asked = tx.behindCommit(sql`select 1 / 0`);
    });
    expect([await asked, await numbers()]).toEqual([null, [1]]);
  });

  test("whose connection is lost is not committed, and another takes its place", async () => {
    const lost = of().transaction(async (tx) => {
      tx.later(insert(1));
      tx.later(sql`select pg_terminate_backend(pg_backend_pid())`);
      await tx.rows(all);
    });
    await expect(lost).rejects.toThrow(/terminat/);
    await of().transaction(async (tx) => tx.later(insert(2)));
    expect(await numbers()).toEqual([2]);
  });
});
