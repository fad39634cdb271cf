import { newId } from "../../base/base.ts";
import { byteaArray, sql, textArray, uuidArray, type Tx } from "../../db/db.ts";

/** An event of Wharf's own, to one endpoint: no webhook of Meta's stands behind it. */
export interface OwnEvent {
  workspace_id: string;
  endpoint_id: string;
  name: "automation.notified";
  body: Buffer;
}

/**
 * Queues them in the caller's transaction, whatever events their endpoints chose: each is signed, tried and logged as any
 * delivery. Answers what became of each; one that is deleted or switched off gets none.
 */
export async function sendOwnEvents(
  tx: Tx,
  events: readonly OwnEvent[],
): Promise<("queued" | "gone" | "off")[]> {
  if (events.length === 0) return [];
  const known = await tx.rows<{ id: string; enabled: boolean; disabled: boolean }>(sql`
    select e.id, e.enabled, e.state = 'disabled' as disabled from endpoints e
    where (e.workspace_id, e.id) in (
      select * from unnest(${uuidArray(events.map((event) => event.workspace_id))}::uuid[],
        ${uuidArray(events.map((event) => event.endpoint_id))}::uuid[])) and e.deleted_at is null
    order by e.id for share`);
  const endpoints = new Map(known.map((endpoint) => [endpoint.id, endpoint]));
  const outcomes = events.map(({ endpoint_id }) => {
    const endpoint = endpoints.get(endpoint_id);
    return endpoint === undefined ? "gone" : endpoint.enabled ? "queued" : "off";
  });
  const rows = events.filter((_, i) => outcomes[i] === "queued");
  if (rows.length > 0)
    await tx.run(sql`
      with queued as (
        insert into delivery_queue (workspace_id, id, endpoint_id, kind, body, events, state, next_attempt_at)
        select workspace_id, id, endpoint_id, 'event', body, array[name], state, case when state = 'pending' then now() end
        from unnest(
          ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[],
          ${uuidArray(rows.map(() => newId()))}::uuid[],
          ${uuidArray(rows.map((row) => row.endpoint_id))}::uuid[],
          ${byteaArray(rows.map((row) => row.body))}::bytea[],
          ${textArray(rows.map((row) => row.name))}::text[],
          ${textArray(rows.map((row) => (endpoints.get(row.endpoint_id)!.disabled ? "held" : "pending")))}::text[])
          as own (workspace_id, id, endpoint_id, body, name, state)
        returning 1)
      select count(pg_notify('deliveries', '')) from (select from queued limit 1) any_queued`);
  return outcomes;
}
