import type pg from "pg";
import type { Database } from "../../src/db/db.ts";

/**
 * From now on `isLost` says of each commit whether its answer is lost: the server has committed, and who asked for it hears
 * what is heard of an answer that does not come.
 */
export function loseCommits(db: Database, isLost: () => boolean): void {
  const connect = db.pool.connect.bind(db.pool) as (hear?: unknown) => Promise<pg.PoolClient>;
  const known = new WeakSet<pg.PoolClient>();
  const connectAnd = async (hear?: unknown) => {
    // A statement by itself: the pool asks for its connection with a callback.
    if (hear !== undefined) return connect(hear);
    const client = await connect();
    if (known.has(client)) return client;
    known.add(client);
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(client, {
      async query(...given: unknown[]) {
        const answer = await query(...given);
        if (given[0] === "commit" && isLost()) throw new Error("Query read timeout");
        return answer;
      },
    });
    return client;
  };
  Object.assign(db.pool, { connect: connectAnd });
}
