import { isId, type Clock, type SecretBox } from "../base/base.ts";
import { sql, type Database } from "../db/db.ts";
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
/** Ids come from the URL: whoever tries many must not fill the memory. */
const MAX_ENTRIES = 1_000;

interface Known {
  found: FoundConnection;
  previous_app_secret: { secret: string; until_ms: number } | null;
}
interface Entry {
  at_ms: number;
  known: Promise<Known | null>;
}

export function createFind(deps: { db: Database; box: SecretBox; clock: Clock }): {
  find: (connection_id: string | null) => Promise<FoundConnection | null>;
  /** This process changed something: look again at the next call. */
  forget: () => void;
} {
  const { db, box, clock } = deps;
  const entries = new Map<string, Entry>();

  const read = async (id: string | null): Promise<Known | null> => {
    const row = await db.first<{
      id: string;
      workspace_id: string | null;
      app_secret: Buffer | null;
      previous_app_secret: Buffer | null;
      previous_app_secret_until: Date | null;
      verify_token: Buffer | null;
    }>(sql`
      select id, workspace_id, app_secret, previous_app_secret, previous_app_secret_until, verify_token
      from connections where ${id === null ? sql`true` : sql`id = ${id}`}
      order by created_at, id limit 1`);
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

  const entryOf = (key: string, id: string | null): Entry => {
    const before = entries.get(key);
    if (before && clock.now() - before.at_ms < FRESH_MS) return before;
    // With the database away, a wrong signature should still be a 401, and the handshake still be answered.
    const known = read(id).catch((error: unknown) => {
      if (before) return before.known;
      throw error;
    });
    const entry = { at_ms: clock.now(), known };
    entries.delete(key);
    entries.set(key, entry);
    known.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    if (entries.size > MAX_ENTRIES) {
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    }
    return entry;
  };

  return {
    async find(connection_id) {
      if (connection_id !== null && !isId(connection_id)) return null;
      const known = await entryOf(connection_id?.toLowerCase() ?? "oldest", connection_id).known;
      if (!known) return null;
      const { found, previous_app_secret: previous } = known;
      if (previous === null || previous.until_ms <= clock.now()) return found;
      return { ...found, app_secrets: [...found.app_secrets, previous.secret] };
    },
    forget: () => entries.clear(),
  };
}
