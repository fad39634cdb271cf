import { sql, type Queryable } from "../db/db.ts";

/** What waits to be processed, of all workspaces; by the queue, which is small. Ids begin with the time of arrival. */
export async function waitingOfAll(
  db: Queryable,
): Promise<{ pending: number; oldest_pending_at: Date | null }> {
  const row = await db.first<{ pending: number; oldest_pending_at: Date | null }>(sql`
    select count(*)::integer as pending,
      (select received_at from journal where id = (select journal_id from journal_queue order by journal_id limit 1)) as oldest_pending_at
    from journal_queue`);
  return row ?? { pending: 0, oldest_pending_at: null };
}

/** How many dead webhooks each workspace has, by journal_outcomes__dead: those of shared connections are no one's alone. */
export const deadByWorkspace = (db: Queryable): Promise<{ workspace_id: string; webhooks: number }[]> =>
  db.rows(sql`
    select c.workspace_id, count(*)::integer as webhooks
    from journal_outcomes o join journal j on j.id = o.journal_id join connections c on c.id = j.connection_id
    where o.state = 'dead' and c.workspace_id is not null group by c.workspace_id`);
