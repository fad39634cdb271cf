import { metrics } from "../../base/base.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";

/**
 * How endpoints are and how late their deliveries, over all workspaces, into the gauges. Late is what is due and
 * could be sent: not what waits because its endpoint rests, keeps its rate, or is switched off.
 */
export async function measureDeliveries(db: Queryable): Promise<void> {
  // Two probes of delivery_queue__due an endpoint. What is claimed is due when its claim runs out.
  const oldest = (tried: 0 | 1): Sql => sql`(
    select next_attempt_at from delivery_queue
     where workspace_id = endpoints.workspace_id and endpoint_id = endpoints.id and state = 'pending'
       and delivery_turn(attempts) = ${tried}
     order by next_attempt_at limit 1)`;
  const canSend = sql`
    enabled and state <> 'disabled' and coalesce(held_until <= now(), true) and coalesce(rate_next_at <= now(), true)`;
  const rows = await db.rows<{ state: string; count: number; late_s: number | null }>(sql`
    select case when enabled then state else 'off' end as state, count(*) as count,
           max(extract(epoch from now() - least(fresh.next_attempt_at, again.next_attempt_at)))::float8 as late_s
      from endpoints
      left join lateral ${oldest(0)} fresh on ${canSend}
      left join lateral ${oldest(1)} again on ${canSend}
     where deleted_at is null
     group by 1`);
  for (const state of ["ok", "failing", "disabled", "off"])
    metrics.endpoints.set({ state }, rows.find((row) => row.state === state)?.count ?? 0);
  for (const endpoints of ["ok", "failing"])
    metrics.delivery_oldest_due_seconds.set(
      { endpoints },
      Math.max(0, rows.find((row) => row.state === endpoints)?.late_s ?? 0),
    );
}
