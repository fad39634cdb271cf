import type pg from "pg";
import type { Sql } from "./sql.ts";

/** What runs one statement: the database itself, or a transaction. */
export interface Queryable {
  /** The rows of one statement. Throws pg's DatabaseError. */
  rows<Row extends object>(query: Sql): Promise<Row[]>;
  /** The first row, or undefined. */
  first<Row extends object>(query: Sql): Promise<Row | undefined>;
  /** How many rows it touched. */
  run(query: Sql): Promise<number>;
}

/** What takes a statement to the server: a pool, or the connection of a transaction. */
interface Runs {
  query(query: pg.QueryConfig): Promise<pg.QueryResult>;
}

export type Write = (query: Sql) => pg.QueryConfig;

/** A name would be another client's on the server's connection, which a pooler hands on after each transaction. */
export const writer =
  (behind_pooler: boolean): Write =>
  (query) => {
    const { name, text, values } = query.toQuery();
    return behind_pooler || name === undefined ? { text, values } : { name, text, values };
  };

export function queryable(client: Runs, write: Write): Queryable {
  return {
    rows: async <Row extends object>(query: Sql) => (await client.query(write(query))).rows as Row[],
    first: async <Row extends object>(query: Sql) =>
      (await client.query(write(query))).rows[0] as Row | undefined,
    run: async (query) => (await client.query(write(query))).rowCount ?? 0,
  };
}
