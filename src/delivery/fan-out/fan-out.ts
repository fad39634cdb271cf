import { newId } from "../../base/base.ts";
import {
  byteaArray,
  int8Array,
  int8ArrayOfBytes,
  named,
  sql,
  textArray,
  uuidArray,
  type Tx,
} from "../../db/db.ts";
import type { ItemPath, Subscription } from "../../meta/events.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import type { HandOff, NewDelivery, Offer, Target } from "../dispatch/dispatch.ts";
import { hashOfWamid } from "../log/log.ts";

export { sendOwnEvents, type OwnEvent } from "./own-events.ts";

/** What one webhook brought to one workspace. */
export interface FanOutWebhook {
  journal_id: string;
  body: Buffer;
  /** Every item of the webhook is new and belongs to this workspace. */
  whole: boolean;
  workspace_id: string;
  /** The new ones of this workspace. */
  events: Pick<RoutedEvent, "id" | "event">[];
}

interface Subscriber {
  workspace_id: string;
  id: string;
  events: ReadonlySet<Subscription>;
  disabled: boolean;
}

type Slice = (body: Buffer, keep: readonly ItemPath[]) => Buffer;

interface WrittenDelivery extends NewDelivery {
  events: string[];
  wamids: string[];
}

/** Who subscribed in some workspaces, as it was asked. */
export type AskedSubscribers = Promise<SubscriberRow[]>;

/**
 * Writes the deliveries of each endpoint, in the transaction that also writes the webhooks' effects. An endpoint that asked
 * for everything in a webhook gets Meta's very bytes (by reference to the journal); else the envelope is rebuilt
 * around the items that it asked for. An endpoint that we gave up gets its deliveries held, not dropped.
 */
export interface FanOut {
  (tx: Tx, webhooks: readonly FanOutWebhook[], asked?: AskedSubscribers): Promise<void>;
  /**
   * Asks for the endpoints of these workspaces before there is anything to write, so that the question travels with others
   * of `tx`. An edit that was answered before the transaction began holds, as ever.
   */
  ask(tx: Tx, workspace_ids: readonly string[]): AskedSubscribers;
}

/** What `hand_off` has room for is born leased and sent after the commit; the rest is due at once. */
export function createFanOut(slice: Slice, hand_off: HandOff | null = null): FanOut {
  const ask = (tx: Tx, workspace_ids: readonly string[]): AskedSubscribers => {
    const asked = askSubscribers(tx, workspace_ids, hand_off);
    // Should what was asked beside it fail, this answer is not looked at.
    asked.catch(() => {});
    return asked;
  };
  const write = async (tx: Tx, webhooks: readonly FanOutWebhook[], asked?: AskedSubscribers) => {
    const rows = await (asked ?? ask(tx, [...new Set(webhooks.map((webhook) => webhook.workspace_id))]));
    const { subscribers, targets } = await readSubscribers(tx, rows, hand_off);
    if (subscribers.size === 0) return;
    const deliveries = sortedBy(
      webhooks.flatMap((webhook) =>
        deliveriesOf(webhook, subscribers.get(webhook.workspace_id) ?? [], slice),
      ),
    );
    if (deliveries.length === 0) return;
    const offer = hand_off?.offer(tx, deliveries, targets) ?? null;
    insert(tx, deliveries, "event", { offer });
  };
  return Object.assign(write, { ask });
}

/**
 * The same for one endpoint, of webhooks that came when it was not there, was off or wanted something else. Returns
 * how many of them it wants.
 */
export function createReplay(
  slice: Slice,
): (
  tx: Tx,
  endpoint: { workspace_id: string; id: string; events: readonly Subscription[] },
  webhooks: readonly FanOutWebhook[],
  recovery_id: string,
) => Promise<number> {
  return async (tx, endpoint, webhooks, recovery_id) => {
    const subscriber = { ...endpoint, events: new Set(endpoint.events), disabled: false };
    const deliveries = sortedBy(webhooks.flatMap((webhook) => deliveriesOf(webhook, [subscriber], slice)));
    if (deliveries.length > 0) insert(tx, deliveries, "replay", { recovery_id });
    return deliveries.length;
  };
}

type SubscriberRow = Target & { events: Subscription[]; disabled: boolean };

/** By endpoints' key. */
async function askSubscribers(
  tx: Tx,
  workspace_ids: readonly string[],
  hand_off: HandOff | null,
): Promise<SubscriberRow[]> {
  if (workspace_ids.length === 0) return [];
  return tx.rows<SubscriberRow>(named(hand_off ? "subscribers to hand to" : "subscribers")`
    select ${hand_off?.columns() ?? sql`workspace_id, id`}, events, state = 'disabled' as disabled from endpoints
     where workspace_id = any(${uuidArray(workspace_ids)}::uuid[]) and enabled and deleted_at is null
     order by workspace_id, id`);
}

/** By workspace; and what the hand-off is to know of each, by id. */
async function readSubscribers(
  tx: Tx,
  rows: readonly SubscriberRow[],
  hand_off: HandOff | null,
): Promise<{ subscribers: Map<string, Subscriber[]>; targets: Map<string, Target> }> {
  // One that we gave up may just be taken up again, which releases what is held: so its row is locked and read again.
  for (const row of rows.filter((row) => row.disabled)) {
    const now = await tx.first<{ disabled: boolean }>(sql`
      select state = 'disabled' as disabled from endpoints
       where workspace_id = ${row.workspace_id} and id = ${row.id} for share`);
    row.disabled = now?.disabled ?? true;
  }
  const subscribers = new Map<string, Subscriber[]>();
  const targets = new Map<string, Target>();
  for (const { events, disabled, ...target } of rows) {
    const { workspace_id, id } = target;
    const subscriber = { workspace_id, id, disabled, events: new Set(events) };
    const known = subscribers.get(workspace_id);
    if (known) known.push(subscriber);
    else subscribers.set(workspace_id, [subscriber]);
    if (hand_off) targets.set(id, target);
  }
  return { subscribers, targets };
}

function deliveriesOf(
  webhook: FanOutWebhook,
  subscribers: readonly Subscriber[],
  slice: Slice,
): WrittenDelivery[] {
  // Endpoints that want the same items share one rebuilt body.
  const rebuilt = new Map<string, Buffer>();
  const rebuild = (wanted: FanOutWebhook["events"]): Buffer => {
    const name = wanted.map((event) => event.id).join();
    const body =
      rebuilt.get(name) ??
      slice(
        webhook.body,
        wanted.map(({ event }) => event.path),
      );
    rebuilt.set(name, body);
    return body;
  };
  return subscribers.flatMap((subscriber) => {
    const wanted = webhook.events.filter(({ event }) => subscriber.events.has(event.subscription));
    if (wanted.length === 0) return [];
    const all = webhook.whole && wanted.length === webhook.events.length;
    const body = all ? null : rebuild(wanted);
    return {
      workspace_id: subscriber.workspace_id,
      id: newId(),
      endpoint_id: subscriber.id,
      journal_id: webhook.journal_id,
      body,
      bytes: body ?? webhook.body,
      events: [...new Set(wanted.map(({ event }) => event.subscription))],
      wamids: [...new Set(wanted.flatMap(wamidOf))],
      state: subscriber.disabled ? "held" : "pending",
    };
  });
}

function wamidOf({ event }: FanOutWebhook["events"][number]): string[] {
  // PostgreSQL's text holds no NUL; Meta's ids have none either, but this one is whatever came.
  return "wamid" in event.data && event.data.wamid !== null
    ? [event.data.wamid.replaceAll("\0", "\ufffd")]
    : [];
}

/** So that two batches take their index pages in one order. */
const sortedBy = (deliveries: WrittenDelivery[]): WrittenDelivery[] =>
  deliveries.toSorted((a, b) =>
    a.workspace_id < b.workspace_id ? -1 : a.workspace_id > b.workspace_id ? 1 : 0,
  );

/**
 * One statement a batch; what finds deliveries by message is a quarter of its time. `text[]` can't hold rows of
 * different lengths: those travel as array literals. What is offered is born leased.
 */
function insert(
  tx: Tx,
  rows: readonly WrittenDelivery[],
  kind: "event" | "replay",
  { offer = null, recovery_id = null }: { offer?: Offer | null; recovery_id?: string | null },
): void {
  const none = Buffer.alloc(0);
  const wamids = rows.flatMap((row) => row.wamids.map((wamid) => ({ row, wamid_hash: hashOfWamid(wamid) })));
  tx.later(named("deliveries")`
    with delivery as (
      select * from unnest(
        ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[],
        ${uuidArray(rows.map((row) => row.id))}::uuid[],
        ${uuidArray(rows.map((row) => row.endpoint_id))}::uuid[],
        ${uuidArray(rows.map((row) => row.journal_id))}::uuid[],
        ${byteaArray(rows.map((row) => row.body ?? none))}::bytea[],
        ${textArray(rows.map((row) => arrayLiteral(row.events)))}::text[],
        ${textArray(rows.map((row) => arrayLiteral(row.wamids)))}::text[],
        ${textArray(rows.map((row) => row.state))}::text[],
        ${int8Array(rows.map((row) => (offer?.ids.has(row.id) ? 1 : 0)))}::int8[]
      ) as delivery (workspace_id, id, endpoint_id, journal_id, body, events, wamids, state, leased)
    ),
    inserted as (
      insert into delivery_queue
        (workspace_id, id, endpoint_id, journal_id, kind, body, events, wamids, state, next_attempt_at, lease, recovery_id)
      select workspace_id, id, endpoint_id, journal_id, ${kind}, nullif(body, ''::bytea), events::text[], wamids::text[],
             state, case when leased = 1 then clock_timestamp() + ${offer?.lease_ms ?? 0}::float8 * interval '1 ms'
                         when state = 'pending' then now() end,
             case when leased = 1 then ${offer?.lease ?? null}::uuid end, ${recovery_id}
        from delivery
    ),
    findable as (
      insert into delivery_wamids (workspace_id, wamid_hash, delivery_id)
      select * from unnest(
        ${uuidArray(wamids.map(({ row }) => row.workspace_id))}::uuid[],
        ${int8ArrayOfBytes(wamids.map(({ wamid_hash }) => wamid_hash))}::int8[],
        ${uuidArray(wamids.map(({ row }) => row.id))}::uuid[])
      on conflict do nothing
    )
    -- The dispatchers are told only of what is left to them.
    select count(pg_notify('deliveries', '')) from (select from delivery where leased = 0 limit 1) left_to_claim`);
}

/** `{"a","b"}`, as PostgreSQL reads it. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(",")}}`;
}
