import { newId } from "../../base/base.ts";
import { byteaArray, int8ArrayOfBytes, sql, textArray, uuidArray, type Tx } from "../../db/db.ts";
import type { ItemPath, Subscription } from "../../meta/events.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import { hashOfWamid } from "./wamids.ts";

export { hashOfWamid } from "./wamids.ts";

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

interface NewDelivery {
  workspace_id: string;
  endpoint_id: string;
  journal_id: string;
  body: Buffer | null;
  events: string[];
  wamids: string[];
  state: "pending" | "held";
}

/**
 * Writes the deliveries of each endpoint, in the transaction that also writes the webhooks' effects. An endpoint that asked
 * for everything in a webhook gets Meta's very bytes (by reference to the journal); else the envelope is rebuilt
 * around the items that it asked for. An endpoint that we gave up gets its deliveries held, not dropped.
 */
export function createFanOut(slice: Slice): (tx: Tx, webhooks: readonly FanOutWebhook[]) => Promise<void> {
  return async (tx, webhooks) => {
    const subscribers = await readSubscribers(tx, webhooks);
    if (subscribers.size === 0) return;
    const deliveries = webhooks.flatMap((webhook) =>
      deliveriesOf(webhook, subscribers.get(webhook.workspace_id) ?? [], slice),
    );
    if (deliveries.length > 0) await insert(tx, deliveries, "event");
  };
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
    const deliveries = webhooks.flatMap((webhook) => deliveriesOf(webhook, [subscriber], slice));
    if (deliveries.length > 0) await insert(tx, deliveries, "replay", recovery_id);
    return deliveries.length;
  };
}

async function readSubscribers(
  tx: Tx,
  webhooks: readonly FanOutWebhook[],
): Promise<Map<string, Subscriber[]>> {
  const workspaces = [...new Set(webhooks.map((webhook) => webhook.workspace_id))];
  const rows = await tx.rows<{
    workspace_id: string;
    id: string;
    events: Subscription[];
    disabled: boolean;
  }>(sql`
    select workspace_id, id, events, state = 'disabled' as disabled from endpoints
     where workspace_id = any(${uuidArray(workspaces)}::uuid[]) and enabled and deleted_at is null
     order by workspace_id, id`);
  // One that we gave up may just be taken up again, which releases what is held: so its row is locked and read again.
  for (const row of rows.filter((row) => row.disabled)) {
    const now = await tx.first<{ disabled: boolean }>(sql`
      select state = 'disabled' as disabled from endpoints
       where workspace_id = ${row.workspace_id} and id = ${row.id} for share`);
    row.disabled = now?.disabled ?? true;
  }
  const subscribers = new Map<string, Subscriber[]>();
  for (const row of rows) {
    const subscriber = { ...row, events: new Set(row.events) };
    const known = subscribers.get(row.workspace_id);
    if (known) known.push(subscriber);
    else subscribers.set(row.workspace_id, [subscriber]);
  }
  return subscribers;
}

function deliveriesOf(
  webhook: FanOutWebhook,
  subscribers: readonly Subscriber[],
  slice: Slice,
): NewDelivery[] {
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
    return {
      workspace_id: subscriber.workspace_id,
      endpoint_id: subscriber.id,
      journal_id: webhook.journal_id,
      body: all ? null : rebuild(wanted),
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

/**
 * One statement a batch; what finds deliveries by message is a quarter of its time. `text[]` can't hold rows of
 * different lengths: those travel as array literals.
 */
async function insert(
  tx: Tx,
  deliveries: NewDelivery[],
  kind: "event" | "replay",
  recovery_id: string | null = null,
): Promise<void> {
  // Sorted, so that two batches take their index pages in one order.
  const rows = deliveries
    .map((delivery) => ({ ...delivery, id: newId() }))
    .toSorted((a, b) => (a.workspace_id < b.workspace_id ? -1 : a.workspace_id > b.workspace_id ? 1 : 0));
  const none = Buffer.alloc(0);
  const wamids = rows.flatMap((row) => row.wamids.map((wamid) => ({ row, wamid_hash: hashOfWamid(wamid) })));
  await tx.run(sql`
    with delivery as (
      select * from unnest(
        ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[],
        ${uuidArray(rows.map((row) => row.id))}::uuid[],
        ${uuidArray(rows.map((row) => row.endpoint_id))}::uuid[],
        ${uuidArray(rows.map((row) => row.journal_id))}::uuid[],
        ${byteaArray(rows.map((row) => row.body ?? none))}::bytea[],
        ${textArray(rows.map((row) => arrayLiteral(row.events)))}::text[],
        ${textArray(rows.map((row) => arrayLiteral(row.wamids)))}::text[],
        ${textArray(rows.map((row) => row.state))}::text[]
      ) as delivery (workspace_id, id, endpoint_id, journal_id, body, events, wamids, state)
    ),
    inserted as (
      insert into deliveries
        (workspace_id, id, endpoint_id, journal_id, kind, body, events, wamids, state, next_attempt_at, recovery_id)
      select workspace_id, id, endpoint_id, journal_id, ${kind}, nullif(body, ''::bytea), events::text[], wamids::text[],
             state, case when state = 'pending' then now() end, ${recovery_id}
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
    select pg_notify('deliveries', '')`);
}

/** `{"a","b"}`, as PostgreSQL reads it. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(",")}}`;
}
