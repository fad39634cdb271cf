import { idOf } from "../base/base.ts";
import { found, sql, type Database, type Queryable, type Tx } from "../db/db.ts";

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

/**
 * Numbers that are known before a webhook names them, as the simulator's are, with the ids that their webhooks find
 * (`routeItems`). What is known already stays as it is. Their templates are read at once.
 */
export async function registerNumbers(
  db: Database,
  { workspace_id, connection_id }: { workspace_id: string; connection_id: string },
  numbers: readonly { phone_number_id: string; display_phone_number: string; waba_id: string }[],
): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { phone_number_id, display_phone_number, waba_id } of numbers) {
      await tx.run(sql`
        insert into accounts (workspace_id, id, connection_id, waba_id)
        values (${workspace_id}, ${idOf(`${workspace_id}:account:${waba_id}`)}, ${connection_id}, ${waba_id})
        on conflict do nothing`);
      await tx.run(sql`
        insert into phone_numbers (workspace_id, id, connection_id, phone_number_id, waba_id, display_phone_number)
        values (${workspace_id}, ${idOf(`${workspace_id}:phone_number:${phone_number_id}`)}, ${connection_id},
          ${phone_number_id}, ${waba_id}, ${display_phone_number})
        on conflict do nothing`);
    }
    await tx.run(sql`select pg_notify('templates', '')`);
  });
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
