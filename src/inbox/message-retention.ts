import { firstIdAt, type Clock } from "../base/base.ts";
import { sql, uuidArray, type Database, type Tx } from "../db/db.ts";

const DAY_MS = 86_400_000;
/** How many messages lose what they said in one transaction, a fraction of a second. */
const BATCH = 500;
const NONE = "00000000-0000-0000-0000-000000000000";

/**
 * Empties messages that arrived more than `days` ago, oldest first, batch by batch: text, content and what of them is
 * searched, and the same of their edits. They stay in their conversations with their statuses. A step answers how many
 * it emptied; 0 when nothing is left, or another process is at it. `alsoForget` empties what other modules keep of them,
 * in the same transaction.
 */
export function createMessageRetention(deps: {
  db: Database;
  clock: Clock;
  days: number;
  alsoForget: (tx: Tx, workspace_id: string, message_ids: readonly string[]) => Promise<void>;
}) {
  const { db, clock, days, alsoForget } = deps;
  return {
    step: (): Promise<number> =>
      db.transaction(async (tx) => {
        const [turn] = await tx.rows<{ mine: boolean }>(
          sql`select pg_try_advisory_xact_lock(hashtextextended('wharf message retention', 0)) as mine`,
        );
        return turn!.mine ? pruneBatch(tx, firstIdAt(clock.now() - days * DAY_MS), alsoForget) : 0;
      }),
  };
}

interface Pruned {
  id: string;
  wamid_hash: string | null;
}

/** Of the first workspace that has some; messages_pkey finds and orders them. */
async function pruneBatch(
  tx: Tx,
  before_id: string,
  alsoForget: (tx: Tx, workspace_id: string, message_ids: readonly string[]) => Promise<void>,
): Promise<number> {
  const next = await tx.first<{ workspace_id: string; pruned_to: string }>(sql`
    select w.id as workspace_id, coalesce(p.pruned_to, ${NONE}) as pruned_to
    from workspaces w left join message_prunes p on p.workspace_id = w.id
    where exists (
      select from messages m
      where m.workspace_id = w.id and m.id > coalesce(p.pruned_to, ${NONE}) and m.id < ${before_id})
    order by w.id limit 1`);
  if (!next) return 0;
  const { workspace_id, pruned_to } = next;
  const messages = await tx.rows<Pruned>(sql`
    select id, wamid_hash from messages
    where workspace_id = ${workspace_id} and id > ${pruned_to} and id < ${before_id} order by id limit ${BATCH}`);
  const ids = messages.map(({ id }) => id);
  const hashes = messages.flatMap(({ wamid_hash }) => wamid_hash ?? []);
  // Of a call nothing was said.
  await tx.run(sql`
    update messages set text = null, content = '{}', search_text = null, search_grams = null, pruned_at = now()
    where workspace_id = ${workspace_id} and id = any(${uuidArray(ids)}::uuid[]) and type <> 'call'`);
  await tx.run(sql`
    update message_amendments set edited_text = null, edited_content = null, search_text = null, search_grams = null
    where workspace_id = ${workspace_id} and wamid_hash = any(${uuidArray(hashes)}::uuid[])`);
  await alsoForget(tx, workspace_id, ids);
  await tx.run(sql`
    insert into message_prunes (workspace_id, pruned_to) values (${workspace_id}, ${ids.at(-1)!})
    on conflict (workspace_id) do update set pruned_to = excluded.pruned_to`);
  return ids.length;
}
