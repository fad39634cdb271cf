import { newId, Problem, systemClock, type Clock, type SecretBox } from "../base/base.ts";
import {
  beforeId,
  sql,
  toListById,
  type Database,
  type Keep,
  type List,
  type Page,
  type Tx,
} from "../db/db.ts";
import { publish } from "../live/live.ts";
import type { Subscription } from "../meta/events.ts";
import { COLUMNS, findEndpoint, toView, type EndpointRow, type EndpointView } from "./endpoint-rows.ts";
import { createEndpointSecrets, type EndpointSecrets } from "./endpoint-secrets.ts";
import type { Guard } from "./guard.ts";
import { changeHeaders, reseal, sealHeaders, type HeaderChanges } from "./headers.ts";
import { recordHistory, type NewHistory } from "./history.ts";
import { drawSecret } from "./secrets.ts";
import type { RetryPreset } from "./schedule.ts";
import { readTargetUrl, spellUrl } from "./target-url.ts";

/** Enough for every stage and team; each more is one more POST a webhook. */
export const MAX_ENDPOINTS = 20;

/** What a user may set; the rest has a default. As zod hands it over: a key that was not sent may be undefined. */
export interface EndpointSettings {
  url: string;
  description?: string | null | undefined;
  enabled: boolean;
  events: readonly Subscription[];
  headers?: HeaderChanges | undefined;
  retry_preset?: RetryPreset | undefined;
  rate_limit_per_s?: number | null | undefined;
  concurrency?: number | undefined;
  timeout_ms?: number | undefined;
  give_up_after_s?: number | undefined;
}
export type EndpointChanges = { [Key in keyof EndpointSettings]?: EndpointSettings[Key] | undefined };

/** `user_id`: who does it, for the history; null for an API key. */
export interface Endpoints extends EndpointSecrets {
  /** Throws INVALID_URL, URL_TOO_LONG, TARGET_NOT_ALLOWED, HEADER_NOT_ALLOWED, ENDPOINT_LIMIT. `secret` is never shown again. */
  create(
    workspace_id: string,
    settings: EndpointSettings,
    user_id?: string | null,
    keep?: Keep<EndpointView & { secret: string }>,
  ): Promise<EndpointView & { secret: string }>;
  /** Newest first. */
  list(workspace_id: string, page: Page): Promise<List<EndpointView>>;
  /** This and the following throw NOT_FOUND, for another workspace's endpoint too. */
  get(workspace_id: string, id: string): Promise<EndpointView>;
  /** Switching off holds what is on its way; switching on (also after we gave up) sends it. Throws as `create`. */
  update(
    workspace_id: string,
    id: string,
    changes: EndpointChanges,
    user_id?: string | null,
  ): Promise<EndpointView>;
  /** Gone at once; its deliveries are removed by `purge`. */
  remove(workspace_id: string, id: string): Promise<void>;
}

/** Where the table's defaults stand in for what was not said. */
const DEFAULTS = {
  description: null,
  retry_preset: "standard",
  rate_limit_per_s: null,
  concurrency: 64,
  timeout_ms: 10_000,
  give_up_after_s: 432_000,
} as const;

/** How the history calls what changed. */
const WORDS = {
  url: "URL",
  description: "description",
  events: "events",
  retry_preset: "retries",
  rate_limit_per_s: "rate limit",
  concurrency: "concurrency",
  timeout_ms: "timeout",
  give_up_after_s: "time before giving up",
} as const satisfies Partial<Record<keyof EndpointSettings, string>>;
const NAMES = Object.keys(WORDS) as (keyof typeof WORDS)[];

export function createEndpoints(deps: {
  db: Database;
  box: SecretBox;
  guard: Guard;
  clock?: Clock;
}): Endpoints {
  const { db, box, guard, clock = systemClock } = deps;
  const now = () => new Date(clock.now());

  /** Wakes the dispatchers, so that they take up the change at once, and tells the pages: last before the commit. */
  const announce = async (tx: Tx, workspace_id: string, endpoint_id: string) => {
    await tx.run(sql`select pg_notify('deliveries', '')`);
    await publish(tx, [{ workspace_id, name: "EndpointUpdated", data: { endpoint_id } }]);
  };

  return {
    ...createEndpointSecrets({
      box,
      now,
      change: (workspace_id, id, work) =>
        db.transaction(async (tx) => {
          await findEndpoint(tx, workspace_id, id, { columns: sql`id`, lock: sql`for no key update` });
          const done = await work(tx);
          await announce(tx, workspace_id, id);
          return done;
        }),
    }),

    async create(workspace_id, given, user_id = null, keep) {
      const url = readTargetUrl(given.url, guard);
      const id = newId(clock.now());
      const headers = changeHeaders({}, given.headers ?? {});
      const secret = drawSecret(box, id);
      const settings = { ...DEFAULTS, ...said(given), url };
      return db.transaction(async (tx) => {
        // The workspace's row is the queue in which its creations wait: two can't both take the last place.
        await tx.run(sql`select 1 from workspaces where id = ${workspace_id} for no key update`);
        const row = await tx.first<EndpointRow>(sql`
          insert into endpoints (workspace_id, id, url, description, enabled, events, headers, header_names,
              retry_preset, rate_limit_per_s, concurrency, timeout_ms, give_up_after_s, secret_salt, secret_key_id,
              secret_fingerprint, secret_created_at, created_at, updated_at)
          select ${workspace_id}, ${id}, ${settings.url}, ${settings.description}, ${settings.enabled},
              ${[...new Set(settings.events)]}::text[], ${sealHeaders(box, id, headers)}::bytea,
              ${Object.keys(headers)}::text[], ${settings.retry_preset}, ${settings.rate_limit_per_s}::int,
              ${settings.concurrency}::int, ${settings.timeout_ms}::int, ${settings.give_up_after_s}::int,
              ${secret.secret_salt}, ${secret.secret_key_id}, ${secret.fingerprint}, ${now()}, ${now()}, ${now()}
           where (select count(*) from endpoints
                   where workspace_id = ${workspace_id} and deleted_at is null) < ${MAX_ENDPOINTS}
          returning ${COLUMNS}`);
        if (!row) throw new Problem("ENDPOINT_LIMIT");
        await recordHistory(tx, [{ workspace_id, endpoint_id: id, kind: "created", user_id }]);
        const created = { ...toView(row), secret: secret.text };
        await keep?.(tx, created);
        await announce(tx, workspace_id, id);
        return created;
      });
    },

    async list(workspace_id, page) {
      const rows = await db.rows<EndpointRow>(sql`
        select ${COLUMNS} from endpoints
         where workspace_id = ${workspace_id} and deleted_at is null
           and ${beforeId(sql`id`, page.cursor)}
         order by id desc limit ${page.limit + 1}`);
      return toListById(rows.map(toView), page.limit);
    },

    get: async (workspace_id, id) => toView(await findEndpoint(db, workspace_id, id)),

    async update(workspace_id, id, given, user_id = null) {
      const changes = given.url === undefined ? given : { ...given, url: readTargetUrl(given.url, guard) };
      return db.transaction(async (tx) => {
        const row_before = await findEndpoint<EndpointRow & { headers: Buffer | null }>(
          tx,
          workspace_id,
          id,
          {
            columns: sql`${COLUMNS}, headers`,
            lock: sql`for no key update`,
          },
        );
        const before = { ...row_before, url: spellUrl(row_before.url) };
        const after = { ...before, ...said(changes) };
        const sealed = changes.headers ? reseal(box, before, changes.headers) : before;
        // Another address, or somebody who says "go on": what we held against it no longer counts.
        const fresh = after.url !== before.url || changes.enabled === true;
        const row = await tx.first<EndpointRow>(sql`
          update endpoints set url = ${after.url}, enabled = ${after.enabled}, description = ${after.description},
                 events = ${[...new Set(after.events)]}::text[], headers = ${sealed.headers},
                 header_names = ${sealed.header_names}::text[], retry_preset = ${after.retry_preset},
                 rate_limit_per_s = ${after.rate_limit_per_s}, concurrency = ${after.concurrency},
                 timeout_ms = ${after.timeout_ms}, give_up_after_s = ${after.give_up_after_s},
                 ${fresh ? FORGIVEN : sql``} updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}
          returning ${COLUMNS}`);
        const wasOpen = before.enabled && before.state !== "disabled";
        const isOpen = row!.enabled && row!.state !== "disabled";
        if (!row!.enabled) await hold(tx, workspace_id, [id]);
        else if (isOpen && !wasOpen) await release(tx, workspace_id, id, now());
        await recordHistory(tx, turnsOf(before, row!, changes, { workspace_id, endpoint_id: id, user_id }));
        await announce(tx, workspace_id, id);
        return toView(row!);
      });
    },

    async remove(workspace_id, id) {
      await db.transaction(async (tx) => {
        await findEndpoint(tx, workspace_id, id, { columns: sql`id`, lock: sql`for no key update` });
        await tx.run(sql`
          update endpoints set deleted_at = ${now()}, enabled = false, updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}`);
        await announce(tx, workspace_id, id);
      });
    },
  };
}

const FORGIVEN = sql`state = 'ok', state_reason = null, failures = 0, failing_since = null, held_until = null,
  probe_at = null, trips = 0, warned_at = null, disabled_at = null,`;

/** Without what was not said; headers are merged apart. */
type Said<Given> = { [Key in Exclude<keyof Given, "headers">]: Exclude<Given[Key], undefined> };
function said<Given extends EndpointChanges>(given: Given): Said<Given> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && name !== "headers"),
  ) as Said<Given>;
}

/** What a change is to those who read the history: what was changed, and whether the endpoint was switched. */
function turnsOf(
  before: EndpointRow,
  after: EndpointRow,
  changes: EndpointChanges,
  entry: Omit<NewHistory, "kind">,
): NewHistory[] {
  const changed: string[] = NAMES.filter((name) => String(before[name]) !== String(after[name])).map(
    (name) => WORDS[name],
  );
  if (changes.headers && Object.keys(changes.headers).length > 0) changed.push("headers");
  const turns: NewHistory[] = [];
  if (changed.length > 0) turns.push({ ...entry, kind: "changed", detail: changed.join(", ") });
  if (before.enabled && !after.enabled) turns.push({ ...entry, kind: "switched_off" });
  else if (!before.enabled && after.enabled) turns.push({ ...entry, kind: "enabled" });
  else if (after.enabled && before.state === "disabled" && after.state !== "disabled")
    turns.push({ ...entry, kind: "enabled", detail: "It had been given up." });
  return turns;
}

/**
 * What waits for these endpoints is not tried until they are released. A try that is under way keeps its claim and
 * may still end well. Uses deliveries__due.
 */
export async function hold(tx: Tx, workspace_id: string, ids: readonly string[]): Promise<number> {
  // In the order of their keys, as results are written, so that neither waits for the other in a circle.
  return tx.run(sql`
    with waiting as (
      select workspace_id, id from deliveries
       where workspace_id = ${workspace_id} and endpoint_id = any(${ids}::uuid[]) and state = 'pending'
       order by id for update
    )
    update deliveries set state = 'held' from waiting
     where deliveries.workspace_id = waiting.workspace_id and deliveries.id = waiting.id`);
}

/** For an endpoint that was found closed with deliveries pending, written just while it was being closed. */
export async function holdClosed(
  db: Database,
  endpoint: { workspace_id: string; id: string },
): Promise<void> {
  const { workspace_id, id } = endpoint;
  await db.transaction(async (tx) => {
    // Under the lock, as it may be open again.
    const closed = await tx.first(sql`
      select 1 from endpoints
       where workspace_id = ${workspace_id} and id = ${id}
         and (not enabled or state = 'disabled' or deleted_at is not null) for no key update`);
    if (closed) await hold(tx, workspace_id, [id]);
  });
}

/** What was held is due now; what is being tried at this moment becomes due when that claim runs out. */
async function release(tx: Tx, workspace_id: string, id: string, now: Date): Promise<void> {
  await tx.run(sql`
    with held as (
      select workspace_id, id from deliveries
       where workspace_id = ${workspace_id} and endpoint_id = ${id} and state = 'held'
       order by id for update
    )
    update deliveries set state = 'pending',
           next_attempt_at = case when lease is null then ${now} else next_attempt_at end
      from held
     where deliveries.workspace_id = held.workspace_id and deliveries.id = held.id`);
}
