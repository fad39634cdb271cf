import { expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { createDatabase, refreshStatistics, sql } from "./db.ts";

test("a table that was empty a moment ago is planned for as it is now, also by plans that are kept", async () => {
  const db = await createTestDatabase({ max: 1 });
  await db.run(sql`create table grown (workspace_id int, id int, hash int, primary key (workspace_id, id))`);
  await db.run(sql`create index grown__hash on grown (workspace_id, hash)`);
  await db.run(sql`analyze grown`);
  const keeps = createDatabase({ url: db.url, max: 1, by_index: true });
  const planned = async () => {
    const rows = await keeps.rows<{ "QUERY PLAN": string }>(sql`explain execute one (1, 1)`);
    return rows.map((row) => row["QUERY PLAN"]).join(" ");
  };
  try {
    await keeps.run(
      sql`prepare one (int, int) as select * from grown where workspace_id = $1 and id = $2 and hash <> 7`,
    );
    const before = await planned();
    await db.run(sql`insert into grown select 1, n, n from generate_series(1, 20000) n`);
    await db.run(sql`select pg_stat_force_next_flush()`);
    expect(await planned()).toBe(before);
    expect(await refreshStatistics(db)).toBe(1);
    const [stored] = await db.rows<{ n: number }>(
      sql`select reltuples::int as n from pg_class where relname = 'grown'`,
    );
    expect(stored!.n).toBe(20_000);
    expect(await planned()).toMatch(/grown_pkey.*workspace_id = .*id = /s);
    expect(await refreshStatistics(db)).toBe(0);
  } finally {
    await keeps.stop();
  }
});
