import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDir } from "../base/base.ts";
import type { Database } from "./database.ts";
import { sql, Sql } from "./sql.ts";

export interface Migration {
  number: number;
  name: string;
  text: string;
}

/** The numbered files of `migrations/`, in order. Throws when a number is missing or taken twice. */
export async function readMigrations(dir = join(projectDir, "migrations")): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).toSorted();
  const migrations = await Promise.all(
    names.map(async (name) => ({
      number: Number(name.slice(0, 4)),
      name,
      text: await readFile(join(dir, name), "utf8"),
    })),
  );
  for (const [i, migration] of migrations.entries()) {
    if (migration.number !== i + 1)
      throw new Error(`migrations/: expected number ${i + 1}, found ${migration.name}`);
  }
  return migrations;
}

/**
 * Brings the schema forward, each file in a transaction of its own; several processes may call it at once (an
 * advisory lock lets one work, the others find nothing to do). Returns the names that it applied.
 * Throws when the database has been migrated by a newer Wharf.
 */
export async function migrate(db: Database, migrations?: Migration[]): Promise<string[]> {
  const known = migrations ?? (await readMigrations());
  const applied: string[] = [];
  for (;;) {
    const name = await db.transaction(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf migrations', 0))`);
      await tx.run(
        sql`create table if not exists migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())`,
      );
      const last = await tx.first<{ number: number; name: string }>(
        sql`select number, name from migrations order by number desc limit 1`,
      );
      if (last && last.number > known.length) {
        throw new Error(
          `the database is at migration ${last.name}, newer than this Wharf knows; install the newer Wharf again`,
        );
      }
      const next = known[last?.number ?? 0];
      if (!next) return null;
      await tx.run(new Sql([next.text], []));
      await tx.run(sql`insert into migrations (number, name) values (${next.number}, ${next.name})`);
      return next.name;
    });
    if (name === null) return applied;
    applied.push(name);
  }
}
