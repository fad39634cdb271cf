import { subjectsOf } from "../inbox/inbox.ts";
import { sql, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
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
  const inserted = await tx.rows<{ id: string }>(sql`
    insert into events (workspace_id, id, key, kind, occurred_at, journal_id, outcome, reason, phone_number_id, subjects)
    select workspace_id, id, key, kind, nullif(occurred_at, 'epoch'), journal_id, outcome, reason,
      phone_number_id, subjects::bigint[]
    from unnest(
      ${uuidArray(rows.map(({ event }) => event.workspace_id))}::uuid[],
      ${uuidArray(rows.map(({ event }) => event.id))}::uuid[],
      ${textArray(rows.map(({ event }) => event.event.key))}::text[],
      ${textArray(rows.map(({ event }) => event.event.data.kind))}::text[],
      ${timestamptzArray(rows.map(({ event }) => event.event.occurred_at_ms ?? 0))}::timestamptz[],
      ${uuidArray(rows.map(({ event }) => event.journal_id))}::uuid[],
      ${textArray(rows.map((row) => row.outcome))}::text[],
      ${textArray(rows.map((row) => row.reason))}::text[],
      ${uuidArray(rows.map(({ event }) => event.phone_number))}::uuid[],
      ${textArray(rows.map(({ event }) => `{${subjectsOf(event.event.data, event.phone_number).join(",")}}`))}::text[],
      ${uuidArray(rows.map(({ event }) => idBeside(event.workspace_id, event.event)))}::uuid[]
    ) as new (workspace_id, id, key, kind, occurred_at, journal_id, outcome, reason, phone_number_id, subjects, beside)
    where beside is null or not exists (
      select from events known where known.workspace_id = new.workspace_id and known.id = new.beside)
    on conflict do nothing
    returning id`);
  return new Set(inserted.map((row) => row.id));
}

/**
 * Which of these events, stored before, failed and are to be tried again. Locked, in the order of their keys: two
 * webhooks may hold the same item, and it must be applied once.
 */
export async function lockFailed(tx: Tx, events: readonly RoutedEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const rows = await tx.rows<{ id: string }>(sql`
    select id from events
    where (workspace_id, id) in (select * from unnest(
        ${uuidArray(events.map((event) => event.workspace_id))}::uuid[],
        ${uuidArray(events.map((event) => event.id))}::uuid[]))
      and outcome = 'failed'
    order by workspace_id, id for update`);
  return new Set(rows.map((row) => row.id));
}

/** How events ended that are stored already. */
export async function markEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.run(sql`
    update events set outcome = ended.outcome, reason = ended.reason
    from unnest(
      ${uuidArray(events.map(({ event }) => event.workspace_id))}::uuid[],
      ${uuidArray(events.map(({ event }) => event.id))}::uuid[],
      ${textArray(events.map((row) => row.outcome))}::text[],
      ${textArray(events.map((row) => row.reason))}::text[]
    ) as ended (workspace_id, id, outcome, reason)
    where events.workspace_id = ended.workspace_id and events.id = ended.id`);
}

function byId({ event: a }: NewEvent, { event: b }: NewEvent): number {
  if (a.workspace_id !== b.workspace_id) return a.workspace_id < b.workspace_id ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
