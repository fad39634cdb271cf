import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/support/database.ts";
import { sql, type Database } from "../db/db.ts";
import { beat, checkHome, confirm, readHold } from "./installation.ts";

const root = mkdtempSync(join(tmpdir(), "wharf-home-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let dirs = 0;
/** A data directory, with a PostgreSQL in it as far as it is looked at. */
function newPlace(own = false) {
  const data_dir = join(root, String(dirs++));
  const cluster_dir = join(data_dir, "postgres");
  mkdirSync(cluster_dir, { recursive: true });
  writeFileSync(join(cluster_dir, "PG_VERSION"), "18\n");
  return { data_dir, cluster_dir: own ? cluster_dir : null };
}

const nothing = () => Promise.resolve(0);
const releases = {
  sends: nothing,
  campaigns: () => Promise.resolve(0),
  consent: () => Promise.resolve(0),
  deliveries: nothing,
};

let db: Database;
beforeEach(async () => {
  db = await createTestDatabase();
});
const reasonAt = async (place: ReturnType<typeof newPlace>) => (await checkHome(db, place))?.reason ?? null;

describe("goes on without a word", () => {
  test("at the first start, and at each start where it was", async () => {
    const place = newPlace(true);
    for (let start = 0; start < 3; start++) expect(await reasonAt(place)).toBeNull();
  });

  test("with several machines on one database, also those that come and go", async () => {
    const machines = [newPlace(), newPlace()];
    for (const machine of [...machines, newPlace(), ...machines]) expect(await reasonAt(machine)).toBeNull();
    await beat(db, machines[1]!.data_dir);
    expect(await reasonAt(machines[0]!)).toBeNull();
  });

  test("with a machine that worked for another installation before", async () => {
    const place = newPlace();
    const other = await createTestDatabase();
    await other.run(sql`update installation set id = gen_random_uuid()`);
    for (let beats = 0; beats < 5; beats++) await beat(other, place.data_dir);
    expect(await reasonAt(place)).toBeNull();
  });
});

describe("is put on hold", () => {
  test("when the database is another than at the last start: a dump that was restored", async () => {
    const place = newPlace();
    await checkHome(db, place);
    const { home } = (await db.first<{ home: object }>(sql`select home from installation`))!;
    for (const elsewhere of [{ cluster: "1" }, { database: 1 }]) {
      await db.run(
        sql`update installation set home = ${JSON.stringify({ ...home, ...elsewhere })}::jsonb, held_at = null, held_reason = null`,
      );
      expect(await reasonAt(place)).toBe("copied");
    }
    // It stays so, whatever is started, until it is confirmed; from then on this is its home.
    expect(await reasonAt(newPlace())).toBe("copied");
    await confirm(db, "drop", releases);
    expect(await reasonAt(place)).toBeNull();
  });

  test("when the folder of its own PostgreSQL was copied", async () => {
    const place = newPlace(true);
    await checkHome(db, place);
    const data_dir = join(root, "copied");
    cpSync(place.data_dir, data_dir, { recursive: true, preserveTimestamps: true });
    expect(await reasonAt({ data_dir, cluster_dir: join(data_dir, "postgres") })).toBe("copied");
  });

  test("when its database was put back to an earlier state in its place", async () => {
    const place = newPlace();
    await checkHome(db, place);
    const then = (await db.first<{ beats: number }>(sql`select beats from installation`))!;
    await beat(db, place.data_dir);
    expect(await reasonAt(place)).toBeNull();
    await db.run(sql`update installation set beats = ${then.beats}`);
    expect(await reasonAt(place)).toBe("older");
    expect(await readHold(db)).toMatchObject({ reason: "older", snapshot_at: null });
    await confirm(db, "drop", releases);
    expect(await reasonAt(place)).toBeNull();
  });
});

test("a copy that is confirmed is another installation from then on", async () => {
  const place = newPlace();
  await checkHome(db, place);
  const id = () =>
    (JSON.parse(readFileSync(join(place.data_dir, "installation.json"), "utf8")) as { id: string }).id;
  const before = id();
  await db.run(sql`update installation set held_at = now(), held_reason = 'copied'`);
  await confirm(db, "drop", releases);
  await checkHome(db, place);
  expect(id()).not.toBe(before);
});

test("what may not be asked for is not compared", async () => {
  const place = newPlace();
  await checkHome(db, place);
  await db.run(sql`update installation set home = home || '{"cluster": null}'`);
  expect(await reasonAt(place)).toBeNull();
});
