/**
 * The audit log is written in one place: the contract's table says which routes are recorded, and what they write first
 * commits the entry with it. So there is no change without its entry, and no entry for what was rolled back.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { newId } from "../../base/base.ts";
import { sql, type Database, type Queryable, type Sql, type Tx } from "../../db/db.ts";
import type { Caller } from "./caller.ts";

interface Actor {
  workspace_id: string;
  kind: "user" | "key" | "system";
  id: string | null;
  name: string;
  address: string | null;
}

interface Recorded {
  actor: Actor;
  /** The route, as the contract names it. */
  action: string;
  subject_kind: string;
  subject_id: string | null;
}

interface Pending {
  entry: Recorded;
  id: string;
  is_written: boolean;
}

const pending = new AsyncLocalStorage<Pending>();

export const actorOf = (caller: Caller, address: string | null): Actor => ({
  workspace_id: caller.workspace_id,
  kind: caller.user ? "user" : "key",
  id: caller.user?.id ?? caller.key?.id ?? null,
  name: caller.user?.name ?? caller.key?.name ?? "",
  address,
});

/** Does `work`; its first transaction, or first statement that writes, through `auditing` commits the entry. */
export async function recorded<T>(db: Queryable, entry: Recorded, work: () => Promise<T>): Promise<T> {
  const one: Pending = { entry, id: newId(), is_written: false };
  const result = await pending.run(one, work);
  // What it did lies outside of the database, or was done by another's connection.
  if (!one.is_written && !(result as { replayed?: boolean } | null)?.replayed) await append(db, one);
  await nameSubject(db, one, result);
  return result;
}

/** What came into being has its id from the answer. */
async function nameSubject(db: Queryable, { entry, id }: Pending, result: unknown): Promise<void> {
  const made = (result as { body?: { id?: unknown } } | null)?.body?.id;
  if (entry.subject_id !== null || typeof made !== "string") return;
  await db.run(sql`
    update audit_log set subject_id = ${made} where workspace_id = ${entry.actor.workspace_id} and id = ${id}`);
}

/** The database as those use it whose changes are recorded. */
export function auditing(db: Database): Database {
  const within = async <T>(work: (on: Queryable) => Promise<T>, query: Sql): Promise<T> => {
    const one = pending.getStore();
    if (!one || one.is_written || !WRITES.test(query.toQuery().text)) return work(db);
    return db.transaction(async (tx) => {
      const result = await work(tx);
      // What touched no row changed nothing.
      const is_nothing =
        result === 0 || result === undefined || (Array.isArray(result) && result.length === 0);
      if (!is_nothing) await appendOnce(tx, one);
      return result;
    });
  };
  return {
    ...db,
    rows: <Row extends object>(query: Sql) => within((on) => on.rows<Row>(query), query),
    first: <Row extends object>(query: Sql) => within((on) => on.first<Row>(query), query),
    run: (query) => within((on) => on.run(query), query),
    transaction: (work) => {
      const one = pending.getStore();
      if (!one || one.is_written) return db.transaction(work);
      return db.transaction(async (tx) => {
        const result = await work(tx);
        await appendOnce(tx, one);
        return result;
      });
    },
  };
}

async function appendOnce(tx: Tx, one: Pending): Promise<void> {
  if (one.is_written) return;
  one.is_written = true;
  tx.onEnd((committed) => {
    one.is_written = committed;
  });
  await append(tx, one);
}

const WRITES = /\b(?:insert\s+into|update|delete\s+from)\b/i;

async function append(db: Queryable, { entry, id }: Pick<Pending, "entry" | "id">): Promise<void> {
  const { actor, action, subject_kind, subject_id } = entry;
  await db.run(sql`
    insert into audit_log (workspace_id, id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, address)
    values (${actor.workspace_id}, ${id}, ${actor.kind}, ${actor.id}, ${actor.name}, ${action}, ${subject_kind},
      ${subject_id}, ${actor.address})`);
}

/** What no route does: a sign-in, and what the system does by itself. */
export const appendAudit = (db: Queryable, entry: Recorded): Promise<void> =>
  append(db, { entry, id: newId() });
