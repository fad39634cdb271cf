import { sql, type Database, type Tx } from "../db/db.ts";

/** Why nothing is sent, and since when. */
export interface Hold {
  /** restored: from a backup of Wharf's. copied: database or folder are elsewhere. older: the database went back in time. */
  reason: "restored" | "copied" | "older";
  since: Date;
  /** The moment of which its rows are; null: it is not known. */
  snapshot_at: Date | null;
}

/** In words, for a terminal. */
export const WHY_HELD: Record<Hold["reason"], string> = {
  restored: "this Wharf was restored from a backup",
  copied: "the database or its folder is not where this Wharf last ran, so it was copied or moved",
  older: "the database is older than what this machine has seen, so it was put back to an earlier state",
};

/** What a module does with what was pending: `before` is the end of what the other one may have sent. Returns of how many. */
export type Release = (tx: Tx, how: { before: Date; pending: "send" | "drop" }) => Promise<number>;
export interface Released {
  sends: number;
  campaigns: number;
  /** Questions and answers about consent. */
  consent: number;
  deliveries: number;
}

/** Null: it may send. One row, by its key. */
export async function readHold(db: Pick<Database, "first">): Promise<Hold | null> {
  const row = await db.first<Hold>(sql`
    select held_reason as reason, held_at as since, snapshot_at from installation where held_at is not null`);
  return row ?? null;
}

/** In the transaction that loads a backup, so that there is no moment in which what was restored could send. */
export async function holdRestored(tx: Tx, snapshot_at: Date): Promise<void> {
  await tx.run(sql`
    update installation set id = gen_random_uuid(), home = null, held_at = clock_timestamp(), held_reason = 'restored',
      snapshot_at = ${snapshot_at}, confirmed_at = null`);
}

/**
 * It may send again. What was pending when it was put on hold is decided first, in the same transaction; what came
 * since goes on. Null: it was not on hold.
 */
export async function confirm(
  db: Database,
  pending: "send" | "drop",
  releases: Record<keyof Released, Release>,
): Promise<Released | null> {
  return db.transaction(async (tx) => {
    // Whichever clock is ahead: what the backup holds is older than both.
    const held = await tx.first<{ before: Date }>(sql`
      select greatest(held_at, snapshot_at) as before from installation where held_at is not null for update`);
    if (!held) return null;
    const { before } = held;
    const sends = await releases.sends(tx, { before, pending });
    const campaigns = await releases.campaigns(tx, { before, pending });
    const consent = await releases.consent(tx, { before, pending });
    const deliveries = await releases.deliveries(tx, { before, pending });
    await tx.run(sql`
      update installation set held_at = null, held_reason = null, snapshot_at = null, confirmed_at = now(),
        id = case held_reason when 'copied' then gen_random_uuid() else id end`);
    for (const channel of ["installation", "sends", "deliveries"])
      await tx.run(sql`select pg_notify(${channel}, '')`);
    return { sends, campaigns, consent, deliveries };
  });
}
