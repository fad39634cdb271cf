/**
 * A delivery stands in `delivery_queue` while it waits and in `delivery_log` once it has ended (decision 0018): the
 * moves between them that people ask for. Results move on their own way (dispatch/record-results.ts). The view
 * `deliveries` is both, for reading.
 */
import { sql, type Sql, type Tx } from "../../db/db.ts";

export { createLogDays, type LogDays } from "./log-days.ts";

/** What both tables have, in the order in which rows are moved. */
export const MOVED = sql`workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, attempts, last_status,
  last_error, last_error_code, last_error_class, created_at, state, schedule_start, next_attempt_at, lease, recovery_id`;
const AS_THEY_ARE = sql`workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, attempts, last_status,
  last_error, last_error_code, last_error_class, created_at`;

/** Two rows of these names are one delivery's. */
export const isSame = (one: "delivery_queue" | "delivery_log", other: Sql): Sql => {
  const table = one === "delivery_queue" ? sql`delivery_queue` : sql`delivery_log`;
  return sql`${table}.workspace_id = ${other}.workspace_id and ${table}.endpoint_id = ${other}.endpoint_id
         and ${table}.id = ${other}.id`;
};

/**
 * Where a delivery is looked for of which only the id is known: of a workspace's few endpoints, so that each part has
 * it by its key. A deleted endpoint's deliveries are gone too.
 */
export const isShown = (workspace_id: string, id: string): Sql => sql`
  workspace_id = ${workspace_id} and id = ${id}
  and endpoint_id = any(array(select shown.id from endpoints shown
                               where shown.workspace_id = ${workspace_id} and shown.deleted_at is null))`;

/**
 * Ends what waits as cancelled. A lease goes with it, so that the result of an attempt under way still counts. `limit`
 * of those that `which` finds, in the order of their keys, as results are written.
 */
export const cancelQueued = (
  tx: Tx,
  which: Sql,
  set: { completed_at: Sql; next_attempt_at?: Sql },
  limit = 2 ** 31 - 1,
): Promise<number> =>
  tx.run(sql`
    with waiting as (
      select workspace_id, endpoint_id, id from delivery_queue
       where ${which} order by workspace_id, endpoint_id, id limit ${limit} for update
    ),
    ended as (
      delete from delivery_queue using waiting where ${isSame("delivery_queue", sql`waiting`)}
      returning delivery_queue.*
    )
    insert into delivery_log (${MOVED}, completed_at)
    select ${AS_THEY_ARE}, 'cancelled', schedule_start, ${set.next_attempt_at ?? sql`next_attempt_at`}, lease, recovery_id,
           ${set.completed_at}
      from ended`);

/**
 * Takes what has ended back into the queue. `set` is of the row that it was in the log. `limit` of those that `which`
 * finds, in the order of their keys.
 */
export const requeue = (
  tx: Tx,
  which: Sql,
  set: { state: Sql; schedule_start: Sql; next_attempt_at: Sql; lease: Sql; recovery_id?: Sql },
  limit = 2 ** 31 - 1,
): Promise<number> =>
  tx.run(sql`
    with ended as (
      select workspace_id, endpoint_id, id from delivery_log
       where ${which} order by workspace_id, endpoint_id, id limit ${limit} for update
    ),
    taken as (
      delete from delivery_log using ended where ${isSame("delivery_log", sql`ended`)}
      returning delivery_log.*
    )
    insert into delivery_queue (${MOVED})
    select ${AS_THEY_ARE}, ${set.state}, ${set.schedule_start}, ${set.next_attempt_at}, ${set.lease},
           ${set.recovery_id ?? sql`recovery_id`}
      from taken`);

/** Due now, with a whole schedule before it: the attempts before stay in its log and no longer count. */
export const DUE_AGAIN = {
  state: sql`'pending'`,
  schedule_start: sql`attempts`,
  next_attempt_at: sql`now()`,
  lease: sql`null::uuid`,
} as const;
