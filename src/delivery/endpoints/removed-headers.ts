import { Problem, type SecretBox } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import { sealHeaders, openHeaders, type CustomHeaders } from "../signing/signing.ts";

/**
 * A header's value is shown to no one, so the page could not put back what a person removed by mistake. For a moment the
 * server can: what a change removes stays, sealed, in the endpoint's row, and is cleared after it.
 */

/** The page offers to undo for 8 seconds; a slow line is given some more. */
export const PUT_BACK_MS = 60_000;

export interface RemovedHeaders {
  id: string;
  removed_headers: Buffer | null;
  removed_headers_at: Date | null;
}

/** What can still be put back. */
export function openRemoved(box: SecretBox, row: RemovedHeaders, now: Date): CustomHeaders {
  const { id, removed_headers, removed_headers_at } = row;
  if (removed_headers === null || removed_headers_at === null) return {};
  if (now.getTime() - removed_headers_at.getTime() > PUT_BACK_MS) return {};
  return openHeaders(box, { id, headers: removed_headers });
}

/** What can be put back after a change: what it removed, and what was removed just before. */
export function keepRemoved(
  box: SecretBox,
  row: RemovedHeaders,
  headers: { before: CustomHeaders; after: CustomHeaders },
  now: Date,
): Pick<RemovedHeaders, "removed_headers" | "removed_headers_at"> {
  const kept = new Set(Object.keys(headers.after).map((name) => name.toLowerCase()));
  const gone = Object.entries(headers.before).filter(([name]) => !kept.has(name.toLowerCase()));
  if (gone.length === 0)
    return { removed_headers: row.removed_headers, removed_headers_at: row.removed_headers_at };
  const all = { ...openRemoved(box, row, now), ...Object.fromEntries(gone) };
  return { removed_headers: sealHeaders(box, row.id, all), removed_headers_at: now };
}

/** The named headers, as they were. Throws NO_REMOVED_HEADERS when one of them can't be put back any more. */
export function pickRemoved(
  box: SecretBox,
  row: RemovedHeaders,
  names: readonly string[],
  now: Date,
): CustomHeaders {
  const removed = new Map(
    Object.entries(openRemoved(box, row, now)).map((entry) => [entry[0].toLowerCase(), entry]),
  );
  return Object.fromEntries(
    names.map((name) => {
      const entry = removed.get(name.toLowerCase());
      if (!entry) throw new Problem("NO_REMOVED_HEADERS");
      return entry;
    }),
  );
}

/** Clears what can't be put back any more. Index: endpoints__removed_headers_at. */
export function clearRemoved(db: Database, now_ms: number): Promise<number> {
  return db.run(sql`
    update endpoints set removed_headers = null, removed_headers_at = null
     where (workspace_id, id) in (
       select workspace_id, id from endpoints
        where removed_headers_at < ${new Date(now_ms - PUT_BACK_MS)}
        order by workspace_id, id for no key update skip locked)`);
}
