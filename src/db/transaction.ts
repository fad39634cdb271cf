import type pg from "pg";
import { cut, isUnanswered } from "./connection.ts";
import type { Sql } from "./sql.ts";
import { queryable, type Queryable, type Write } from "./queryable.ts";

/** A transaction under way. Only `db.transaction` makes one, so a function that takes it can rely on it. */
export interface Tx extends Queryable {
  readonly inTransaction: true;
  /** The connection that it runs on, for what is more than a statement: COPY. */
  readonly client: pg.PoolClient;
  /**
   * A statement whose answer is not needed: it runs in its place among the others and is not waited for, so that it costs
   * no way to the server and back. When it fails, so does what is asked next, with its error, and the commit.
   */
  later(query: Sql): void;
  /**
   * The rows of a statement that runs right behind the commit, on its way; null when nothing is committed, or no answer
   * came. `db.transaction` returns once it is answered.
   */
  behindCommit<Row extends object>(query: Sql): Promise<Row[] | null>;
  /** Runs `work` under a savepoint: when it throws, only its own changes are undone and the error is thrown on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Told when it has ended. `committed` is false too when the answer to the commit was lost. Must not throw. */
  onEnd(hear: (committed: boolean) => void): void;
}

interface Behind {
  query: Sql;
  answer: (rows: object[] | null) => void;
}

interface Ending {
  readonly ends: ((committed: boolean) => void)[];
  readonly behind: Behind[];
}

/** One transaction on a connection of its own. `pipelined`: statements leave at once, and their answers come in their order. */
export async function transaction<T>(
  pool: pg.Pool,
  { write, pipelined }: { write: Write; pipelined: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let committed = false;
  const ending: Ending = { ends: [], behind: [] };
  // A connection that breaks tells it twice: to the statement, and as an event that would end the process unheard.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  const line = createLine(client, pipelined);
  try {
    line.later("begin");
    const result = await work(transactional(client, line, write, ending));
    await commit(line, write, ending, () => {
      committed = true;
    });
    return result;
  } catch (error) {
    // A commit that was answered is one, whatever became of what ran behind it.
    if (isUnanswered(error)) {
      broken = error;
      cut(client);
    } else if (!committed) {
      await line.restore("rollback").catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
    }
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
    for (const hear of ending.ends) hear(committed);
    for (const { answer } of ending.behind) answer(null);
  }
}

function transactional(client: pg.PoolClient, line: Line, write: Write, { ends, behind }: Ending): Tx {
  let depth = 0;
  return {
    ...queryable(line, write),
    inTransaction: true,
    client,
    later: (query) => line.later(write(query)),
    behindCommit: <Row extends object>(query: Sql) =>
      new Promise<Row[] | null>((resolve) => {
        behind.push({ query, answer: (rows) => resolve(rows as Row[] | null) });
      }),
    onEnd: (hear) => void ends.push(hear),
    async savepoint(work) {
      const name = `s${++depth}`;
      line.later(`savepoint ${name}`);
      try {
        const result = await work();
        await line.query(`release savepoint ${name}`);
        return result;
      } catch (error) {
        if (!isUnanswered(error)) await line.restore(`rollback to savepoint ${name}`);
        throw error;
      } finally {
        depth--;
      }
    },
  };
}

/** Throws when it is not committed. What runs behind it is answered here, and never fails a commit. */
async function commit(line: Line, write: Write, { behind }: Ending, done: () => void): Promise<void> {
  const committing = line.query("commit");
  const asked = behind.map(({ query }) =>
    line.query(write(query)).then(
      (result) => result.rows as object[],
      () => null,
    ),
  );
  const { command } = await committing;
  // What failed without being looked at has undone everything: PostgreSQL calls that a rollback, and no error.
  if (command === "ROLLBACK") throw new Error("the transaction was rolled back instead of committed");
  done();
  const rows = await Promise.all(asked);
  for (const [i, { answer }] of behind.splice(0).entries()) answer(rows[i] ?? null);
}

/** A connection during a transaction: what was sent, in its order, and the first of what is not waited for that failed. */
interface Line {
  query(query: pg.QueryConfig | string): Promise<pg.QueryResult>;
  later(query: pg.QueryConfig | string): void;
  /** The same as `query`, and what failed before it is over. */
  restore(query: string): Promise<void>;
}

function createLine(client: pg.PoolClient, pipelined: boolean): Line {
  const send = pipelined ? together(client) : oneByOne(client);
  const under_way: Promise<void>[] = [];
  let failure: { error: unknown } | null = null;

  const hear = async (answer: Promise<unknown>): Promise<void> => {
    try {
      await answer;
    } catch (error) {
      failure ??= { error };
    }
  };
  const hearAll = () => Promise.all(under_way.splice(0));

  return {
    later: (asked) => void under_way.push(hear(send(asked))),
    async query(asked) {
      try {
        const result = await send(asked);
        // Answers come in order: those are there, too.
        await hearAll();
        if (failure) throw failure.error;
        return result;
      } catch (error) {
        // After a failure everything is refused until a rollback: the reason is what counts.
        await hearAll();
        throw failure ? failure.error : error;
      }
    },
    async restore(text) {
      await send(text);
      await hearAll();
      failure = null;
    },
  };
}

type Send = (query: pg.QueryConfig | string) => Promise<pg.QueryResult>;

/** What is asked before one waits leaves in one packet. */
function together(client: pg.PoolClient): Send {
  const { stream } = (client as unknown as { connection: pg.Connection }).connection;
  let corked = false;
  return (query) => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    return client.query(query);
  };
}

/** Without pg's pipeline one statement is sent when the one before is answered. */
function oneByOne(client: pg.PoolClient): Send {
  let last: Promise<void> = Promise.resolve();
  let busy = 0;
  const end = async (answer: Promise<unknown>): Promise<void> => {
    try {
      await answer;
    } catch {
      // Heard where it was asked.
    } finally {
      busy--;
    }
  };
  return (query) => {
    const answer = busy === 0 ? client.query(query) : last.then(() => client.query(query));
    busy++;
    last = end(answer);
    return answer;
  };
}
