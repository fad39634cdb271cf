import { subjectsOf } from "../inbox/inbox.ts";
import { named, sql, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
import type { RoutedEvent } from "../meta/meta.ts";
import { idBeside } from "./event-ids.ts";

/** An event on its way into `events`: applied unless something else is said. */
export interface NewEvent {
  event: RoutedEvent;
  outcome: "applied" | "ignored" | "failed";
  reason: string | null;
}

/**
 * The one place where repetition ends: returns the ids of those that were not stored before. Sorted by id, so
 * that two batches with the same items wait for each other and never in a circle. A repeated item is also known on the
 * other side of midnight.
 */
export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const rows = events.toSorted(byId);
  const beside = rows.map(({ event }) => idBeside(event.workspace_id, event.event));
  const columns = sql`unnest(
      ${uuidArray(rows.map(({ event }) => event.workspace_id))}::uuid[],
      ${uuidArray(rows.map(({ event }) => event.id))}::uuid[],
      ${textArray(rows.map(({ event }) => event.event.key))}::text[],
      ${textArray(rows.map(({ event }) => event.event.data.kind))}::text[],
      ${timestamptzArray(rows.map(({ event }) => event.event.occurred_at_ms ?? 0))}::timestamptz[],
      ${uuidArray(rows.map(({ event }) => event.journal_id))}::uuid[],
      ${textArray(rows.map((row) => row.outcome))}::text[],
      ${textArray(rows.map((row) => row.reason))}::text[],
      ${uuidArray(rows.map(({ event }) => event.phone_number))}::uuid[],
      ${textArray(rows.map(({ event }) => `{${subjectsOf(event.event.data, event.phone_number).join(",")}}`))}::text[]`;
  // Only in the two hours around midnight: the look opens every month.
  const inserted = beside.every((id) => id === null)
    ? await tx.rows<{ id: string }>(named("insert events")`
        ${INSERT_EVENTS} ${columns}) as new (${COLUMNS}) on conflict do nothing returning id`)
    : await tx.rows<{ id: string }>(named("insert events at midnight")`
        ${INSERT_EVENTS} ${columns}, ${uuidArray(beside)}::uuid[]) as new (${COLUMNS}, beside)
        where beside is null or not exists (
          select from events known where known.workspace_id = new.workspace_id and known.id = new.beside)
        on conflict do nothing returning id`);
  return new Set(inserted.map((row) => row.id));
}

const COLUMNS = sql`workspace_id, id, key, kind, occurred_at, journal_id, outcome, reason, phone_number_id, subjects`;
const INSERT_EVENTS = sql`
  insert into events (${COLUMNS})
  select workspace_id, id, key, kind, nullif(occurred_at, 'epoch'), journal_id, outcome, reason, phone_number_id, subjects::bigint[]
  from`;

/**
 * Which of these events, stored before, failed and are to be tried again. Locked, workspace by workspace in the order of
 * their ids: two webhooks may hold the same item, and it must be applied once.
 */
export async function lockFailed(tx: Tx, events: readonly RoutedEvent[]): Promise<Set<string>> {
  const failed = new Set<string>();
  for (const [workspace_id, own] of byWorkspace(events, (event) => event.workspace_id)) {
    const rows = await tx.rows<{ id: string }>(sql`
      select id from events
      where workspace_id = ${workspace_id} and id = any(${uuidArray(own.map((event) => event.id))}::uuid[])
        and outcome = 'failed'
      order by id for update`);
    for (const { id } of rows) failed.add(id);
  }
  return failed;
}

/** How events ended that are stored already. */
export function markEvents(tx: Tx, events: readonly NewEvent[]): void {
  for (const [workspace_id, own] of byWorkspace(events, ({ event }) => event.workspace_id)) {
    tx.later(sql`
      update events set outcome = ended.outcome, reason = ended.reason
      from unnest(
        ${uuidArray(own.map(({ event }) => event.id))}::uuid[],
        ${textArray(own.map((row) => row.outcome))}::text[],
        ${textArray(own.map((row) => row.reason))}::text[]
      ) as ended (id, outcome, reason)
      where events.workspace_id = ${workspace_id} and events.id = ended.id`);
  }
}

/** In the order of the workspaces' ids, so that batches lock alike. */
function byWorkspace<Item>(items: readonly Item[], of: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(of(item));
    if (group) group.push(item);
    else groups.set(of(item), [item]);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function byId({ event: a }: NewEvent, { event: b }: NewEvent): number {
  if (a.workspace_id !== b.workspace_id) return a.workspace_id < b.workspace_id ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
