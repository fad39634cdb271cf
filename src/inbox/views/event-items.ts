import { sql, uuidArray, type Queryable } from "../../db/db.ts";
import { readWebhook, type MetaEvent } from "../../meta/meta.ts";

/** An event by the webhook that brought it first and its key within that. */
interface Place {
  id: string;
  journal_id: string;
  key: string;
}

/** Longer webhooks are not read for lists, only for their own page: a chunk of history, or a batch of many hundreds. */
export const LISTED_BYTES = 512 * 1024;
/** Bodies that are held at a time. */
const HELD_BYTES = 2 * 1024 * 1024;

/**
 * What these events say, by their ids: read again from the journal's bytes as when they came. Those are missing whose day
 * retention has dropped, or whose webhook is longer than `limit_bytes`.
 */
export async function readItems(
  db: Queryable,
  events: readonly Place[],
  limit_bytes = 2 ** 31 - 1,
): Promise<Map<string, MetaEvent>> {
  const items = new Map<string, MetaEvent>();
  const byWebhook = new Map<string, Map<string, string>>();
  for (const { id, journal_id, key } of events) {
    const wanted = byWebhook.get(journal_id);
    if (wanted) wanted.set(key, id);
    else byWebhook.set(journal_id, new Map([[key, id]]));
  }
  for (let left = [...byWebhook.keys()]; left.length > 0;) {
    const rows = await readBodies(db, left, limit_bytes);
    for (const { id, body } of rows) {
      const read = body && readWebhook(body);
      if (!read?.ok) continue;
      const wanted = byWebhook.get(id)!;
      for (const event of read.events) {
        const event_id = wanted.get(event.key);
        if (event_id !== undefined && !items.has(event_id)) items.set(event_id, event);
      }
    }
    left = left.slice(rows.length);
  }
  return items;
}

/** In the order of `ids` and as far as HELD_BYTES go, but one at least; null where it is gone, or longer than `limit_bytes`. */
function readBodies(
  db: Queryable,
  ids: readonly string[],
  limit_bytes: number,
): Promise<{ id: string; body: Buffer | null }[]> {
  const sorted = ids.toSorted();
  // The least and the greatest let PostgreSQL plan for the days between alone.
  return db.rows(sql`
    with sized as (
      select asked.id, place, case when octet_length(body) <= ${limit_bytes} then octet_length(body) end as bytes
      from unnest(${uuidArray(ids)}::uuid[]) with ordinality as asked (id, place)
      left join journal on journal.id = asked.id
        and journal.id between ${sorted[0]}::uuid and ${sorted.at(-1)}::uuid
    ),
    summed as (select id, place, bytes, coalesce(sum(bytes) over (order by place), 0) as bytes_so_far from sized)
    select summed.id, body from summed left join journal on journal.id = summed.id and bytes is not null
      and journal.id between ${sorted[0]}::uuid and ${sorted.at(-1)}::uuid
    where bytes_so_far <= ${HELD_BYTES} or place = 1
    order by place`);
}
