import { expect, it } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { sql } from "../db/db.ts";
import { beatIntake, listOutages } from "./installation.ts";

const ALL = new Date(0);

it("a span without a beat is one outage, however many processes come back at once; a quick restart is none", async () => {
  const db = await createTestDatabase();
  await beatIntake(db);
  await db.run(sql`update heartbeat set alive_at = now() - interval '50 seconds'`);
  await beatIntake(db);
  expect(await listOutages(db, ALL)).toEqual([]);
  await db.run(sql`update heartbeat set alive_at = now() - interval '2 hours'`);
  await Promise.all([beatIntake(db), beatIntake(db), beatIntake(db)]);
  const outages = await listOutages(db, ALL);
  expect(outages).toHaveLength(1);
  expect(Math.round((+outages[0]!.ended_at - +outages[0]!.began_at) / 60_000)).toBe(120);
  expect(await listOutages(db, new Date(Date.now() + 60_000))).toEqual([]);
});
