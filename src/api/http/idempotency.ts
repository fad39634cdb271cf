import { createHash } from "node:crypto";
import { newId, Problem, type SecretBox } from "../../base/base.ts";
import { sql, type Database, type Tx } from "../../db/db.ts";

export interface Done {
  status: number;
  body: unknown;
}
export type Answered = Done & { replayed: boolean };

/** A request as it came. Without a key (or with several) its work is done each time. */
export interface Asked {
  workspace_id: string;
  key: string | string[] | undefined;
  /** What must be the same when the key comes again. */
  request: readonly unknown[];
}

/**
 * Idempotency-Keys: the work of a request is done once, and its answer is given again for a day. One that failed leaves
 * no trace, so it may be sent again.
 */
export interface Keys {
  /**
   * For work that is one transaction, in which it calls `keep` with its answer: they are committed together or not at
   * all, whatever dies in between. Of two at once the second does its work in vain: it is undone, and the first one's
   * answer is given.
   */
  kept(asked: Asked, work: (keep: (tx: Tx, done: Done) => Promise<void>) => Promise<Done>): Promise<Answered>;
  /**
   * For work that has effects elsewhere. One whose process died is taken over after a minute, and what it had done by
   * then is done again.
   */
  leased(asked: Asked, work: () => Promise<Done>): Promise<Answered>;
}

interface Row {
  request_hash: string;
  status: number | null;
  response: Buffer | null;
  abandoned: boolean;
}

interface KeysDeps {
  db: Database;
  box: SecretBox;
}

/** A request with one key. */
interface Keyed {
  workspace_id: string;
  key: string;
  request_hash: string;
}

export const createKeys = (deps: KeysDeps): Keys => ({
  kept: async (asked, work) =>
    typeof asked.key === "string"
      ? kept(deps, identify(asked, asked.key), work)
      : { ...(await work(async () => {})), replayed: false },
  leased: async (asked, work) =>
    typeof asked.key === "string"
      ? leased(deps, identify(asked, asked.key), work)
      : { ...(await work()), replayed: false },
});

function identify({ workspace_id, request }: Asked, key: string): Keyed {
  if (key.length === 0 || key.length > 255)
    throw new Problem("INVALID_REQUEST", "headers.idempotency-key: between 1 and 255 characters");
  const request_hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  return { workspace_id, key, request_hash };
}

const contextOf = ({ workspace_id, key }: Keyed) => `idempotency:${workspace_id}:${key}`;
const sealed = ({ box }: KeysDeps, keyed: Keyed, { body }: Done) =>
  box.seal(JSON.stringify(body), contextOf(keyed));
const is = ({ workspace_id, key }: Keyed) => sql`workspace_id = ${workspace_id} and key = ${key}`;

const readRow = ({ db }: KeysDeps, keyed: Keyed) =>
  db.first<Row>(sql`
    select request_hash, status, response, created_at < now() - interval '1 minute' as abandoned
    from idempotency_keys where ${is(keyed)}`);

/** What it was answered before, if it was. Throws IDEMPOTENCY_KEY_REUSED. */
function answered({ box }: KeysDeps, keyed: Keyed, row: Row | undefined): Answered | null {
  if (!row) return null;
  if (row.request_hash !== keyed.request_hash) throw new Problem("IDEMPOTENCY_KEY_REUSED");
  if (row.status === null || row.response === null) return null;
  return { status: row.status, body: JSON.parse(box.open(row.response, contextOf(keyed))), replayed: true };
}

/** By idempotency_keys__created_at. */
const deleteOld = ({ db }: KeysDeps) =>
  db.run(sql`delete from idempotency_keys where created_at < now() - interval '1 day'`);

async function kept(
  deps: KeysDeps,
  keyed: Keyed,
  work: (keep: (tx: Tx, done: Done) => Promise<void>) => Promise<Done>,
): Promise<Answered> {
  const { workspace_id, key, request_hash } = keyed;
  await deleteOld(deps);
  const before = answered(deps, keyed, await readRow(deps, keyed));
  if (before) return before;

  let has_kept = false;
  try {
    const done = await work(async (tx, answer) => {
      // Waits for another that is about to commit the same key.
      const first = await tx.run(sql`
        insert into idempotency_keys (workspace_id, key, request_hash, lease, status, response)
        values (${workspace_id}, ${key}, ${request_hash}, ${newId()}, ${answer.status}, ${sealed(deps, keyed, answer)})
        on conflict do nothing`);
      if (first === 0) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
      has_kept = true;
    });
    if (!has_kept) throw new Error("the work of an Idempotency-Key did not keep its answer");
    return { ...done, replayed: false };
  } catch (error) {
    // Another has done it meanwhile; or it was committed, and the database's word of that was lost.
    const meanwhile = answered(deps, keyed, await readRow(deps, keyed).catch(() => undefined));
    if (meanwhile) return meanwhile;
    throw error;
  }
}

async function leased(deps: KeysDeps, keyed: Keyed, work: () => Promise<Done>): Promise<Answered> {
  const { db } = deps;
  const lease = newId();
  await deleteOld(deps);
  const before = await takeLease(deps, keyed, lease);
  if (before) return before;
  let done: Done;
  try {
    done = await work();
  } catch (error) {
    await db.run(sql`delete from idempotency_keys where ${is(keyed)} and lease = ${lease}`).catch(() => {});
    throw error;
  }
  await db.run(sql`
    update idempotency_keys set status = ${done.status}, response = ${sealed(deps, keyed, done)}
    where ${is(keyed)} and lease = ${lease}`);
  return { ...done, replayed: false };
}

/** Null: the work is ours now. Else what was answered before. Throws IDEMPOTENCY_IN_PROGRESS. */
async function takeLease(deps: KeysDeps, keyed: Keyed, lease: string): Promise<Answered | null> {
  const { db } = deps;
  const { workspace_id, key, request_hash } = keyed;
  const begun = await db.run(sql`
    insert into idempotency_keys (workspace_id, key, request_hash, lease)
    values (${workspace_id}, ${key}, ${request_hash}, ${lease}) on conflict do nothing`);
  if (begun > 0) return null;
  const row = await readRow(deps, keyed);
  const before = answered(deps, keyed, row);
  if (before) return before;
  // Without a row it failed between the two statements: as good as never sent.
  const taken =
    row?.abandoned === true &&
    (await db.run(sql`
      update idempotency_keys set lease = ${lease}, created_at = now()
      where ${is(keyed)} and status is null and created_at < now() - interval '1 minute'`)) > 0;
  if (!taken) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
  return null;
}
