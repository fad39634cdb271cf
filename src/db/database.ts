import pg from "pg";
import { silentLog, type Logger } from "../base/base.ts";
import { clientSettings, serverSettings, startupOptions } from "./connection.ts";
import { queryable, writer, type Queryable } from "./queryable.ts";
import { transaction, type Tx } from "./transaction.ts";

export type { Queryable, Tx };

// int8 as a number: everything that we count or number stays far below 2^53, and a value beyond is an error, not a rounding.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a JavaScript number`);
  return value;
});

/** What a caller has written together with the work that it asked for: in the same transaction, from what it came to. */
export type Keep<Result> = (tx: Tx, result: Result) => Promise<unknown>;

export interface Database extends Queryable {
  readonly pool: pg.Pool;
  readonly url: string;
  /** `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const BY_VALUES = { plan_cache_mode: "force_custom_plan" };

/**
 * Planned once a connection (and again when statistics are renewed), and always alike: row after row through an index.
 * Right for a statement that takes few rows of large tables and runs many times a second: planning costs more than its
 * work, and a size that a table had when it was planned must not make it read the whole of one later. What is found by GIN
 * needs a bitmap, and another pool.
 */
const BY_INDEX = {
  plan_cache_mode: "force_generic_plan",
  jit: "off",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  enable_material: "off",
  enable_bitmapscan: "off",
};

/** An answer that takes longer will not come: our own statements take seconds at most, also the large ones. */
const QUERY_MS = 30_000;
/** Before we give it up the server does, and what the statement has locked is free. */
const STATEMENT_MS = QUERY_MS - 1_000;

export interface DatabaseOptions {
  url: string;
  max?: number;
  application_name?: string;
  /** For a pool whose statements are named and join nothing: the server may keep their plans. */
  keep_plans?: boolean;
  /** For a pool whose statements are named and find every row by an index: see BY_INDEX. */
  by_index?: boolean;
  /**
   * What a transaction asks before it waits leaves in one packet (pg's pipeline), and `later` waits for nothing. COPY
   * can't be used then.
   */
  pipelined?: boolean;
  /**
   * The server ends a statement that takes longer, also one that its caller has left: SQLSTATE 57014. Without a
   * `query_timeout_ms` of its own a pool has one just under it.
   */
  statement_timeout_ms?: number;
  /** We give up a statement, and its connection, when no answer has come by then; null: never (migrations). */
  query_timeout_ms?: number | null;
  /** `url` is a pooler that hands the server's connections on after each transaction: nothing is set on them, nor named. */
  behind_pooler?: boolean;
  /** Hears of connections that broke while they were idle. */
  log?: Logger;
}

/**
 * A pool on `url`. Statements over `unnest` must not be planned generically (eleven times slower, bench/ shows it),
 * so every connection plans for its values.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const { url, query_timeout_ms = QUERY_MS, behind_pooler = false, pipelined = false } = options;
  const { statement_timeout_ms = options.query_timeout_ms === undefined ? STATEMENT_MS : 0 } = options;
  const { log = silentLog, application_name = "wharf" } = options;
  const settings = {
    ...(options.by_index ? BY_INDEX : options.keep_plans ? {} : BY_VALUES),
    timezone: "UTC",
    ...serverSettings,
    ...(statement_timeout_ms ? { statement_timeout: statement_timeout_ms } : {}),
  };
  const pool = new pg.Pool({
    ...clientSettings({ url, application_name, query_timeout_ms }),
    max: options.max ?? 10,
    pipeline: pipelined,
    ...(behind_pooler ? {} : { options: startupOptions(settings) }),
  });
  // It is replaced at the next query; without a listener the event would end the process.
  pool.on("error", (err) =>
    log.warn({ err, pool: application_name }, "a connection to the database broke while it was idle"),
  );
  const write = writer(behind_pooler);
  return {
    ...queryable(pool, write),
    pool,
    url,
    transaction: (work) => transaction(pool, { write, pipelined }, work),
    stop: () => pool.end(),
  };
}
