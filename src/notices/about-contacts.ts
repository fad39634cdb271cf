import { sql, type Tx } from "../db/db.ts";
import type { LiveChange } from "../live/live.ts";

/** Notices about a contact who was erased go. By notices__contact_id. */
export async function forgetNotices(tx: Tx, workspace_id: string, contact_id: string): Promise<LiveChange[]> {
  const gone = await tx.rows<{ id: string }>(sql`
    delete from notices where workspace_id = ${workspace_id} and contact_id = ${contact_id} returning id`);
  return gone.map(({ id: notice_id }) => ({ workspace_id, name: "NoticeUpdated", data: { notice_id } }));
}

/** A contact turned out to be another one: notices about them follow. */
export async function followNoticeJoins(
  tx: Tx,
  { workspace_id, from, to }: { workspace_id: string; from: string; to: string },
): Promise<LiveChange[]> {
  await tx.run(sql`
    update notices set contact_id = ${to}, conversation_id = null
    where workspace_id = ${workspace_id} and contact_id = ${from}`);
  return [];
}
