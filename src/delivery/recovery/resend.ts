import { Problem } from "../../base/base.ts";
import { sql, type Database, type Keep, type Sql, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { findEndpoint } from "../endpoints/endpoints.ts";
import { probeNow } from "../dispatch/dispatch.ts";
import { chooseWaiting, countChosenWaiting, type Choice } from "./recovery-choice.ts";
import { getDelivery, UNDER_WAY, type DeliveryView } from "../log/log.ts";
import { cancelQueued, DUE_AGAIN, isShown, requeue } from "../tables/tables.ts";

/** What people do to deliveries: send one again, stop those that wait, and take that back. */

interface Found {
  endpoint_id: string;
  kind: "event" | "test" | "replay";
  state: "pending" | "delivered" | "failed" | "cancelled" | "held";
  under_way: boolean;
  kept: boolean;
  off: boolean;
}

/** Its bytes can still be sent. Read in the transaction that makes it due, so retention can't take them in between. */
export const isKept = (table: Sql): Sql => sql`
  (${table}.body is not null or exists (select 1 from journal where journal.id = ${table}.journal_id))`;

/**
 * Makes a delivery that was found due again, with a whole schedule before it: the same `webhook-id`, so a receiver
 * that has it knows it.
 */
export async function makeDueAgain(tx: Tx, workspace_id: string, id: string): Promise<void> {
  const which = isShown(workspace_id, id);
  const { state, schedule_start, next_attempt_at, lease } = DUE_AGAIN;
  const waited = await tx.run(sql`
    update delivery_queue set state = ${state}, schedule_start = ${schedule_start}, next_attempt_at = ${next_attempt_at},
           lease = ${lease} where ${which}`);
  if (waited === 0) await requeue(tx, which, DUE_AGAIN);
}

/**
 * Makes a delivery due now, whatever became of it. One that is being tried at this moment is left alone: its row is
 * locked as a claim locks it, so there are never two requests at once. Throws NOT_FOUND, DELIVERY_STATE, ENDPOINT_OFF,
 * BODY_GONE.
 */
export async function resend(
  db: Database,
  workspace_id: string,
  id: string,
  keep?: Keep<DeliveryView>,
): Promise<DeliveryView> {
  const delivery = await makeDue(db, workspace_id, id, keep);
  // Apart, as results lock an endpoint before its deliveries.
  await probeNow(db, workspace_id, delivery.endpoint_id);
  await db.run(sql`select pg_notify('deliveries', '')`);
  return delivery;
}

function makeDue(
  db: Database,
  workspace_id: string,
  id: string,
  keep?: Keep<DeliveryView>,
): Promise<DeliveryView> {
  return db.transaction(async (tx) => {
    await lockSendable(tx, workspace_id, id);
    await makeDueAgain(tx, workspace_id, id);
    return tell(tx, workspace_id, id, keep);
  });
}

/** Locks a delivery that may be sent now. Throws NOT_FOUND, DELIVERY_STATE, ENDPOINT_OFF, BODY_GONE. */
export async function lockSendable(tx: Tx, workspace_id: string, id: string): Promise<void> {
  const found = await find(tx, workspace_id, id);
  if (found.kind === "test")
    throw new Problem("DELIVERY_STATE", "A test is sent once; send a new test instead.");
  if (found.under_way)
    throw new Problem(
      "DELIVERY_STATE",
      "It is being sent at this moment; wait for the outcome of this attempt.",
    );
  if (found.off) throw new Problem("ENDPOINT_OFF");
  if (!found.kept) throw new Problem("BODY_GONE");
}

/**
 * No further try is made. One that is under way may still end well, and then the delivery is a delivered one. Throws
 * NOT_FOUND; DELIVERY_STATE when nothing waits.
 */
export function cancel(db: Database, workspace_id: string, id: string): Promise<DeliveryView> {
  return db.transaction(async (tx) => {
    const { state } = await find(tx, workspace_id, id);
    if (state !== "pending" && state !== "held")
      throw new Problem("DELIVERY_STATE", `Nothing waits to be cancelled: this delivery is ${state}.`);
    await setCancelled(tx, isShown(workspace_id, id));
    return tell(tx, workspace_id, id);
  });
}

const BATCH = 500;

/**
 * Cancels what waits for an endpoint, as `cancel` does, and not what comes meanwhile. By `cancelled_at` it can be taken
 * back. Throws NOT_FOUND.
 */
export async function cancelPending(
  db: Database,
  workspace_id: string,
  endpoint_id: string,
): Promise<{ cancelled: number; cancelled_at: Date }> {
  const { now, cancelled_at } = await findMoment(db, workspace_id, endpoint_id);
  let cancelled = 0;
  for (const state of ["pending", "held"] as const) {
    // By the queue's key.
    const some = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and state = ${state}
          and created_at <= ${now}::timestamptz`;
    cancelled += await inBatches(db, (tx) => setCancelled(tx, some, cancelled_at, BATCH));
  }
  if (cancelled > 0) await announce(db, workspace_id, endpoint_id);
  return { cancelled, cancelled_at };
}

/** The moment that names a cancellation, as it is told and kept: in milliseconds. Throws NOT_FOUND. */
const findMoment = (db: Database, workspace_id: string, endpoint_id: string) =>
  findEndpoint<{ now: string; cancelled_at: Date }>(db, workspace_id, endpoint_id, {
    columns: sql`now()::text, date_trunc('milliseconds', now()) as cancelled_at`,
  });

/** How many of a choice wait and can be cancelled. Throws NOT_FOUND, TOO_MANY_DELIVERIES. */
export async function countCancellable(
  db: Database,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): ReturnType<typeof countChosenWaiting> {
  await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
  return countChosenWaiting(db, workspace_id, endpoint_id, choice);
}

/** Cancels what waits of a choice; the rest of it stays as it is. Throws NOT_FOUND, TOO_MANY_DELIVERIES. */
export async function cancelChosen(
  db: Database,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): Promise<{ cancelled: number; cancelled_at: Date }> {
  const { cancelled_at } = await findMoment(db, workspace_id, endpoint_id);
  const ids = await chooseWaiting(db, workspace_id, endpoint_id, choice);
  let cancelled = 0;
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}
      and id = any(${ids.slice(from, from + BATCH)}::uuid[])`;
    cancelled += await db.transaction((tx) => setCancelled(tx, some, cancelled_at));
  }
  if (cancelled > 0) await announce(db, workspace_id, endpoint_id);
  return { cancelled, cancelled_at };
}

/** Takes back what was cancelled at that moment, by `cancelPending` or `cancelChosen`: all of it goes on as before. Throws NOT_FOUND. */
export async function uncancelPending(
  db: Database,
  workspace_id: string,
  endpoint_id: string,
  cancelled_at: string,
): Promise<{ restored: number }> {
  await findEndpoint(db, workspace_id, endpoint_id, { columns: sql`id` });
  // By delivery_log__state.
  const some = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id}
        and completed_at = ${cancelled_at}::timestamptz`;
  const restored = await inBatches(db, (tx) => setUncancelled(tx, some, BATCH));
  if (restored > 0) {
    await db.run(sql`select pg_notify('deliveries', '')`);
    await announce(db, workspace_id, endpoint_id);
  }
  return { restored };
}

/** Takes a cancellation back: it goes on where it was. Throws NOT_FOUND, DELIVERY_STATE. */
export function uncancel(db: Database, workspace_id: string, id: string): Promise<DeliveryView> {
  return db.transaction(async (tx) => {
    const { state } = await find(tx, workspace_id, id);
    if (state !== "cancelled")
      throw new Problem("DELIVERY_STATE", `It is not cancelled: this delivery is ${state}.`);
    await setUncancelled(tx, isShown(workspace_id, id));
    await tx.run(sql`select pg_notify('deliveries', '')`);
    return tell(tx, workspace_id, id);
  });
}

/** Many short transactions, so that no one waits for the last row of a long queue. */
async function inBatches(db: Database, work: (tx: Tx) => Promise<number>): Promise<number> {
  let total = 0;
  for (let found = await db.transaction(work); found > 0; found = await db.transaction(work)) total += found;
  return total;
}

const announce = (db: Database, workspace_id: string, endpoint_id: string) =>
  db.transaction((tx) => publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]));

/**
 * Locks it where it stands. It may be moved while that is waited for: then it is looked for again, and found, as a
 * person's changes of one delivery come one after the other. Throws NOT_FOUND.
 */
async function find(tx: Tx, workspace_id: string, id: string): Promise<Found> {
  for (let look = 0; look < LOOKS; look++) {
    const table = look % 2 === 0 ? sql`delivery_queue` : sql`delivery_log`;
    const found = await tx.first<Found>(sql`
      select endpoint_id, kind, state, ${UNDER_WAY} as under_way, ${isKept(table)} as kept,
             (select not enabled or endpoints.state = 'disabled' from endpoints
               where endpoints.workspace_id = ${table}.workspace_id and endpoints.id = endpoint_id) as off
        from ${table} where ${isShown(workspace_id, id)} for update`);
    if (found) return found;
  }
  throw new Problem("NOT_FOUND");
}
/** Queue, log, and twice again. */
const LOOKS = 6;

/** `next_attempt_at` stays, for the case that it is taken back. */
const setCancelled = (tx: Tx, which: Sql, at: Date | null = null, limit?: number): Promise<number> =>
  cancelQueued(tx, which, { completed_at: sql`coalesce(${at}, now())` }, limit);

function setUncancelled(tx: Tx, which: Sql, limit?: number): Promise<number> {
  const off = sql`(select not enabled or endpoints.state = 'disabled' from endpoints
                    where endpoints.workspace_id = taken.workspace_id and endpoints.id = taken.endpoint_id)`;
  return requeue(
    tx,
    sql`${which} and state = 'cancelled'`,
    {
      state: sql`case when ${off} then 'held' else 'pending' end`,
      schedule_start: sql`schedule_start`,
      next_attempt_at: sql`case when ${off} then next_attempt_at else coalesce(next_attempt_at, now()) end`,
      lease: sql`lease`,
    },
    limit,
  );
}

async function tell(
  tx: Tx,
  workspace_id: string,
  id: string,
  keep?: Keep<DeliveryView>,
): Promise<DeliveryView> {
  const delivery = await getDelivery(tx, workspace_id, id);
  await keep?.(tx, delivery);
  const { endpoint_id } = delivery;
  await publish(tx, [{ workspace_id, name: "DeliveryUpdated", data: { endpoint_id } }]);
  return delivery;
}
