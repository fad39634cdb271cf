import { sql, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { lockRow } from "../definition/definition.ts";
import { setState } from "./change-state.ts";
import { stopWork } from "./work.ts";

/**
 * Pauses every campaign that would go on by itself: those of a database that was restored or copied may have been sent to
 * more people since. Returns how many.
 */
export async function pauseAll(tx: Tx, now: Date): Promise<number> {
  const campaigns = await tx.rows<{ workspace_id: string; id: string }>(sql`
    select workspace_id, id from campaigns
    where state in ('SCHEDULED', 'RUNNING', 'HELD') and coalesce(hold ->> 'reason', '') <> 'approval'
    order by workspace_id, id`);
  for (const { workspace_id, id } of campaigns) {
    const row = await lockRow(tx, workspace_id, id);
    await stopWork(tx, row);
    await publish(tx, await setState(tx, row, "PAUSED", now));
  }
  return campaigns.length;
}
