import { sql, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";

/** All conversations of one agent go to another, or to no one. By conversations__assignee_id__listed_at. */
export async function reassign(
  tx: Tx,
  workspace_id: string,
  from_id: string,
  to_id: string | null,
): Promise<LiveChange[]> {
  const rows = await tx.rows<{ conversation_id: string }>(sql`
    update conversations set assignee_id = ${to_id}, updated_at = now()
    where workspace_id = ${workspace_id} and status in ('OPEN', 'PENDING', 'RESOLVED') and assignee_id = ${from_id}
    returning id as conversation_id`);
  return rows.map((data) => ({ workspace_id, name: "ConversationUpdated", data: { ...data } }));
}
