import { expect, test } from "vitest";
import { newId, silentLog, systemClock } from "../src/base/base.ts";
import { migrate, readMigrations, sql } from "../src/db/db.ts";
import { createJournal } from "../src/journal/journal.ts";
import { createTestDatabase, createTestWorkspace } from "./support/database.ts";

/** What the database held before a migration is there after it, in the new form. */

test("a journal that was its own queue: what waits, what is dead and what was noted are kept (0042)", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  await migrate(db, migrations.slice(0, 41));
  const { workspace_id, connection_id } = await createTestWorkspace(db);
  await db.run(sql`create table journal_any partition of journal default`);
  const insert = async (state: string, attempts: number, error: string | null) => {
    const id = newId();
    await db.run(sql`
      insert into journal (id, received_at, connection_id, body, state, attempts, next_attempt_at, error, completed_at)
      values (${id}, now(), ${connection_id}, '{"a":1}', ${state}, ${attempts}, '2026-01-01T00:00:00Z', ${error},
        case when ${state} <> 'pending' then timestamptz '2026-02-01T00:00:00Z' end)`);
    return id;
  };
  const waits = await insert("pending", 3, "one item failed");
  const dead = await insert("dead", 10, "not JSON");
  const noted = await insert("done", 1, "nothing in it");
  const plain = await insert("done", 1, null);
  await migrate(db, migrations.slice(0, 42));

  const journal = createJournal({ db, clock: systemClock, log: silentLog });
  const { data } = await journal.list(workspace_id, { limit: 10 });
  expect(data.map(({ id, state, attempts, error }) => [id, state, attempts, error])).toEqual([
    [plain, "done", 1, null],
    [noted, "done", 1, "nothing in it"],
    [dead, "dead", 10, "not JSON"],
    [waits, "pending", 3, "one item failed"],
  ]);
  expect(data[2]!.completed_at).toEqual(new Date("2026-02-01T00:00:00Z"));
  const [claimed] = await db.transaction((tx) => journal.claim(tx, 10));
  expect(claimed).toMatchObject({ id: waits, attempts: 3, body: Buffer.from('{"a":1}') });
});
