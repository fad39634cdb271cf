import { appendTo, OperatorError } from "../../base/base.ts";
import { copyOut, found, Sql, sql, type Database, type Queryable, type Tx } from "../../db/db.ts";
import type { Manifest, Table } from "./manifest.ts";
import { Readable } from "node:stream";

/** A table as the catalogs know it, before its rows are read. */
export type SourceTable = Omit<Table, "rows" | "parts"> & { size_bytes: number };

/** One moment of the database, which several connections see alike, however much is written meanwhile. */
export interface Snapshot {
  tx: Tx;
  /** By which another connection sees the same: `set transaction snapshot`. */
  name: string;
  at: Date;
  tables: SourceTable[];
  about: Pick<Manifest, "migration" | "postgresql" | "sequences">;
}

/** The largest first: they take longest. Partitions are listed with their table, in the order of what they hold. */
async function readTables(db: Queryable): Promise<SourceTable[]> {
  const tables = await db.rows<Omit<SourceTable, "partitions"> & { partitioned: boolean }>(sql`
    select c.relname as name, c.relkind = 'p' as partitioned,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      (select coalesce(sum(pg_table_size(part.relid)), 0) from pg_partition_tree(c.oid) part)::float8
        + pg_table_size(c.oid)::float8 as size_bytes
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by size_bytes desc, c.relname`);
  const parts = await db.rows<{ parent: string; name: string; bound: string }>(sql`
    select parent.relname as parent, part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bound
    from pg_inherits i join pg_class part on part.oid = i.inhrelid join pg_class parent on parent.oid = i.inhparent
    where parent.relnamespace = 'public'::regnamespace and parent.relkind = 'p' order by bound`);
  return tables.map(({ partitioned, ...table }) => {
    const own = parts.filter(({ parent }) => parent === table.name);
    return { ...table, partitions: partitioned ? own.map(({ name, bound }) => boundsOf(name, bound)) : null };
  });
}

function boundsOf(name: string, bound: string) {
  const [, from_id, to_id] =
    /^FOR VALUES FROM \('([0-9a-f-]{36})'\) TO \('([0-9a-f-]{36})'\)$/.exec(bound) ?? [];
  if (bound === "DEFAULT") return { name, bounds: null };
  if (from_id === undefined || to_id === undefined)
    throw new Error(`the partition ${name} has bounds that a backup can't make anew: ${bound}`);
  return { name, bounds: { from_id, to_id } };
}

/** In a session that is open for as long as the whole takes. */
const STILL = [
  "set transaction isolation level repeatable read, read only",
  "set local idle_in_transaction_session_timeout = 0",
  "set local statement_timeout = 0",
  "set local datestyle = 'ISO, YMD'",
  "set local intervalstyle = 'postgres'",
  "set local extra_float_digits = 3",
  "set local bytea_output = 'hex'",
];

/**
 * `work` on one moment of the database. The tables are locked before that moment against being dropped, which retention
 * does to old partitions; it tries again an hour later.
 */
export async function withSnapshot<T>(db: Database, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const before = await readTables(db);
  return db.transaction(async (tx) => {
    for (const statement of STILL) await tx.run(plain(statement));
    await tx.run(
      plain(`lock table ${before.map(({ name }) => quote(name)).join(", ")} in access share mode`),
    );
    const { name, at, migration, postgresql } = found(
      await tx.first<{ name: string; at: Date; migration: number; postgresql: string }>(sql`
        select pg_export_snapshot() as name, now() as at, (select max(number) from migrations) as migration,
          current_setting('server_version') as postgresql`),
    );
    const tables = await readTables(tx);
    if (tables.some((table) => !before.some((each) => each.name === table.name)))
      throw new OperatorError("The schema changed just now: a newer Wharf has started. Begin again.");
    const sequences = await readSequences(tx);
    return work({ tx, name, at, tables, about: { migration, postgresql, sequences } });
  });
}

/** The same moment on another connection. */
export function besideSnapshot<T>(
  db: Database,
  { name }: Snapshot,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    for (const statement of STILL) await tx.run(plain(statement));
    // PostgreSQL's own word of digits and dashes.
    await tx.run(plain(`set transaction snapshot '${name.replaceAll(/[^0-9A-F-]/g, "")}'`));
    return work(tx);
  });
}

async function readSequences(tx: Tx): Promise<Manifest["sequences"]> {
  const names = await tx.rows<{ name: string }>(sql`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`);
  const sequences: Manifest["sequences"] = [];
  for (const { name } of names) {
    const rows = await tx.rows<Manifest["sequences"][number]>(
      plain(`select '${name}' as name, last_value::text, is_called from ${quote(name)}`),
    );
    appendTo(sequences, rows);
  }
  return sequences;
}

/**
 * A table's rows in COPY's text form. Partition by partition: a query over all of them would lock every index, and a
 * year of days has more than a server has locks.
 */
export function rowsOfTable(tx: Tx, table: SourceTable): { chunks: Readable; rows: () => number } {
  let rows = 0;
  async function* chunks() {
    for (const { name } of table.partitions ?? [table]) {
      const copied = copyOut(tx, `copy ${quote(name)} (${columnsOf(table)}) to stdout`);
      yield* copied.chunks as AsyncIterable<Buffer>;
      rows += copied.rows();
    }
  }
  return { chunks: Readable.from(chunks(), { objectMode: false }), rows: () => rows };
}

export const columnsOf = ({ columns }: Pick<Table, "columns">) => columns.map(quote).join(", ");
export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;
/** Names can't be parameters. */
export const plain = (text: string) => new Sql([text], []);
