import { appendTo } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import { lockRow } from "../definition/definition.ts";
import { APPROVAL, APPROVAL_OFF } from "../review/review.ts";
import { reviseHold } from "./change-state.ts";

/**
 * The workspace's wish for a second person was switched. Campaigns that wait for one say what is to be done now: off, they
 * can be resumed, as a switch alone sends nothing; on again, they wait again.
 */
export async function followApproval(tx: Tx, workspace_id: string, on: boolean): Promise<LiveChange[]> {
  const waiting = await tx.rows<{ id: string }>(sql`
    select id from campaigns where workspace_id = ${workspace_id} and state = 'HELD' and hold ->> 'reason' = 'approval'
    order by id for update`);
  const changes: LiveChange[] = [];
  for (const { id } of waiting) {
    const row = await lockRow(tx, workspace_id, id);
    appendTo(changes, await reviseHold(tx, row, on ? APPROVAL : APPROVAL_OFF));
  }
  return changes;
}
