import { firstIdAt, type Clock } from "../../base/base.ts";
import { dueTime, named, sql, uuidArray, type Database, type Sql } from "../../db/db.ts";
import type { RetryPreset } from "../policy/policy.ts";

/** An endpoint as the dispatcher needs it. Read again at every claim, so that a change takes effect at once. */
export interface Target {
  workspace_id: string;
  id: string;
  url: string;
  secret_salt: Buffer;
  secret_key_id: string;
  /** Custom headers, sealed: custom-headers.ts. */
  headers: Buffer | null;
  retry_preset: RetryPreset;
  concurrency: number;
  timeout_ms: number;
  rate_limit_per_s: number | null;
  failures: number;
  state: "ok" | "failing" | "disabled";
  /** Nothing is attempted now: it asked for a pause, or it fails and its next probe is not yet due. */
  rests: boolean;
  /** Switched off, given up or deleted: nothing is sent. */
  closed: boolean;
  /** When its user last changed anything. */
  updated_at: Date;
  /** By the database's clock: of two, the later one counts. */
  read_at: Date;
}

/** The columns of a Target, of `endpoints`. */
export const targetColumns = (
  clock: Clock,
): Sql => sql`workspace_id, id, url, secret_salt, secret_key_id, headers, retry_preset, concurrency, timeout_ms,
  rate_limit_per_s, failures, state,
  coalesce(greatest(held_until, case when state = 'failing' then probe_at end) > ${dueTime(clock)}, false) as rests,
  not enabled or state = 'disabled' or deleted_at is not null as closed, updated_at, statement_timestamp() as read_at`;

/** A time of this process that only goes on: how long a lease still lasts, however the clocks are set. */
export const elapsed_ms = (clock: Clock): number => performance.now() + (clock.ahead_ms ?? 0);

export interface EndpointKey {
  workspace_id: string;
  id: string;
}
const FIRST: EndpointKey = { workspace_id: firstIdAt(0), id: firstIdAt(0) };

/** These endpoints as they are now. */
export const theseTargets = (clock: Clock, keys: readonly EndpointKey[]): Sql => named(
  "delivery targets by id",
)`
    select ${targetColumns(clock)} from unnest(
        ${uuidArray(keys.map((key) => key.workspace_id))}::uuid[],
        ${uuidArray(keys.map((key) => key.id))}::uuid[]) as asked (workspace_id, id)
      join endpoints using (workspace_id, id)`;

/**
 * The next `limit` endpoints after `after` that have something pending, and those of `also`. Skips through
 * delivery_queue__due, one probe an endpoint, so its cost is that of the endpoints and not of what waits for them.
 * `last`: from where to go on; null when there is nothing beyond.
 */
export async function readTargets(
  db: Database,
  clock: Clock,
  after: EndpointKey | null,
  limit: number,
  also: readonly EndpointKey[],
): Promise<{ targets: Target[]; last: EndpointKey | null }> {
  const start = after ?? FIRST;
  const rows = await db.rows<Target & { place: number | null }>(named("delivery targets")`
    with recursive waiting as (
      (select workspace_id, endpoint_id, 1 as place from delivery_queue
        where state = 'pending' and (workspace_id, endpoint_id) > (${start.workspace_id}, ${start.id})
        order by workspace_id, endpoint_id limit 1)
      union all
      select next.workspace_id, next.endpoint_id, waiting.place + 1
        from waiting cross join lateral (
          select workspace_id, endpoint_id from delivery_queue
           where state = 'pending' and (workspace_id, endpoint_id) > (waiting.workspace_id, waiting.endpoint_id)
           order by workspace_id, endpoint_id limit 1) next
       where waiting.place < ${limit}
    ),
    wanted as (
      select workspace_id, endpoint_id as id, place from waiting
      union all
      select workspace_id, id, null from unnest(
        ${uuidArray(also.map((key) => key.workspace_id))}::uuid[],
        ${uuidArray(also.map((key) => key.id))}::uuid[]) as also (workspace_id, id)
    )
    select ${targetColumns(clock)}, place from wanted join endpoints using (workspace_id, id)
     order by place`);
  const targets = new Map(rows.map(({ place: _place, ...target }) => [target.id, target]));
  const last = rows.findLast((row) => row.place !== null);
  return {
    targets: [...targets.values()],
    last: last?.place === limit ? { workspace_id: last.workspace_id, id: last.id } : null,
  };
}
