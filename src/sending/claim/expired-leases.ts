import { sql, type Database, type Tx } from "../../db/db.ts";
import { threadsOf } from "../../inbox/inbox.ts";
import { publish, type Listen } from "../../live/live.ts";
import { publishMoves } from "../publish-moves.ts";

/**
 * Expired leases: their process died, and it is unknown whether their requests were sent. Then those of which no
 * status has told within `wait_ms`: a person decides. By sends__lapsed. Returns how many it found.
 */
export async function recordExpiredLeases(
  db: Database,
  { now_ms, wait_ms, listen }: { now_ms: number; wait_ms: number; listen?: Listen | undefined },
): Promise<number> {
  const at = new Date(now_ms);
  const awaited = await db.transaction(async (tx) => {
    const rows = await moveLapsed(tx, "sending", "waiting", at, new Date(now_ms + wait_ms));
    await publish(tx, await threadsOf(tx, rows));
    return rows.length;
  });
  const unconfirmed = await db.transaction(async (tx) => {
    const rows = await moveLapsed(tx, "waiting", "unconfirmed", at, null);
    const moves = rows.map((row) => {
      return { ...row, status: "UNCONFIRMED", before: null, at, error: null } as const;
    });
    await publishMoves(tx, { changes: await threadsOf(tx, rows), moves }, listen);
    return rows.length;
  });
  return awaited + unconfirmed;
}

const moveLapsed = (tx: Tx, from: string, to: string, now: Date, until: Date | null) =>
  tx.rows<{ workspace_id: string; id: string }>(sql`
    with lapsed as (
      select workspace_id, id from sends where state in ('sending', 'waiting') and state = ${from} and next_attempt_at <= ${now}
      order by workspace_id, id limit 500 for update skip locked)
    update sends d set state = ${to}, next_attempt_at = ${until} from lapsed
    where d.workspace_id = lapsed.workspace_id and d.id = lapsed.id returning d.workspace_id, d.id`);
