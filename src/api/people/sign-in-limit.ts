import { createHash } from "node:crypto";
import { newId, Problem } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";

/** Tries at one account, from all strangers together and in each known browser, that are looked at within the window after the last of them. */
const MAX_TRIES = 20;
export const account_window_s = 300;

/** The count of those who are inside, by their session. */
export const INSIDE = "inside";

/**
 * Guesses at one account's password are bounded whatever addresses they come from. better-auth counts by address, in
 * the same table, and deletes rows that are older than its longest window. Unknown accounts are counted like others:
 * no one learns which exist. Strangers have one count together; a browser that was inside before (known-browser.ts) and
 * people who are inside have one of their own, which no stranger can use up.
 */
export function createSignInLimit(db: Database) {
  const keyOf = (email: string, known: string | null) =>
    `account:${createHash("sha256").update(email.trim().toLowerCase()).digest("base64url")}${known === null ? "" : `:${known}`}`;

  return {
    /**
     * Counted before the password is looked at, so that many at once don't pass together. `known`: the browser, or a
     * word for those who are inside; null: a stranger. Throws TOO_MANY_REQUESTS.
     */
    async begin(email: string, known: string | null = null): Promise<void> {
      const now_ms = Date.now();
      const since_ms = now_ms - account_window_s * 1_000;
      const row = await db.first<{ count: number; last_request: number }>(sql`
        insert into rate_limits as known (id, key, count, last_request)
        values (${newId()}, ${keyOf(email, known)}, 1, ${now_ms})
        on conflict (key) do update set
          count = case when known.last_request <= ${since_ms} then 1 else least(known.count, ${MAX_TRIES}::int) + 1 end,
          last_request = case when known.last_request > ${since_ms} and known.count >= ${MAX_TRIES}::int
                              then known.last_request else excluded.last_request end
        returning count, last_request`);
      if (!row || row.count <= MAX_TRIES) return;
      const retry_after_s = Math.max(1, Math.ceil((row.last_request - since_ms) / 1_000));
      throw new Problem("TOO_MANY_REQUESTS", undefined, { retry_after_s });
    },
    /** The password was right. */
    async succeeded(email: string, known: string | null = null): Promise<void> {
      await db.run(sql`delete from rate_limits where key = ${keyOf(email, known)}`);
    },
  };
}
