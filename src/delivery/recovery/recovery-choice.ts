import { Problem } from "../../base/base.ts";
import { and, sql, type Queryable, type Sql } from "../../db/db.ts";
import { searchLog, type DeliveryFilter, type DeliveryState } from "../log/log.ts";

/** Deliveries that a person chose, to send them again or to cancel them: these, or all that a filter finds. */
export type Choice = { ids: readonly string[] } | { filter: DeliveryFilter };

/** As many ids as a recovery keeps. */
const CHOICE_LIMIT = 100_000;

const WAITING = ["pending", "held"] as const;
type WaitingState = (typeof WAITING)[number];

/** A test is sent once. By the key, or as a page is searched, but to the end: 0.4 s for 100,000 of a million. */
function chosen(workspace_id: string, endpoint_id: string, choice: Choice): Sql {
  const of = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and kind <> 'test'`;
  if ("ids" in choice)
    return sql`select id, state from deliveries where ${of} and id = any(${[...choice.ids]}::uuid[])`;
  const { log, checks } = searchLog(workspace_id, endpoint_id, choice.filter, { limit: null });
  return sql`
    select id, state from deliveries where ${of} and ${log} and ${and(...checks)} limit ${CHOICE_LIMIT + 1}`;
}

/** Throws TOO_MANY_DELIVERIES. */
export async function countChosen(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): Promise<{ total: number; by_state: Record<DeliveryState, number> }> {
  const by_state = { pending: 0, delivered: 0, failed: 0, cancelled: 0, held: 0 };
  const rows = await db.rows<{ state: DeliveryState; count: number }>(sql`
    select state, count(*) from (${chosen(workspace_id, endpoint_id, choice)}) chosen group by state`);
  for (const { state, count } of rows) by_state[state] = count;
  return { total: few(rows.reduce((sum, { count }) => sum + count, 0)), by_state };
}

/** Their ids, ascending. Throws TOO_MANY_DELIVERIES. */
export async function chooseDeliveries(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    select id from (${chosen(workspace_id, endpoint_id, choice)}) chosen order by id`);
  few(rows.length);
  return rows.map(({ id }) => id);
}

/**
 * What of a choice waits and can be cancelled. By the key; else by the queue's indexes, so that what
 * was sent long ago is not looked through.
 */
function chosenWaiting(workspace_id: string, endpoint_id: string, choice: Choice, state: WaitingState): Sql {
  if ("ids" in choice)
    return sql`
      select id from (${chosen(workspace_id, endpoint_id, choice)}) chosen where state = ${state} order by id`;
  const { state: asked = state } = choice.filter;
  return sql`
    select id from (${chosen(workspace_id, endpoint_id, { filter: { ...choice.filter, state } })}) chosen
     where ${asked === state} order by id`;
}

/** Throws TOO_MANY_DELIVERIES. */
export async function countChosenWaiting(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): Promise<{ total: number; by_state: Record<WaitingState, number> }> {
  const count = (state: WaitingState) =>
    sql`(select count(*) from (${chosenWaiting(workspace_id, endpoint_id, choice, state)}) chosen)`;
  const by_state = await db.first<Record<WaitingState, number>>(
    sql`select ${count("pending")} as pending, ${count("held")} as held`,
  );
  return { total: few(by_state!.pending + by_state!.held), by_state: by_state! };
}

/** Their ids. Throws TOO_MANY_DELIVERIES. */
export async function chooseWaiting(
  db: Queryable,
  workspace_id: string,
  endpoint_id: string,
  choice: Choice,
): Promise<string[]> {
  const ids: string[] = [];
  for (const state of WAITING) {
    const rows = await db.rows<{ id: string }>(chosenWaiting(workspace_id, endpoint_id, choice, state));
    for (const { id } of rows) ids.push(id);
  }
  few(ids.length);
  return ids;
}

function few(count: number): number {
  if (count > CHOICE_LIMIT) throw new Problem("TOO_MANY_DELIVERIES");
  return count;
}
