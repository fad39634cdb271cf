import { sql, uuidArray, type Tx } from "../db/db.ts";

/** Empties what these messages were to say, once they no longer wait to be sent. Then they can't be sent again. */
export async function forgetContents(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<void> {
  await tx.run(sql`
    update sends set content = '{}'
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[])
      and state in ('sent', 'failed', 'unconfirmed', 'cancelled')`);
}
