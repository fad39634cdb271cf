import { newId, Problem, systemClock, type Clock, type SecretBox } from "../base/base.ts";
import {
  beforeId,
  toListById,
  type Page,
  sql,
  type Database,
  type Queryable,
  type Sql,
  type Tx,
} from "../db/db.ts";
import { publish } from "../live/live.ts";
import type { Subscription } from "../meta/events.ts";
import type { Guard } from "./guard.ts";
import { givesUpAt } from "./health.ts";
import { drawSecret } from "./secrets.ts";
import type { RetryPreset } from "./schedule.ts";
import { shown, type Shown } from "./shown.ts";
import { checkTargetUrl } from "./target-url.ts";

/** Enough for every stage and team; each more is one more POST a webhook. */
export const MAX_ENDPOINTS = 20;

interface EndpointRow {
  id: string;
  url: string;
  description: string | null;
  enabled: boolean;
  events: Subscription[];
  retry_preset: RetryPreset;
  rate_limit_per_s: number | null;
  concurrency: number;
  timeout_ms: number;
  give_up_after_s: number;
  state: "ok" | "failing" | "disabled";
  state_reason: string | null;
  failures: number;
  failing_since: Date | null;
  warned_at: Date | null;
  disabled_at: Date | null;
  held_until: Date | null;
  probe_at: Date | null;
  secret_created_at: Date;
  secret_fingerprint: string;
  next_secret_fingerprint: string | null;
  next_secret_created_at: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  created_at: Date;
  updated_at: Date;
}
export type EndpointView = Omit<
  Shown<EndpointRow>,
  "probe_at" | "next_secret_fingerprint" | "next_secret_created_at"
> & {
  header_names: string[];
  gives_up_at: string | null;
  prepared_secret: { fingerprint: string; created_at: string } | null;
};

function toView(row: EndpointRow): EndpointView {
  const {
    next_secret_fingerprint: fingerprint,
    next_secret_created_at: created_at,
    probe_at,
    held_until,
    ...rest
  } = shown(row);
  return {
    ...rest,
    // Both as ISO 8601 in UTC, so the later one is the greater one.
    held_until:
      [held_until, probe_at]
        .filter((time) => time !== null)
        .toSorted()
        .at(-1) ?? null,
    header_names: [],
    gives_up_at: givesUpAt(row, row.give_up_after_s)?.toISOString() ?? null,
    prepared_secret: fingerprint === null || created_at === null ? null : { fingerprint, created_at },
  };
}

export interface EndpointSettings {
  url: string;
  description?: string | null | undefined;
  enabled: boolean;
  events: readonly Subscription[];
}
/** As zod hands it over: a key that was not sent may be there as undefined. */
export type EndpointChanges = { [Key in keyof EndpointSettings]?: EndpointSettings[Key] | undefined };

export interface Endpoints {
  /** Throws INVALID_URL, URL_TOO_LONG, TARGET_NOT_ALLOWED, ENDPOINT_LIMIT. `secret` is never shown again. */
  create(workspace_id: string, settings: EndpointSettings): Promise<EndpointView & { secret: string }>;
  /** Newest first. */
  list(workspace_id: string, page: Page): Promise<{ data: EndpointView[]; next_cursor: string | null }>;
  /** This and the following throw NOT_FOUND, for another workspace's endpoint too. */
  get(workspace_id: string, id: string): Promise<EndpointView>;
  /** Switching off holds what is on its way; switching on (also after we gave up) sends it. */
  update(workspace_id: string, id: string, changes: EndpointChanges): Promise<EndpointView>;
  /** Gone at once; its deliveries are removed by `purge`. */
  remove(workspace_id: string, id: string): Promise<void>;
  /** A new secret; what is signed from now on is signed with it alone. */
  rotateSecret(workspace_id: string, id: string): Promise<{ secret: string }>;
}

const COLUMNS = sql`id, url, description, enabled, events, retry_preset, rate_limit_per_s, concurrency, timeout_ms,
  give_up_after_s, state, state_reason, failures, failing_since, warned_at, disabled_at, held_until,
  probe_at, secret_created_at, secret_fingerprint, next_secret_fingerprint, next_secret_created_at, last_success_at,
  last_failure_at, created_at, updated_at`;

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

  const find = async (queryable: Queryable, workspace_id: string, id: string, lock?: Sql) => {
    const row = await queryable.first<EndpointRow>(sql`
      select ${COLUMNS} from endpoints
       where workspace_id = ${workspace_id} and id = ${id} and deleted_at is null ${lock ?? sql``}`);
    if (!row) throw new Problem("NOT_FOUND");
    return row;
  };

  return {
    async create(workspace_id, settings) {
      checkTargetUrl(settings.url, guard);
      const id = newId(clock.now());
      const secret = drawSecret(box, id);
      return db.transaction(async (tx) => {
        // The workspace's row is the queue in which its creations wait: two can't both take the last place.
        await tx.run(sql`select 1 from workspaces where id = ${workspace_id} for no key update`);
        const row = await tx.first<EndpointRow>(sql`
          insert into endpoints (workspace_id, id, url, description, enabled, events, secret_salt, secret_key_id,
              secret_fingerprint, secret_created_at, created_at, updated_at)
          select ${workspace_id}, ${id}, ${settings.url}, ${settings.description ?? null}, ${settings.enabled},
              ${[...new Set(settings.events)]}::text[], ${secret.secret_salt}, ${secret.secret_key_id},
              ${secret.fingerprint}, ${now()}, ${now()}, ${now()}
           where (select count(*) from endpoints
                   where workspace_id = ${workspace_id} and deleted_at is null) < ${MAX_ENDPOINTS}
          returning ${COLUMNS}`);
        if (!row) throw new Problem("ENDPOINT_LIMIT");
        await announce(tx, workspace_id, id);
        return { ...toView(row), secret: secret.text };
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

    get: async (workspace_id, id) => toView(await find(db, workspace_id, id)),

    async update(workspace_id, id, changes) {
      if (changes.url !== undefined) checkTargetUrl(changes.url, guard);
      return db.transaction(async (tx) => {
        const before = await find(tx, workspace_id, id, sql`for no key update`);
        const url = changes.url ?? before.url;
        const enabled = changes.enabled ?? before.enabled;
        // Another address, or somebody who says "go on": what we held against it no longer counts.
        const fresh = url !== before.url || changes.enabled === true;
        const row = await tx.first<EndpointRow>(sql`
          update endpoints set url = ${url}, enabled = ${enabled},
                 description = ${changes.description === undefined ? before.description : changes.description},
                 events = ${[...new Set(changes.events ?? before.events)]}::text[],
                 state = case when ${fresh} then 'ok' else state end,
                 state_reason = case when ${fresh} then null else state_reason end,
                 failures = case when ${fresh} then 0 else failures end,
                 failing_since = case when ${fresh} then null else failing_since end,
                 held_until = case when ${fresh} then null else held_until end,
                 probe_at = case when ${fresh} then null else probe_at end,
                 trips = case when ${fresh} then 0 else trips end,
                 warned_at = case when ${fresh} then null else warned_at end,
                 disabled_at = case when ${fresh} then null else disabled_at end,
                 updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}
          returning ${COLUMNS}`);
        if (!enabled) await hold(tx, workspace_id, [id]);
        else if (row!.state !== "disabled" && (!before.enabled || before.state === "disabled"))
          await release(tx, workspace_id, id, now());
        await announce(tx, workspace_id, id);
        return toView(row!);
      });
    },

    async remove(workspace_id, id) {
      await db.transaction(async (tx) => {
        await find(tx, workspace_id, id, sql`for no key update`);
        await tx.run(sql`
          update endpoints set deleted_at = ${now()}, enabled = false, updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}`);
        await announce(tx, workspace_id, id);
      });
    },

    async rotateSecret(workspace_id, id) {
      const secret = drawSecret(box, id);
      return db.transaction(async (tx) => {
        await find(tx, workspace_id, id, sql`for no key update`);
        await tx.run(sql`
          update endpoints set secret_salt = ${secret.secret_salt}, secret_key_id = ${secret.secret_key_id},
                 secret_fingerprint = ${secret.fingerprint}, secret_created_at = ${now()},
                 next_secret_salt = null, next_secret_key_id = null, next_secret_fingerprint = null,
                 next_secret_created_at = null, updated_at = ${now()}
           where workspace_id = ${workspace_id} and id = ${id}`);
        await announce(tx, workspace_id, id);
        return { secret: secret.text };
      });
    },
  };
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
