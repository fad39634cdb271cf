import { found, sql, type Queryable, type Tx } from "../db/db.ts";

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

/** Throws NOT_FOUND. */
export async function readNumber(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<{ phone_number_id: string; connection_id: string; silence_after_s: number | null }> {
  return found(
    await db.first<{ phone_number_id: string; connection_id: string; silence_after_s: number | null }>(sql`
      select phone_number_id, connection_id, silence_after_s from phone_numbers
      where workspace_id = ${workspace_id} and id = ${id}`),
  );
}

/** After how long without a webhook it is told of; null: never. */
export const setSilence = (db: Queryable, workspace_id: string, id: string, silence_after_s: number | null) =>
  db.run(sql`
    update phone_numbers set silence_after_s = ${silence_after_s}
    where workspace_id = ${workspace_id} and id = ${id}`);
