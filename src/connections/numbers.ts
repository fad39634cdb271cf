import { sql, type Tx } from "../db/db.ts";

/** What Meta's Graph API says of a number. Returns whether it is news. */
export async function noteNumber(
  tx: Tx,
  { workspace_id, id }: { workspace_id: string; id: string },
  { verified_name, quality }: { verified_name: string | null; quality: string | null },
): Promise<boolean> {
  const changed = await tx.run(sql`
    update phone_numbers set verified_name = coalesce(${verified_name}, verified_name), quality = coalesce(${quality}, quality)
    where workspace_id = ${workspace_id} and id = ${id}
      and (coalesce(${verified_name}, verified_name), coalesce(${quality}, quality)) is distinct from (verified_name, quality)`);
  return changed > 0;
}
