import { appendTo } from "../base/base.ts";
import { recordUnrouted, routeItems, type UnroutedItems } from "../connections/connections.ts";
import type { Tx } from "../db/db.ts";
import type { FanOut, FanOutWebhook } from "../delivery/delivery.ts";
import type { JournalRow, Outcome } from "../journal/journal.ts";
import { publish, type Applied, type BatchFacts, type LiveChange } from "../live/live.ts";
import {
  believedTime_ms,
  readWebhook,
  type MetaEvent,
  type ReadWebhook,
  type RoutedEvent,
} from "../meta/meta.ts";
import { eventIdOf, idBeside } from "./event-ids.ts";
import { insertEvents, markEvents, lockFailed, type NewEvent } from "./events.ts";
import { divide, reasonOf } from "./failures.ts";

/** A domain module: what events mean to it. `facts` are what the modules before it made of the same events. */
export type Apply = (tx: Tx, events: RoutedEvent[], facts: Readonly<BatchFacts>) => Promise<Applied>;

export interface Rooms {
  /** In the order in which they lock (inbox, templates, …). */
  apply: Readonly<Record<string, Apply>>;
  readonly fanOut: FanOut;
  record(tx: Tx, outcomes: readonly Outcome[]): Promise<void>;
  /** Makes the partitions of these events' ids, outside the transaction. */
  ensureMonths(ids: readonly string[]): Promise<void>;
}

/** What was done, for counting once it is committed. */
export interface Taken {
  outcomes: Outcome[];
  events: { kind: string; outcome: NewEvent["outcome"] | "duplicate" | "unrouted" }[];
}

interface Webhook {
  row: JournalRow;
  read: ReadWebhook;
  /** Its items that belong to a workspace, each once. */
  items: RoutedEvent[];
  unrouted: MetaEvent[];
  /** Items that came before in this very batch. */
  repeated: MetaEvent[];
}

/**
 * Claimed webhooks → new events → effects, deliveries, live events, outcomes: everything of a batch, set by set, in
 * `tx`. Order inside the batch must not matter; each room sees to that.
 *
 * `careful`: for one webhook that failed before. Its items are tried in ever smaller groups under savepoints; those
 * that fail are kept as such, the others are applied, and the webhook waits so that only they are tried again.
 */
export async function processBatch(
  tx: Tx,
  rows: readonly JournalRow[],
  rooms: Rooms,
  careful: boolean,
): Promise<Taken> {
  const webhooks = await route(tx, rows);
  const items = webhooks.flatMap((webhook) => webhook.items);
  await rooms.ensureMonths(items.map(({ id }) => id));
  const { fanOut } = rooms;
  const subscribers = fanOut.ask(tx, [...new Set(items.map(({ workspace_id }) => workspace_id))]);
  const stored = await store(tx, items, careful);
  const retried = await lockFailed(
    tx,
    items.filter(({ id }) => !stored.has(id)),
  );

  const isFresh = ({ id }: RoutedEvent) => stored.has(id) || retried.has(id);
  const usable = items.filter(
    (item) => isFresh(item) && item.event.problem === null && stored.get(item.id) !== "failed",
  );
  const { changes, ignored, failed } = await applyAll(tx, usable, rooms, careful);
  for (const item of items) if (stored.get(item.id) === "failed") failed.set(item.id, UNSTORABLE);

  const ends = items.filter(isFresh).map((event): NewEvent => {
    const failure = failed.get(event.id);
    if (failure !== undefined) return { event, outcome: "failed", reason: failure };
    const reason = event.event.problem ?? ignored.get(event.id);
    return reason === undefined
      ? { event, outcome: "applied", reason: null }
      : { event, outcome: "ignored", reason };
  });
  markEvents(
    tx,
    ends.filter(
      ({ event, outcome }) => retried.has(event.id) || (stored.get(event.id) ?? "applied") !== outcome,
    ),
  );

  const deliverable = webhooks.flatMap((webhook) => fannedOut(webhook, stored));
  if (deliverable.length > 0) await fanOut(tx, deliverable, subscribers);
  const outcomes = webhooks.map((webhook) => outcomeOf(webhook, failed));
  await rooms.record(tx, outcomes);
  await recordUnrouted(tx, webhooks.flatMap(unroutedOf));
  await publish(tx, changes);

  const events: Taken["events"] = ends.map(({ event, outcome }) => ({
    kind: event.event.data.kind,
    outcome,
  }));
  const add = (outcome: Taken["events"][number]["outcome"], kinds: readonly MetaEvent[]) => {
    for (const { data } of kinds) events.push({ kind: data.kind, outcome });
  };
  for (const { items, repeated, unrouted } of webhooks) {
    add("duplicate", repeated);
    add(
      "duplicate",
      items.flatMap((item) => (isFresh(item) ? [] : item.event)),
    );
    add("unrouted", unrouted);
  }
  return { outcomes, events };
}

/** Reads each body and finds out which workspaces its items belong to. The same item twice in a batch counts once. */
async function route(tx: Tx, rows: readonly JournalRow[]): Promise<Webhook[]> {
  const webhooks = rows.map((row): Webhook => {
    return { row, read: readWebhook(row.body), items: [], unrouted: [], repeated: [] };
  });
  const found = webhooks.flatMap((webhook) =>
    webhook.read.ok ? webhook.read.events.map((event) => ({ webhook, event })) : [],
  );
  const routes = await routeItems(
    tx,
    found.map(({ webhook, event }) => ({
      connection_id: webhook.row.connection_id,
      waba_id: event.waba_id,
      phone_number_id: event.phone_number_id,
      display_phone_number: event.display_phone_number,
      occurred_at_ms:
        event.occurred_at_ms === null ? null : believedTime_ms(event.occurred_at_ms, webhook.row.received_at),
    })),
  );
  const seen = new Set<string>();
  for (const [i, { webhook, event }] of found.entries()) {
    const to = routes[i];
    if (!to) {
      webhook.unrouted.push(event);
      continue;
    }
    const id = eventIdOf(to.workspace_id, event);
    const beside = idBeside(to.workspace_id, event);
    if (seen.has(id) || (beside !== null && seen.has(beside))) {
      webhook.repeated.push(event);
      continue;
    }
    seen.add(id);
    const { id: journal_id, received_at } = webhook.row;
    const occurred_at = new Date(believedTime_ms(event.occurred_at_ms, received_at));
    webhook.items.push({ ...to, id, journal_id, received_at, occurred_at, event });
  }
  return webhooks;
}

const UNSTORABLE = "The item can't be stored as an event; the webhook has its bytes.";

/** The new ones, and how each was stored. */
async function store(
  tx: Tx,
  items: readonly RoutedEvent[],
  careful: boolean,
): Promise<Map<string, NewEvent["outcome"]>> {
  const stored = new Map<string, NewEvent["outcome"]>();
  const keep = async (events: readonly NewEvent[]) => {
    const inserted = await insertEvents(tx, events);
    for (const { event, outcome } of events) if (inserted.has(event.id)) stored.set(event.id, outcome);
  };
  const rows = items.map((event): NewEvent => {
    const { problem } = event.event;
    return { event, outcome: problem === null ? "applied" : "ignored", reason: problem };
  });
  if (!careful) {
    await keep(rows);
    return stored;
  }
  // Whatever it is that can't be stored: without all that came from outside there is nothing of the kind left.
  await divide(tx, rows, keep, ({ event }) =>
    keep([{ event: bare(event), outcome: "failed", reason: UNSTORABLE }]),
  );
  return stored;
}

function bare(item: RoutedEvent): RoutedEvent {
  const event = { ...item.event, key: `unstorable:${item.id}`, occurred_at_ms: null };
  return { ...item, event };
}

/** Every room in turn; one at a time for all events, so that all batches lock in the same order. */
async function applyAll(tx: Tx, events: readonly RoutedEvent[], rooms: Rooms, careful: boolean) {
  const changes: LiveChange[] = [];
  const ignored = new Map<string, string>();
  const failed = new Map<string, string>();
  const work = async (some: readonly RoutedEvent[]): Promise<Applied[]> => {
    const applied: Applied[] = [];
    const facts: BatchFacts = { moved: [], heard: [], stated: [], unplaced: [], joined: false };
    for (const apply of Object.values(rooms.apply)) {
      const result = await apply(tx, [...some], facts);
      appendTo(facts.moved, result.moved ?? []);
      appendTo(facts.heard, result.heard ?? []);
      appendTo(facts.stated, result.stated ?? []);
      appendTo(facts.unplaced, result.unplaced ?? []);
      facts.joined ||= result.joined ?? false;
      applied.push(result);
    }
    return applied;
  };
  const bad = async (event: RoutedEvent, error: unknown): Promise<Applied[]> => {
    failed.set(event.id, reasonOf(error));
    return [];
  };
  const results =
    events.length === 0 ? [] : careful ? await divide(tx, events, work, bad) : [await work(events)];
  for (const applied of results.flat()) {
    appendTo(changes, applied.changes);
    for (const { id, reason } of applied.ignored) ignored.set(id, reason);
  }
  return { changes, ignored, failed };
}

/** What is new in a webhook, workspace by workspace. What failed is new too: it goes out once, at its first try. */
function fannedOut({ row, read, items }: Webhook, stored: ReadonlyMap<string, unknown>): FanOutWebhook[] {
  const byWorkspace = new Map<string, RoutedEvent[]>();
  for (const item of items) {
    if (!stored.has(item.id)) continue;
    const events = byWorkspace.get(item.workspace_id);
    if (events) events.push(item);
    else byWorkspace.set(item.workspace_id, [item]);
  }
  const count = read.ok ? read.events.length : 0;
  return [...byWorkspace].map(([workspace_id, events]) => {
    return { journal_id: row.id, body: row.body, whole: events.length === count, workspace_id, events };
  });
}

/** What stays until a person says whose it is, by what it names. */
function unroutedOf({ row, unrouted }: Webhook): UnroutedItems[] {
  const groups = new Map<string, UnroutedItems>();
  for (const { waba_id, phone_number_id, display_phone_number } of unrouted) {
    const named = { waba_id: nameOf(waba_id), phone_number_id: nameOf(phone_number_id) };
    const key = `${named.waba_id} ${named.phone_number_id}`;
    const group = groups.get(key);
    if (group) group.items++;
    else
      groups.set(key, {
        ...named,
        connection_id: row.connection_id,
        journal_id: row.id,
        arrived_at: row.received_at,
        display_phone_number: nameOf(display_phone_number),
        items: 1,
      });
  }
  return [...groups.values()];
}

/** What is no short printable text is no name of Meta's. */
const nameOf = (text: string | null): string | null =>
  text !== null && /^[\x20-\x7e]{1,100}$/.test(text) ? text : null;

function outcomeOf({ row, read, items, unrouted }: Webhook, failed: ReadonlyMap<string, string>): Outcome {
  const { id } = row;
  if (!read.ok) return { id, state: "dead", error: read.reason };
  const bad = items.filter((item) => failed.has(item.id));
  if (bad.length > 0) {
    const error = `${bad.length} of ${read.events.length} items failed: ${failed.get(bad[0]!.id)}`;
    return { id, state: "pending", error, attempts: row.attempts + 1 };
  }
  const notes = read.note === null ? [] : [read.note];
  const problems = read.events.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0)
    notes.push(`${problems.length} of ${read.events.length} items could not be read: ${problems[0]}`);
  if (unrouted.length > 0) {
    const { waba_id, phone_number_id } = unrouted[0]!;
    notes.push(
      `${unrouted.length} of ${read.events.length} items belong to no known workspace (account ${waba_id ?? "none"}, phone number ${phone_number_id ?? "none"}).`,
    );
  }
  return { id, state: "done", error: notes.length > 0 ? notes.join(" ") : null };
}
