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

export function createKeys({ db, box }: { db: Database; box: SecretBox }): Keys {
  const identify = ({ workspace_id, request }: Asked, key: string) => {
    if (key.length === 0 || key.length > 255)
      throw new Problem("INVALID_REQUEST", "headers.idempotency-key: between 1 and 255 characters");
    const request_hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
    const context = `idempotency:${workspace_id}:${key}`;
    const sealed = ({ body }: Done) => box.seal(JSON.stringify(body), context);
    const is = sql`workspace_id = ${workspace_id} and key = ${key}`;

    /** What it was answered before, if it was. Throws IDEMPOTENCY_KEY_REUSED. */
    const answered = (row: Row | undefined): Answered | null => {
      if (!row) return null;
      if (row.request_hash !== request_hash) throw new Problem("IDEMPOTENCY_KEY_REUSED");
      if (row.status === null || row.response === null) return null;
      return { status: row.status, body: JSON.parse(box.open(row.response, context)), replayed: true };
    };
    const read = () =>
      db.first<Row>(sql`
        select request_hash, status, response, created_at < now() - interval '1 minute' as abandoned
        from idempotency_keys where ${is}`);
    return { key, request_hash, is, sealed, answered, read };
  };

  // Index: idempotency_keys__created_at.
  const forgetOld = () =>
    db.run(sql`delete from idempotency_keys where created_at < now() - interval '1 day'`);

  return {
    async kept(asked, work) {
      if (typeof asked.key !== "string") return { ...(await work(async () => {})), replayed: false };
      const { key, request_hash, sealed, answered, read } = identify(asked, asked.key);
      await forgetOld();
      const before = answered(await read());
      if (before) return before;

      let has_kept = false;
      try {
        const done = await work(async (tx, kept) => {
          // Waits for another that is about to commit the same key.
          const first = await tx.run(sql`
            insert into idempotency_keys (workspace_id, key, request_hash, lease, status, response)
            values (${asked.workspace_id}, ${key}, ${request_hash}, ${newId()}, ${kept.status}, ${sealed(kept)})
            on conflict do nothing`);
          if (first === 0) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
          has_kept = true;
        });
        if (!has_kept) throw new Error("the work of an Idempotency-Key did not keep its answer");
        return { ...done, replayed: false };
      } catch (error) {
        // Another has done it meanwhile; or it was committed, and the database's word of that was lost.
        const meanwhile = answered(await read().catch(() => undefined));
        if (meanwhile) return meanwhile;
        throw error;
      }
    },

    async leased(asked, work) {
      if (typeof asked.key !== "string") return { ...(await work()), replayed: false };
      const { key, request_hash, is, sealed, answered, read } = identify(asked, asked.key);
      const lease = newId();
      await forgetOld();
      const begun = await db.run(sql`
        insert into idempotency_keys (workspace_id, key, request_hash, lease)
        values (${asked.workspace_id}, ${key}, ${request_hash}, ${lease}) on conflict do nothing`);
      if (begun === 0) {
        const row = await read();
        const before = answered(row);
        if (before) return before;
        // Without a row it failed between the two statements: as good as never sent.
        const taken =
          row?.abandoned === true &&
          (await db.run(sql`
            update idempotency_keys set lease = ${lease}, created_at = now()
            where ${is} and status is null and created_at < now() - interval '1 minute'`)) > 0;
        if (!taken) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
      }

      let done: Done;
      try {
        done = await work();
      } catch (error) {
        await db.run(sql`delete from idempotency_keys where ${is} and lease = ${lease}`).catch(() => {});
        throw error;
      }
      await db.run(sql`
        update idempotency_keys set status = ${done.status}, response = ${sealed(done)}
        where ${is} and lease = ${lease}`);
      return { ...done, replayed: false };
    },
  };
}
