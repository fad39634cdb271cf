import { expect, test } from "vitest";
import { createTestDatabase, createTestWorkspace } from "../../../test/support/database.ts";
import { newId, silentLog } from "../../base/base.ts";
import { migrate, readMigrations, sql, Sql, type Database } from "../../db/db.ts";
import { createRetention } from "../log/log.ts";
import { createLogDays } from "./log-days.ts";

const DAY_MS = 86_400_000;
const now_ms = Date.parse("2026-11-23T10:00:00Z");
const clock = { now: () => now_ms };

const add = async (db: Database, at_ms: number, state: string, completed_ms = at_ms) => {
  const id = newId(at_ms);
  const waits = state === "pending";
  await db.run(
    waits
      ? sql`insert into delivery_queue (workspace_id, endpoint_id, id, events, state)
            values (${newId()}, ${newId()}, ${id}, '{messages}', ${state})`
      : sql`insert into delivery_log (workspace_id, endpoint_id, id, events, state, completed_at)
            values (${newId()}, ${newId()}, ${id}, '{messages}', ${state}, ${new Date(completed_ms)})`,
  );
  await db.run(sql`
    insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms) values (${newId()}, ${id}, 1, now(), 1)`);
  await db.run(sql`insert into delivery_wamids values (${newId()}, 1, ${id})`);
  return id;
};
const placeOf = async (db: Database, id: string) =>
  (await db.first<{ place: string }>(sql`
    select tableoid::regclass::text as place from attempts where delivery_id = ${id}`))!.place;

test("days are made ahead by however many processes, and take what came before they were there", async () => {
  const db = await createTestDatabase();
  const early = await add(db, now_ms, "delivered");
  expect(await placeOf(db, early)).toBe("attempts_other");
  const made = await Promise.all(
    [1, 2, 3].map(() => createLogDays({ db, clock, log: silentLog }).ensureAhead()),
  );
  expect(made.flat().toSorted()).toEqual(["20261123", "20261124", "20261125", "20261126"]);
  expect(await placeOf(db, early)).toBe("attempts_20261123");
  expect(await placeOf(db, await add(db, now_ms + DAY_MS, "failed"))).toBe("attempts_20261124");
  expect(await placeOf(db, await add(db, now_ms + 9 * DAY_MS, "failed"))).toBe("attempts_other");
  expect(await db.rows(sql`select from deliveries`)).toHaveLength(3);
  expect(await createLogDays({ db, clock, log: silentLog }).ensureAhead()).toEqual([]);
});

test("a past day is dropped as a whole; one in which something waits, or ended of late, loses what is past row by row", async () => {
  const db = await createTestDatabase();
  await createTestWorkspace(db);
  for (const days of [50, 45, 40])
    await createLogDays({ db, clock: { now: () => now_ms - days * DAY_MS }, log: silentLog }).ensureAhead();
  const gone = await add(db, now_ms - 48 * DAY_MS, "delivered");
  const waits = await add(db, now_ms - 44 * DAY_MS, "pending");
  await add(db, now_ms - 44 * DAY_MS, "failed");
  const late = await add(db, now_ms - 40 * DAY_MS, "delivered", now_ms - DAY_MS);
  const days = createLogDays({ db, clock, log: silentLog });
  const dropped = await days.dropBefore(new Date(now_ms - 30 * DAY_MS));
  expect(dropped).toEqual(
    ["04", "05", "06", "07", "09", "11", "12", "15", "16", "17"].map((day) => `202610${day}`),
  );
  const ids = async () => (await db.rows<{ id: string }>(sql`select id from deliveries`)).map(({ id }) => id);
  expect(await ids()).not.toContain(gone);
  expect(await ids()).toEqual(expect.arrayContaining([waits, late]));
  expect(await db.rows(sql`select from attempts`)).toHaveLength(3);
});

test("a day that is in use is left for a later try, and no one waits for it", async () => {
  const db = await createTestDatabase();
  await createLogDays({ db, clock: { now: () => now_ms - 40 * DAY_MS }, log: silentLog }).ensureAhead();
  await add(db, now_ms - 40 * DAY_MS, "delivered");
  const days = createLogDays({ db, clock, log: silentLog });
  const before = new Date(now_ms - 36 * DAY_MS);
  await db.transaction(async (tx) => {
    await tx.run(sql`update attempts set duration_ms = 2`);
    expect(await days.dropBefore(before)).toEqual([]);
  });
  expect(await days.dropBefore(before)).toHaveLength(4);
});

test("retention makes the days ahead and drops those that are past", async () => {
  const db = await createTestDatabase();
  await createLogDays({ db, clock: { now: () => now_ms - 40 * DAY_MS }, log: silentLog }).ensureAhead();
  const retention = createRetention({ db, clock, log: silentLog, retention_days: 30 });
  while ((await retention.step()) > 0);
  const names = await db.rows<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'attempts'::regclass order by 1`);
  expect(names.map(({ name }) => name)).toEqual([
    "attempts_20261123",
    "attempts_20261124",
    "attempts_20261125",
    "attempts_20261126",
    "attempts_other",
  ]);
});

test("the migration takes every delivery over, each to where it belongs", async () => {
  const db = await createTestDatabase({ empty: true });
  const migrations = await readMigrations();
  const before = migrations.filter(({ number }) => number < 45);
  await migrate(db, before);
  const made_ms = Date.now() - 2 * DAY_MS;
  const workspace_id = newId();
  const states = ["pending", "held", "delivered", "failed", "cancelled"];
  const ids = states.map(() => newId(made_ms));
  for (const [i, state] of states.entries()) {
    await db.run(sql`
      insert into deliveries (workspace_id, id, endpoint_id, kind, events, wamids, state, attempts, created_at, completed_at)
      values (${workspace_id}, ${ids[i]}, ${newId()}, 'event', '{messages}', '{wamid.1}', ${state}, ${i}, ${new Date(made_ms)},
              ${i > 1 ? new Date(made_ms) : null})`);
    await db.run(sql`
      insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms)
      values (${workspace_id}, ${ids[i]}, 1, now(), 1)`);
    await db.run(sql`insert into delivery_wamids values (${workspace_id}, 1, ${ids[i]})`);
  }
  const all = new Sql(
    [
      "select id, endpoint_id, state, attempts, events, wamids, created_at, completed_at from deliveries order by id",
    ],
    [],
  );
  const kept = await db.rows(all);
  await migrate(db, migrations);
  expect(await db.rows(all)).toEqual(kept);
  expect(await db.rows(sql`select from delivery_queue`)).toHaveLength(2);
  expect(await placeOf(db, ids[2]!)).toBe(
    `attempts_${new Date(made_ms).toISOString().slice(0, 10).replaceAll("-", "")}`,
  );
  expect(await db.rows(sql`select from delivery_wamids`)).toHaveLength(5);
});
