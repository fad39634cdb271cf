import { Sql, sql } from "./sql.ts";
import type { Database, Queryable, Tx } from "./database.ts";

/** A partition: its name, and the ids that it holds, the last one excluded. Made by code, never from outside. */
export interface Partition {
  name: string;
  from_id: string;
  to_id: string;
}

/** The names of a table's partitions, in order. */
export async function partitionNames(db: Queryable, table: string): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${table}::regclass order by relname`);
  return rows.map((row) => row.name);
}

/** Makes those that are missing, once, however many processes ask. Returns their names. */
export async function ensurePartitions(
  db: Database,
  table: string,
  wanted: readonly Partition[],
): Promise<string[]> {
  if ((await missing(db, table, wanted)).length === 0) return [];
  return db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`wharf ${table} partitions`}, 0))`);
    const made = await missing(tx, table, wanted);
    for (const { name, from_id, to_id } of made) {
      // Made apart and then attached: `create table … partition of` would wait for every reader and writer of the
      // table and hold up those behind it; attaching goes on beside them.
      await tx.run(plain(`create table ${name} (like ${table} including all)`));
      await tx.run(
        plain(`alter table ${table} attach partition ${name} for values from ('${from_id}') to ('${to_id}')`),
      );
    }
    return made.map(({ name }) => name);
  });
}

async function missing(db: Queryable, table: string, wanted: readonly Partition[]): Promise<Partition[]> {
  const there = new Set(await partitionNames(db, table));
  return wanted.filter(({ name }) => !there.has(name));
}

/**
 * Drops one unless it is needed, which is asked again with the table locked, so that nothing can come to need it in
 * between. `in use`: others hold the table; rather try again in an hour than hold up those who queue behind the lock.
 */
export async function dropPartition(
  db: Database,
  table: string,
  { name }: Partition,
  isNeeded: (tx: Tx) => Promise<boolean>,
): Promise<"dropped" | "needed" | "in use"> {
  try {
    return await db.transaction(async (tx) => {
      await tx.run(sql`set local lock_timeout = '300ms'`);
      // The parent first, as everybody else takes them.
      await tx.run(plain(`lock table only ${table} in access exclusive mode`));
      await tx.run(plain(`lock table ${name} in access exclusive mode`));
      if (await isNeeded(tx)) return "needed";
      await tx.run(plain(`drop table ${name}`));
      return "dropped";
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "55P03") return "in use";
    throw error;
  }
}

/** 23514 of the table without a constraint's name: "no partition of relation … found for row". */
export function isMissingPartition(error: unknown, table: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, table: of, constraint } = error as { code?: unknown; table?: unknown; constraint?: unknown };
  return code === "23514" && of === table && constraint === undefined;
}

/** Names and bounds can't be parameters of DDL. */
function plain(text: string): Sql {
  return new Sql([text], []);
}
