import { createCache, isId, type Clock, type SecretBox } from "../base/base.ts";
import { sql, uuidArray, type Database } from "../db/db.ts";
import { openUnlessLost } from "./open.ts";

export interface FoundConnection {
  id: string;
  /** Null: shared by several workspaces. */
  workspace_id: string | null;
  /** Those that may sign just now, newest first; empty: none was given yet. */
  app_secrets: string[];
  verify_token: string | null;
}

/** How long a process goes without looking whether a connection changed. */
const FRESH_MS = 3_000;
/** How long a look is waited for when something is known already. */
const PATIENCE_MS = 250;
/** Ids come from the URL: trying many must not fill the memory. */
const MAX_ENTRIES = 1_000;
/** The key of the connection whose settings are the environment's. */
const ENVIRONMENT = "environment";

interface Known {
  found: FoundConnection;
  previous_app_secret: { secret: string; until_ms: number } | null;
}

interface Row {
  id: string;
  workspace_id: string | null;
  app_secret: Buffer | null;
  previous_app_secret: Buffer | null;
  previous_app_secret_until: Date | null;
  verify_token: Buffer | null;
  from_environment: boolean;
}

/**
 * `db` is one that intake alone uses: what Meta waits for doesn't queue behind questions of the API. However many ids
 * strangers try, one statement is under way, and the next takes all that were asked for meanwhile.
 */
export function createFind(deps: { db: Database; box: SecretBox; clock: Clock }): {
  find: (connection_id: string | null) => Promise<FoundConnection | null>;
  /** This process changed something: look again at the next call. */
  forget: () => void;
} {
  const { db, box, clock } = deps;
  const readRow = createRowReader(db);

  const read = async (id: string | null): Promise<Known | null> => {
    const row = await readRow(id);
    if (!row) return null;
    const open = (column: "app_secret" | "previous_app_secret" | "verify_token") => {
      const sealed = row[column];
      return sealed === null ? null : openUnlessLost(box, sealed, `connection:${row.id}:${column}`);
    };
    const app_secret = open("app_secret");
    const until = row.previous_app_secret_until;
    const secret = until === null || until.getTime() <= clock.now() ? null : open("previous_app_secret");
    return {
      found: {
        id: row.id,
        workspace_id: row.workspace_id,
        app_secrets: app_secret === null ? [] : [app_secret],
        verify_token: open("verify_token"),
      },
      previous_app_secret: until === null || secret === null ? null : { secret, until_ms: until.getTime() },
    };
  };

  // With the database away or slow, what was known answers: signatures are checked, and the handshake too.
  const known = createCache({
    load: (key) => read(key === ENVIRONMENT ? null : key),
    fresh_ms: FRESH_MS,
    patience_ms: PATIENCE_MS,
    max_entries: MAX_ENTRIES,
    now: () => clock.now(),
  });

  return {
    async find(connection_id) {
      if (connection_id !== null && !isId(connection_id)) return null;
      const connection = await known.get(connection_id?.toLowerCase() ?? ENVIRONMENT);
      if (!connection) return null;
      const { found, previous_app_secret: previous } = connection;
      if (previous === null || previous.until_ms <= clock.now()) return found;
      return { ...found, app_secrets: [...found.app_secrets, previous.secret] };
    },
    forget: known.forget,
  };
}

function createRowReader(db: Database): (id: string | null) => Promise<Row | null> {
  interface Asked {
    id: string | null;
    resolve: (row: Row | null) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Asked[] = [];
  let reading = false;

  const readAll = async (): Promise<void> => {
    reading = true;
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      try {
        const ids = asked.flatMap(({ id }) => id ?? []);
        const rows = await db.rows<Row>(sql`
          select id, workspace_id, app_secret, previous_app_secret, previous_app_secret_until, verify_token,
            from_environment
          from connections where id = any(${uuidArray(ids)}::uuid[]) or from_environment`);
        const byId = new Map(rows.map((row) => [row.id, row]));
        const environment = rows.find((row) => row.from_environment) ?? null;
        for (const { id, resolve } of asked)
          resolve(id === null ? environment : (byId.get(id.toLowerCase()) ?? null));
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    reading = false;
  };

  return (id) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, resolve, reject });
      if (!reading) void readAll();
    });
}
