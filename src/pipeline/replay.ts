import { sql, uuidArray, type Queryable, type Sql } from "../db/db.ts";
import type { FanOutWebhook } from "../delivery/delivery.ts";
import { readWebhook, SUBSCRIPTION_OF_KIND, type Subscription } from "../meta/meta.ts";
import { eventIdOf } from "./event-ids.ts";

/**
 * What webhooks brought when they were taken through, for those who want it later. The events table has the word: an
 * item is its workspace's, and was new, in the webhook that its row names.
 */
export const replays = { candidates, read, drained };

/**
 * The query for the ids (`journal_id`) of webhooks with `from_id <= id < to_id` that brought the workspace something
 * new of these subscriptions. It may name some that hold nothing of them: of a few kinds only the bytes can tell.
 * events__workspace_id__journal_id serves it, in order.
 */
function candidates(
  workspace_id: string,
  span: { from_id: string; to_id: string },
  subscriptions: readonly Subscription[],
): Sql {
  const unwanted = Object.entries(SUBSCRIPTION_OF_KIND)
    .filter(([, subscription]) => !subscriptions.includes(subscription))
    .map(([kind]) => kind);
  return sql`
    select distinct journal_id from events
     where workspace_id = ${workspace_id} and journal_id >= ${span.from_id} and journal_id < ${span.to_id}
       and kind <> all(${unwanted}::text[])`;
}

/**
 * These webhooks as the fan-out had them when they came, in the order of `ids` and as far as `limit_bytes` of bodies
 * go, but one at least. Null: its bytes are no longer kept.
 */
async function read(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
  limit_bytes: number,
): Promise<{ id: string; webhook: FanOutWebhook | null }[]> {
  if (ids.length === 0) return [];
  const rows = await db.rows<{ id: string; body: Buffer | null }>(sql`
    with asked as (
      select * from unnest(${uuidArray(ids)}::uuid[]) with ordinality as asked (id, place)
    ),
    summed as (
      select id, place, coalesce(sum(octet_length(body)) over (order by place), 0) as bytes
        from asked left join journal using (id)
    )
    select id, body from summed left join journal using (id)
     where bytes <= ${limit_bytes} or place = 1 order by place`);
  const events = await db.rows<{ journal_id: string; id: string }>(sql`
    select journal_id, id from events
     where workspace_id = ${workspace_id} and journal_id = any(${uuidArray(rows.map((row) => row.id))}::uuid[])`);
  const brought = new Map<string, Set<string>>();
  for (const { journal_id, id } of events) {
    const ids = brought.get(journal_id);
    if (ids) ids.add(id);
    else brought.set(journal_id, new Set([id]));
  }
  return rows.map(({ id, body }) => ({
    id,
    webhook: body === null ? null : asItCame(workspace_id, id, body, brought.get(id) ?? new Set()),
  }));
}

/** The items whose ids are `mine`, each once. */
function asItCame(workspace_id: string, journal_id: string, body: Buffer, mine: Set<string>): FanOutWebhook {
  const read = readWebhook(body);
  const items = read.ok ? read.events : [];
  const events = items.flatMap((event) => {
    const id = eventIdOf(workspace_id, event);
    return mine.delete(id) ? { id, event } : [];
  });
  return { journal_id, body, whole: events.length === items.length, workspace_id, events };
}

const POLL_MS = 20;
const PATIENCE_MS = 10_000;

/**
 * Resolves when the batches that were being taken through have been committed. An endpoint that is there before is
 * known to those that begin after it; but one under way may have looked before, and its events show only at its end.
 */
async function drained(db: Queryable): Promise<void> {
  const writing = (among: readonly string[] | null) =>
    db.rows<{ transaction: string }>(sql`
      select virtualtransaction as transaction from pg_locks
       where locktype = 'relation' and relation = 'events'::regclass and mode = 'RowExclusiveLock'
         and database = (select oid from pg_database where datname = current_database())
         and pid <> pg_backend_pid()
         and (${among}::text[] is null or virtualtransaction = any(${among}::text[]))`);
  let open = await writing(null);
  for (const end_ms = Date.now() + PATIENCE_MS; open.length > 0 && Date.now() < end_ms;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    open = await writing(open.map(({ transaction }) => transaction));
  }
}
