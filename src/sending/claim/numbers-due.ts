import { firstIdAt } from "../../base/base.ts";
import { named, type Database } from "../../db/db.ts";

export interface NumberKey {
  workspace_id: string;
  /** The row of phone_numbers. */
  id: string;
}

/** A business number that has something to send. */
export interface NumberDue extends NumberKey {
  phone_number_id: string;
  connection_id: string;
  /** Some of it is people's. */
  people: boolean;
}

/**
 * The next `limit` numbers after `after` for which something is due. Skips through sends__due, one probe a number and
 * priority, so its cost is that of the numbers and not of what waits.
 */
export async function readNumbers(
  db: Database,
  after: NumberKey | null,
  limit: number,
  now_ms: number,
): Promise<NumberDue[]> {
  const first = firstIdAt(0);
  return db.rows<NumberDue>(named("sending numbers due")`
    with recursive waiting as (
      (select workspace_id, phone_number_id, 1 as place from sends
        where state = 'queued' and (workspace_id, phone_number_id) > (${after?.workspace_id ?? first}, ${after?.id ?? first})
        order by workspace_id, phone_number_id limit 1)
      union all
      select next.workspace_id, next.phone_number_id, waiting.place + 1
      from waiting cross join lateral (
        select workspace_id, phone_number_id from sends
        where state = 'queued' and (workspace_id, phone_number_id) > (waiting.workspace_id, waiting.phone_number_id)
        order by workspace_id, phone_number_id limit 1) next
      where waiting.place < ${limit})
    select n.workspace_id, n.id, n.phone_number_id, n.connection_id, due.level = 0 as people
    from waiting
    join phone_numbers n on n.workspace_id = waiting.workspace_id and n.id = waiting.phone_number_id
    cross join lateral (
      select level from generate_series(0, 2) as level cross join lateral (
        select from sends d where d.workspace_id = n.workspace_id and d.phone_number_id = n.id and d.state = 'queued'
          and d.priority = level and d.next_attempt_at <= ${new Date(now_ms)} limit 1) one
      order by level limit 1) due
    order by waiting.place`);
}
