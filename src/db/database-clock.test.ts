import { expect, test } from "vitest";
import { silentLog } from "../base/base.ts";
import { createTestDatabase } from "../../test/support/database.ts";
import { correct, createDatabaseClock } from "./database-clock.ts";
import { sql } from "./db.ts";

test("a machine whose clock is wrong, or is set, works by the database's", async () => {
  const db = await createTestDatabase();
  let wrong_ms = -7 * 60_000;
  const local = { now: () => Date.now() + wrong_ms };
  const clock = await createDatabaseClock({ db, log: silentLog, local });
  const apart_ms = async () => {
    const row = await db.first<{ now_ms: number }>(
      sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
    );
    return Math.abs(clock.now() - row!.now_ms);
  };
  expect(await apart_ms()).toBeLessThan(1_000);
  wrong_ms = 3_600_000;
  await clock.look();
  expect(await apart_ms()).toBeLessThan(1_000);
  clock.stop();
});

test("what the looks allow is left as it is, and never corrected into the past", () => {
  const looks = [
    { least_ms: -4, most_ms: 5 },
    { least_ms: -1, most_ms: 9 },
  ];
  expect(correct(0, looks)).toBe(0);
  expect(correct(4, looks)).toBe(4);
  expect(correct(40, looks)).toBe(5);
  expect(correct(-40, looks)).toBe(5);
});
