import { systemClock, type Clock } from "../../base/base.ts";
import { beforeId, sql, toListById, type Keep, type List, type Page } from "../../db/db.ts";
import { COLUMNS, findEndpoint, toView, type EndpointRow, type EndpointView } from "./endpoint-rows.ts";
import type { EndpointSettings } from "./endpoint-settings.ts";
import {
  announce,
  createEndpoint,
  MAX_ENDPOINTS,
  restoreHeaders,
  updateEndpoint,
  type EndpointDeps,
  type EndpointEdit,
} from "./endpoint-writes.ts";
import { createEndpointSecrets, type EndpointSecrets } from "./secret-rotation.ts";
import { isSameTarget } from "../http/http.ts";

export { recordHistory } from "./endpoint-history.ts";
export { endpointKeysInUse, findEndpoint, listHistory } from "./endpoint-rows.ts";
export { type EndpointEdit, MAX_ENDPOINTS } from "./endpoint-writes.ts";
export { hold, holdClosed } from "./holding.ts";
export { clearRemoved } from "./removed-headers.ts";
export { troubledEndpoints } from "./troubled.ts";
export { shown, type Shown } from "./shown.ts";

/** `user_id`: who does it, for the history; null for an API key. */
export interface Endpoints extends EndpointSecrets {
  /** Throws INVALID_URL, URL_TOO_LONG, TARGET_NOT_ALLOWED, HEADER_NOT_ALLOWED, ENDPOINT_LIMIT. `secret` is never shown again. */
  create(
    workspace_id: string,
    settings: EndpointSettings,
    user_id?: string | null,
    keep?: Keep<EndpointView & { secret: string }>,
  ): Promise<EndpointView & { secret: string }>;
  /** Newest first. `url`: those with this URL, however it is spelt. `search`: a part of the URL or the description. */
  list(
    workspace_id: string,
    page: Page & { url?: string | undefined; search?: string | undefined },
  ): Promise<List<EndpointView>>;
  /** This and the following throw NOT_FOUND, for another workspace's endpoint too. */
  get(workspace_id: string, id: string): Promise<EndpointView>;
  /**
   * Switching off holds what is on its way; switching on (also what was disabled) sends it. Another URL of an endpoint
   * that fails or is disabled sends nothing unless `waiting_deliveries` or `enabled` says so. Throws as `create`, and
   * EDITED_MEANWHILE.
   */
  update(
    workspace_id: string,
    id: string,
    edit: EndpointEdit,
    user_id?: string | null,
  ): Promise<EndpointView>;
  /** Custom headers that were removed a moment ago, as they were. Throws NO_REMOVED_HEADERS. */
  restoreHeaders(
    workspace_id: string,
    id: string,
    names: readonly string[],
    user_id?: string | null,
  ): Promise<EndpointView>;
  /** Gone at once; its deliveries are removed by `purge`. */
  remove(workspace_id: string, id: string): Promise<void>;
}

export function createEndpoints(given: Omit<EndpointDeps, "clock"> & { clock?: Clock }): Endpoints {
  const deps = { clock: systemClock, ...given };
  const { db, box, clock } = deps;
  const now = () => new Date(clock.now());

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

    create: (workspace_id, given, user_id = null, keep) =>
      createEndpoint(deps, workspace_id, given, user_id, keep),

    // The primary key finds the workspace's rows, which are MAX_ENDPOINTS at most, and what is being purged.
    async list(workspace_id, { url, search = "", cursor, limit }) {
      const rows = await db.rows<EndpointRow>(sql`
        select ${COLUMNS} from endpoints
         where workspace_id = ${workspace_id} and deleted_at is null and ${beforeId(sql`id`, cursor)}
           and position(lower(${search}) in lower(concat_ws(' ', description, url))) > 0
         order by id desc limit ${url === undefined ? limit + 1 : MAX_ENDPOINTS}`);
      const found = url === undefined ? rows : rows.filter((row) => isSameTarget(row.url, url));
      return toListById(found.map(toView), limit);
    },

    get: async (workspace_id, id) => toView(await findEndpoint(db, workspace_id, id)),

    update: (workspace_id, id, edit, user_id = null) => updateEndpoint(deps, workspace_id, id, edit, user_id),

    restoreHeaders: (workspace_id, id, names, user_id = null) =>
      restoreHeaders(deps, workspace_id, id, names, user_id),

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
