import { sql, type Tx } from "../db/db.ts";

/** What Meta's Graph API says of a number, as of `now_ms`. Returns whether it is news. */
export async function noteNumber(
  tx: Tx,
  { workspace_id, id }: { workspace_id: string; id: string },
  { verified_name, quality }: { verified_name: string | null; quality: string | null },
  now_ms: number,
): Promise<boolean> {
  const rows = await tx.rows<{ changed: boolean }>(sql`
    with before as (
      select verified_name, quality from phone_numbers where workspace_id = ${workspace_id} and id = ${id} for update)
    update phone_numbers n set told_at = ${new Date(now_ms)},
      verified_name = coalesce(${verified_name}, n.verified_name), quality = coalesce(${quality}, n.quality)
    from before where n.workspace_id = ${workspace_id} and n.id = ${id}
    returning (n.verified_name, n.quality) is distinct from (before.verified_name, before.quality) as changed`);
  return rows[0]?.changed ?? false;
}
