import { newId, Problem, type Clock, type SecretBox } from "../../base/base.ts";
import { sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { mergeEdit } from "./endpoint-edits.ts";
import { changesOf, turnsOf } from "./endpoint-changes.ts";
import { COLUMNS, findEndpoint, toView, type EndpointRow, type EndpointView } from "./endpoint-rows.ts";
import type { EndpointChanges, EndpointSettings } from "./endpoint-settings.ts";
import { type Guard, readTargetUrl, spellUrl } from "../http/http.ts";
import {
  changeHeaders,
  drawSecret,
  type HeaderChanges,
  reseal,
  type SealedHeaders,
  sealHeaders,
} from "../signing/signing.ts";
import { recordHistory } from "./endpoint-history.ts";
import { discard, hold, release } from "./holding.ts";
import { keepRemoved, pickRemoved, type RemovedHeaders } from "./removed-headers.ts";
import { HEALTH_AFTER, routeOf, type WaitingChoice } from "./url-change.ts";

/** How endpoints are made and changed: each in one transaction, with its history and what waits for it. */

/** Enough for every stage and team; each more is one more POST a webhook. */
export const MAX_ENDPOINTS = 20;

export interface EndpointDeps {
  db: Database;
  box: SecretBox;
  guard: Guard;
  clock: Clock;
}

export interface EndpointEdit extends EndpointChanges {
  /** The version that its author saw (endpoint-edits.ts); without one nothing is compared. */
  version?: number | undefined;
  waiting_deliveries?: WaitingChoice | undefined;
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

/** Wakes the dispatchers, so that they take up the change at once, and tells the pages: last before the commit. */
export const announce = async (tx: Tx, workspace_id: string, endpoint_id: string): Promise<void> => {
  await tx.run(sql`select pg_notify('deliveries', '')`);
  await publish(tx, [{ workspace_id, name: "EndpointUpdated", data: { endpoint_id } }]);
};

export async function createEndpoint(
  { db, box, guard, clock }: EndpointDeps,
  workspace_id: string,
  given: EndpointSettings,
  user_id: string | null,
  keep: Keep<EndpointView & { secret: string }> | undefined,
): Promise<EndpointView & { secret: string }> {
  const now = new Date(clock.now());
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
              ${secret.secret_salt}, ${secret.secret_key_id}, ${secret.fingerprint}, ${now}, ${now}, ${now}
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
}

export async function updateEndpoint(
  { db, box, guard, clock }: EndpointDeps,
  workspace_id: string,
  id: string,
  given: EndpointEdit,
  user_id: string | null,
): Promise<EndpointView> {
  const now = new Date(clock.now());
  const { version, waiting_deliveries, ...said_by_user } = given;
  const edit =
    said_by_user.url === undefined
      ? said_by_user
      : { ...said_by_user, url: readTargetUrl(said_by_user.url, guard) };
  return db.transaction(async (tx) => {
    const before = await lockRow(tx, workspace_id, id);
    const changes = await mergeEdit(tx, workspace_id, before, edit, version);
    const after = { ...before, ...said(changes) };
    const sealed = changes.headers ? resealed(box, before, changes.headers, now) : before;
    const route = await routeOf(tx, workspace_id, before, changes, waiting_deliveries);
    const recorded = changesOf(before, { ...after, header_names: sealed.header_names }, changes.headers);
    const row = (await tx.first<EndpointRow>(sql`
          update endpoints set url = ${after.url}, enabled = ${after.enabled}, description = ${after.description},
                 events = ${[...new Set(after.events)]}::text[], headers = ${sealed.headers},
                 header_names = ${sealed.header_names}::text[], removed_headers = ${sealed.removed_headers},
                 removed_headers_at = ${sealed.removed_headers_at}, retry_preset = ${after.retry_preset},
                 rate_limit_per_s = ${after.rate_limit_per_s}, concurrency = ${after.concurrency},
                 timeout_ms = ${after.timeout_ms}, give_up_after_s = ${after.give_up_after_s},
                 ${HEALTH_AFTER[route]} version = version + ${recorded.length > 0 ? 1 : 0}::int, updated_at = ${now}
           where workspace_id = ${workspace_id} and id = ${id}
          returning ${COLUMNS}`))!;
    if (waiting_deliveries === "discard" && after.url !== before.url) await discard(tx, workspace_id, id);
    if (!isOpen(row)) await hold(tx, workspace_id, [id]);
    else if (!isOpen(before)) await release(tx, workspace_id, id);
    await recordHistory(tx, turnsOf(before, row, recorded, { workspace_id, endpoint_id: id, user_id }));
    await announce(tx, workspace_id, id);
    return toView(row);
  });
}

export async function restoreHeaders(
  { db, box, clock }: EndpointDeps,
  workspace_id: string,
  id: string,
  names: readonly string[],
  user_id: string | null,
): Promise<EndpointView> {
  const now = new Date(clock.now());
  return db.transaction(async (tx) => {
    const before = await lockRow(tx, workspace_id, id);
    const headers = pickRemoved(box, before, names, now);
    const sealed = resealed(box, before, headers, now);
    const recorded = changesOf(before, { ...before, header_names: sealed.header_names }, headers);
    const row = (await tx.first<EndpointRow>(sql`
          update endpoints set headers = ${sealed.headers}, header_names = ${sealed.header_names}::text[],
                 version = version + 1, updated_at = ${now}
           where workspace_id = ${workspace_id} and id = ${id}
          returning ${COLUMNS}`))!;
    await recordHistory(tx, turnsOf(before, row, recorded, { workspace_id, endpoint_id: id, user_id }));
    await announce(tx, workspace_id, id);
    return toView(row);
  });
}

type LockedRow = EndpointRow & SealedHeaders & RemovedHeaders;
const lockRow = async (tx: Tx, workspace_id: string, id: string): Promise<LockedRow> => {
  const row = await findEndpoint<LockedRow>(tx, workspace_id, id, {
    columns: sql`${COLUMNS}, headers, removed_headers, removed_headers_at`,
    lock: sql`for no key update`,
  });
  return { ...row, url: spellUrl(row.url) };
};
const resealed = (box: SecretBox, row: LockedRow, changes: HeaderChanges, now: Date) => {
  const { before, after, ...sealed } = reseal(box, row, changes);
  return { ...sealed, ...keepRemoved(box, row, { before, after }, now) };
};

const isOpen = ({ enabled, state }: Pick<EndpointRow, "enabled" | "state">) =>
  enabled && state !== "disabled";

/** Without what was not said; headers are merged apart. */
type Said<Given> = { [Key in Exclude<keyof Given, "headers">]: Exclude<Given[Key], undefined> };
function said<Given extends EndpointChanges>(given: Given): Said<Given> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && name !== "headers"),
  ) as Said<Given>;
}
