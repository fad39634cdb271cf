import { OperatorError } from "../base/base.ts";
import type { Database } from "./database.ts";

/**
 * `work` that only one process may do at a time, however many ask; throws an OperatorError with the sentence `busy` while
 * another is at it. The lock is the session's: a transaction that is open for hours keeps the database from cleaning up.
 */
export async function alone<T>(
  db: Database,
  { name, busy }: { name: string; busy: string },
  work: () => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect();
  // Unheard, a connection that breaks would end the process.
  const onError = () => {};
  client.on("error", onError);
  const key = "hashtextextended($1, 0)";
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${key}) as locked`,
      [name],
    );
    if (!rows[0]!.locked) throw new OperatorError(busy);
    try {
      return await work();
    } finally {
      await client.query(`select pg_advisory_unlock(${key})`, [name]).catch(() => {});
    }
  } finally {
    client.off("error", onError);
    client.release();
  }
}
