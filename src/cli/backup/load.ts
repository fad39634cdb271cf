import { OperatorError } from "../../base/base.ts";
import {
  copyIn,
  ensurePartitions,
  migrate,
  readMigrations,
  sql,
  type Database,
  type Tx,
} from "../../db/db.ts";
import { holdRestored } from "../../installation/installation.ts";
import { placeStored, type PlaceName } from "../../media/media.ts";
import { damaged, type Manifest, type Table } from "./manifest.ts";
import { readParts } from "./parts.ts";
import type { Source } from "./place.ts";
import { columnsOf, plain, quote } from "./snapshot.ts";

/**
 * A backup into an empty database: the schema as it was then, its rows, and from there to this Wharf's schema. The
 * database is on hold from its first moment, so that also one whose restore was cut short sends nothing.
 */
export async function loadTables(
  db: Database,
  source: Source,
  manifest: Manifest,
  options: { files_in: PlaceName | null; onTable: (table: Table) => void },
): Promise<void> {
  const { tables, sequences, migration } = manifest;
  const snapshot_at = new Date(manifest.snapshot_at);
  await migrate(db, (await readMigrations()).slice(0, migration));
  await db.transaction((tx) => holdRestored(tx, snapshot_at));
  const load = async (tx: Tx, table: Table) => {
    const into = `copy ${quote(table.name)} (${columnsOf(table)}) from stdin`;
    const rows = await copyIn(tx, into, readParts(source, table.parts));
    if (rows !== table.rows) throw damaged(source.label(table.parts[0]?.file ?? table.name));
    options.onTable(table);
  };
  // Each by itself: all the partitions of all tables are more than a transaction may lock.
  for (const table of tables)
    if (table.partitions !== null) {
      await ensurePartitions(
        db,
        table.name,
        table.partitions.flatMap(({ name, bounds }) => (bounds === null ? [] : [{ name, ...bounds }])),
      );
      await db.transaction((tx) => load(tx, table));
    }
  const others = tables.filter(({ partitions }) => partitions === null);
  await db.transaction(async (tx) => {
    // What migrations wrote is in the backup too.
    await tx.run(plain(`truncate ${others.map(({ name }) => quote(name)).join(", ")}`));
    for (const table of await inOrder(tx, others)) await load(tx, table);
    for (const { name, last_value, is_called } of sequences)
      await tx.run(sql`select setval(${quote(name)}::regclass, ${last_value}::bigint, ${is_called})`);
    if (options.files_in !== null) await placeStored(tx, options.files_in);
    await holdRestored(tx, snapshot_at);
  });
  await migrate(db);
  await db.run(plain("analyze"));
}

/** Each after those that it refers to. */
async function inOrder(tx: Tx, tables: readonly Table[]): Promise<Table[]> {
  const references = await tx.rows<{ from: string; to: string }>(sql`
    select conrelid::regclass::text as from, confrelid::regclass::text as to from pg_constraint
    where contype = 'f' and conrelid <> confrelid and connamespace = 'public'::regnamespace`);
  const left = new Map(tables.map((table) => [table.name, table]));
  const ordered: Table[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(
      ({ name }) => !references.some(({ from, to }) => from === name && left.has(to)),
    );
    if (free.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...left.keys()].join(", ")}`);
    for (const table of free) {
      ordered.push(table);
      left.delete(table.name);
    }
  }
  return ordered;
}

/** What there is in a database that a restore would have to replace; null: nothing. */
export async function whatIsThere(db: Database): Promise<string | null> {
  const names = await db.rows<{ name: string }>(sql`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition order by relname`);
  if (names.length === 0) return null;
  if (!names.some(({ name }) => name === "workspaces")) return `${names.length} tables of another program`;
  const about = await db.first<{ workspaces: number; since: string | null }>(
    plain(`select count(*) as workspaces, to_char(min(created_at), 'YYYY-MM-DD') as since from workspaces`),
  );
  const { workspaces = 0, since } = about ?? {};
  return `a Wharf with ${workspaces} ${workspaces === 1 ? "workspace" : "workspaces"}${since ? `, begun on ${since}` : ""}`;
}

/** Empties it. Throws an OperatorError while a Wharf works on it. */
export async function emptyDatabase(db: Database): Promise<void> {
  const others = await db.rows<{ host: string | null }>(sql`
    select distinct coalesce(host(client_addr), 'this machine') as host from pg_stat_activity
    where datname = current_database() and application_name like 'wharf %' and application_name <> 'wharf command'`);
  if (others.length > 0)
    throw new OperatorError(
      `A Wharf works on this database (from ${others.map(({ host }) => host).join(", ")}). Stop it on every machine first. Nothing was changed.`,
    );
  const things = await db.rows<{ statement: string }>(sql`
      select format('drop %s if exists %I cascade', case relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end, relname) as statement
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S') and not relispartition
      union all
      select format('drop routine if exists %s cascade', p.oid::regprocedure) from pg_proc p
      where pronamespace = 'public'::regnamespace
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`);
  // One after the other: a table's partitions alone may be as many as a transaction may lock.
  for (const { statement } of things) await db.run(plain(statement));
}
