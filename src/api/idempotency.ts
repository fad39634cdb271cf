import { createHash } from "node:crypto";
import { newId, Problem, type SecretBox } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";

interface Done {
  status: number;
  body: unknown;
}
export type RunOnce = (
  request: { workspace_id: string; key: string; request: unknown[] },
  work: () => Promise<Done>,
) => Promise<Done & { replayed: boolean }>;

/** A request as it came: with a key its work is done once, without one each time. */
export async function runKeyed(
  runOnce: RunOnce,
  workspace_id: string,
  key: string | string[] | undefined,
  request: unknown[],
  work: () => Promise<Done>,
): Promise<Done & { replayed: boolean }> {
  if (typeof key !== "string") return { ...(await work()), replayed: false };
  return runOnce({ workspace_id, key, request }, work);
}

interface Kept {
  request_hash: string;
  status: number | null;
  response: Buffer | null;
  abandoned: boolean;
}

/**
 * Does the work of one Idempotency-Key once, and gives its answer again for a day. A request that failed leaves no
 * trace, so it may be sent again; one whose process died is taken over after a minute.
 */
export function createRunOnce(deps: { db: Database; box: SecretBox }): RunOnce {
  const { db, box } = deps;

  return async ({ workspace_id, key, request }, work) => {
    if (key.length === 0 || key.length > 255) {
      throw new Problem("INVALID_REQUEST", "headers.idempotency-key: between 1 and 255 characters");
    }
    const lease = newId();
    const request_hash = createHash("sha256").update(JSON.stringify(request)).digest("hex");
    const context = `idempotency:${workspace_id}:${key}`;
    const mine = sql`workspace_id = ${workspace_id} and key = ${key}`;

    // Index: idempotency_keys__created_at.
    await db.run(sql`delete from idempotency_keys where created_at < now() - interval '1 day'`);
    const begun = await db.run(sql`
      insert into idempotency_keys (workspace_id, key, request_hash, lease)
      values (${workspace_id}, ${key}, ${request_hash}, ${lease}) on conflict do nothing`);
    if (begun === 0) {
      const kept = await db.first<Kept>(sql`
        select request_hash, status, response, created_at < now() - interval '1 minute' as abandoned
        from idempotency_keys where ${mine}`);
      // Between the two statements it failed and was removed: as good as never sent.
      if (!kept) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
      if (kept.request_hash !== request_hash) throw new Problem("IDEMPOTENCY_KEY_REUSED");
      if (kept.status !== null && kept.response !== null) {
        return { status: kept.status, body: JSON.parse(box.open(kept.response, context)), replayed: true };
      }
      const taken =
        kept.abandoned &&
        (await db.run(sql`
          update idempotency_keys set lease = ${lease}, created_at = now()
          where ${mine} and status is null and created_at < now() - interval '1 minute'`)) > 0;
      if (!taken) throw new Problem("IDEMPOTENCY_IN_PROGRESS");
    }

    let done: Done;
    try {
      done = await work();
    } catch (error) {
      await db.run(sql`delete from idempotency_keys where ${mine} and lease = ${lease}`).catch(() => {});
      throw error;
    }
    await db.run(sql`
      update idempotency_keys set status = ${done.status}, response = ${box.seal(JSON.stringify(done.body), context)}
      where ${mine} and lease = ${lease}`);
    return { ...done, replayed: false };
  };
}
