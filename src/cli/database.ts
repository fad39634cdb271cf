import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError, type Logger, tableOf } from "../base/base.ts";
import type { Config } from "../config.ts";
import { createDatabase, sql, startEmbedded, type Database } from "../db/db.ts";
import { findRunning, lockDataDir } from "./running.ts";

/**
 * `work` on Wharf's database, wherever it is: the one of DATABASE_URL, the embedded one of the Wharf that runs here,
 * or, when none runs, the embedded one started for as long as the work takes.
 */
export async function withDatabase<T>(
  config: Config,
  log: Logger,
  work: (db: Database) => Promise<T>,
  connections = 2,
): Promise<T> {
  const known_url = config.direct_url ?? config.database_url ?? findRunning(config.data_dir)?.database_url;
  if (known_url) return use(known_url, work, connections);
  const lock = lockDataDir(config.data_dir);
  try {
    const embedded = await startEmbedded({ data_dir: config.data_dir, log });
    try {
      return await use(embedded.url, work, connections);
    } finally {
      await embedded.stop();
    }
  } finally {
    lock.release();
  }
}

async function use<T>(url: string, work: (db: Database) => Promise<T>, max: number): Promise<T> {
  await checkDatabase(url);
  // Commands also migrate, and move files: what they do may take long.
  const db = createDatabase({ url, max, application_name: "wharf command", query_timeout_ms: null });
  try {
    return await work(db);
  } finally {
    await db.stop();
  }
}

/** Waits some seconds for a database that is starting. Throws an OperatorError when it can't be used; else its version. */
export async function checkDatabase(url: string, patience_ms = 5_000): Promise<string> {
  const db = createDatabase({ url, max: 1 });
  const deadline = Date.now() + patience_ms;
  try {
    for (;;) {
      try {
        const row = await db.first<{ version: string; number: number }>(
          sql`select current_setting('server_version') as version, current_setting('server_version_num')::integer as number`,
        );
        if (row && row.number < 150_000) {
          throw new OperatorError(
            `The database of DATABASE_URL is PostgreSQL ${row.version}; Wharf needs version 15 or newer.`,
          );
        }
        return row?.version ?? "";
      } catch (error) {
        if (error instanceof OperatorError) throw error;
        if (!isPassing(error) || Date.now() > deadline) throw explainDatabase(error, url);
        await sleep(250);
      }
    }
  } finally {
    await db.stop();
  }
}

function isPassing(error: unknown): boolean {
  // cannot_connect_now: it starts or recovers.
  return ["ECONNREFUSED", "57P03"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return (error as { code?: string }).code ?? "";
}

/** The address without its password. */
function explainDatabase(error: unknown, url: string): OperatorError {
  const { host, pathname, username } = new URL(url);
  const database = pathname.slice(1);
  const message = error instanceof Error ? error.message : String(error);
  const sentences = tableOf<string>({
    ECONNREFUSED: `No PostgreSQL answers at ${host} (DATABASE_URL); start it, or correct the address.`,
    ENOTFOUND: `There is no host ${host} (DATABASE_URL); correct the address.`,
    EAI_AGAIN: `The name ${host} (DATABASE_URL) can't be looked up now; check the address and the network.`,
    "28P01": `PostgreSQL at ${host} refuses the password of ${username} (DATABASE_URL); correct it.`,
    "28000": `PostgreSQL at ${host} refuses ${username} (DATABASE_URL): ${message}.`,
    "3D000": `There is no database ${database} at ${host} (DATABASE_URL); create it with \`createdb ${database}\`.`,
  });
  return new OperatorError(
    sentences[codeOf(error)] ?? `The database at ${host} (DATABASE_URL) can't be used: ${message}.`,
    {
      cause: error,
    },
  );
}
