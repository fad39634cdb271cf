import { named, textArray, uuidArray, type Tx } from "../db/db.ts";
import type { LiveChange } from "./change.ts";

/**
 * Appends changes to their workspaces' feeds. The last statement before the commit: the row of `live_feeds` that
 * numbers them stays locked until then, so that seq has no gaps and becomes visible in its order. Feeds are locked
 * in the order of their ids. The same change several times in one call is said once, where it was said last.
 */
export async function publish(tx: Tx, changes: LiveChange[]): Promise<void> {
  if (changes.length === 0) return;
  const distinct = new Map<string, { workspace_id: string; name: string; data: string }>();
  for (const { workspace_id, name, data } of changes) {
    const change = { workspace_id, name, data: JSON.stringify(data) };
    const key = `${workspace_id} ${name} ${change.data}`;
    distinct.delete(key);
    distinct.set(key, change);
  }
  const list = [...distinct.values()];
  tx.later(named("live publish")`
    with change as (
      select * from unnest(
        ${uuidArray(list.map((change) => change.workspace_id))}::uuid[], ${textArray(list.map((change) => change.name))}::text[],
        ${textArray(list.map((change) => change.data))}::text[]) with ordinality as change (workspace_id, name, data, place)
    ),
    feed as (
      insert into live_feeds as feed (workspace_id, last_seq)
      select workspace_id, count(*) from change group by workspace_id order by workspace_id
      on conflict (workspace_id) do update set last_seq = feed.last_seq + excluded.last_seq
      returning workspace_id, last_seq
    ),
    appended as (
      -- The time is read after the lock was got: older seqs are older, which retention counts on.
      insert into live_events (workspace_id, seq, name, data, created_at)
      select workspace_id,
        last_seq + 1 - row_number() over (partition by workspace_id order by place desc), name, data::jsonb, clock_timestamp()
      from change join feed using (workspace_id)
    )
    select pg_notify('live', workspace_id::text) from feed`);
}
