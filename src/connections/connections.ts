/**
 * Connections are Meta apps: whose secret signs what arrives, and which workspaces own it. With them live the accounts
 * (WABAs) and business numbers that are reached through them.
 */
import type { Clock, SecretBox } from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { recordRejects } from "./accounts.ts";
import { createFind, type FoundConnection } from "./find.ts";
import type { Management } from "./management.ts";
import {
  createSettings,
  type ConnectionSecrets,
  type ConnectionSettings,
  type EnvironmentConnection,
} from "./settings.ts";

export {
  discardUnrouted,
  keepsUnrouted,
  listAccounts,
  listUnrouted,
  mapAccount,
  recordUnrouted,
  takeUnrouted,
  type KnownNumber,
  type Mapping,
  type UnroutedItems,
} from "./accounts.ts";
export {
  checkMeta,
  inOneLine,
  NEEDED_FIELDS,
  WANTED_FIELDS,
  type CheckedConnection,
  type MetaFinding,
} from "./check-meta.ts";
export { listRejects, silentNumbers, watchedConnections } from "./watch.ts";
export { createGraphs, type Graphs } from "./graphs.ts";
export { noteNumber, readNumber, registerNumbers, setSilence } from "./numbers.ts";
export { addedConnections, connectionKeysInUse } from "./settings.ts";
export { routeItems, type ItemRoute, type RoutableItem } from "./route-items.ts";
export { stateOf } from "./management.ts";
export type { Management, ConnectionSecrets, ConnectionSettings, EnvironmentConnection, FoundConnection };

export interface Connections extends Management {
  /**
   * What intake must know of a connection; null in place of an id: the environment's. A change by any process is seen
   * within `FRESH_MS`. While the database is away, what was known before is answered.
   */
  find(connection_id: string | null): Promise<FoundConnection | null>;
  /**
   * The connection that the environment configures, made in this workspace when there is none. Values that are null
   * leave alone what is stored. A changed app secret is a rotation: the one before stays valid for a day. Others, older
   * or newer, are not touched.
   */
  ensureFromEnvironment(workspace_id: string, given: EnvironmentConnection): Promise<string>;
  /** Signatures by the secret that it replaces are accepted for `keep_ms` more (a day). Throws NOT_FOUND. */
  rotateAppSecret(workspace_id: string, id: string, app_secret: string, keep_ms?: number): Promise<void>;
  /** What may be shown: which secrets are set, never the secrets. */
  list(workspace_id: string): Promise<ConnectionSettings[]>;
  /** Meta has just checked the callback URL with the verify token. */
  recordVerified(id: string): Promise<void>;
  /** A webhook's signature was wrong: counted here, and written by `recordRejects` some seconds later. */
  noteReject(id: string): void;
  recordRejects(): Promise<void>;
  /** What calls to Meta need, opened. Null when the workspace has no such connection. */
  open(workspace_id: string, id: string): Promise<ConnectionSecrets | null>;
  /** The same for a connection that may be shared: by the row of a number or account that goes through it. */
  reach(id: string): Promise<ConnectionSecrets | null>;
}

export function createConnections(deps: {
  db: Database;
  /** For `find` alone; by default `db`. */
  find_db?: Database;
  box: SecretBox;
  clock: Clock;
}): Connections {
  const finder = createFind({ ...deps, db: deps.find_db ?? deps.db });
  const rejects = new Map<string, number>();
  return {
    find: finder.find,
    noteReject: (id) => void rejects.set(id, (rejects.get(id) ?? 0) + 1),
    async recordRejects() {
      const counted = new Map(rejects);
      rejects.clear();
      await recordRejects(deps.db, counted, deps.clock.now());
    },
    ...createSettings({ ...deps, changed: finder.forget }),
  };
}
