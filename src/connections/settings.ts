import { newId, Problem, type Clock, type SecretBox } from "../base/base.ts";
import { sql, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import { openUnlessLost } from "./open.ts";

export interface EnvironmentConnection {
  app_secret: string | null;
  verify_token: string | null;
  access_token: string | null;
  /** Null: that of a simulator on this machine, which says itself where it is. */
  graph_url: string | null;
}

export interface ConnectionSettings {
  id: string;
  name: string;
  graph_url: string;
  /** Webhooks that come without an id in the URL are its. */
  from_environment: boolean;
  has_app_secret: boolean;
  has_verify_token: boolean;
  has_access_token: boolean;
  previous_app_secret_until: Date | null;
  /** When Meta last checked the callback URL. */
  verified_at: Date | null;
  /** Of its numbers, to the minute. */
  last_webhook_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface ConnectionSecrets {
  id: string;
  graph_url: string;
  app_secret: string | null;
  access_token: string | null;
}

type SecretColumn = "app_secret" | "previous_app_secret" | "verify_token" | "access_token";
interface Sealed {
  id: string;
  graph_url: string;
  app_secret: Buffer | null;
  verify_token: Buffer | null;
  access_token: Buffer | null;
}

const DAY_MS = 86_400_000;
/** Nothing answers there, so what is sent waits. */
const NOWHERE = "http://127.0.0.1:9";

/** Ids of the master keys without which some connection's secrets can't be read. */
export async function connectionKeysInUse(db: Queryable): Promise<string[]> {
  const rows = await db.rows<{ key_id: string }>(sql`
    select distinct encode(substring(sealed for 4), 'hex') as key_id from connections cross join lateral (
        values (app_secret), (verify_token), (access_token),
               (case when previous_app_secret_until > now() then previous_app_secret end)) as secrets (sealed)
     where sealed is not null`);
  return rows.map(({ key_id }) => key_id);
}

export function createSettings(deps: { db: Database; box: SecretBox; clock: Clock; changed: () => void }) {
  const { db, box, clock } = deps;
  const seal = (id: string, column: SecretColumn, plain: string) =>
    box.seal(plain, `connection:${id}:${column}`);
  const open = (row: Sealed, column: "app_secret" | "verify_token" | "access_token") => {
    const sealed = row[column];
    return sealed === null ? null : openUnlessLost(box, sealed, `connection:${row.id}:${column}`);
  };

  const opened = (row: Sealed): ConnectionSecrets => ({
    id: row.id,
    graph_url: row.graph_url,
    app_secret: open(row, "app_secret"),
    access_token: open(row, "access_token"),
  });

  const read = (from: Queryable, where: Sql, lock = sql``) =>
    from.first<Sealed>(sql`
      select id, graph_url, app_secret, verify_token, access_token from connections where ${where} ${lock}`);
  const isNamed = (workspace_id: string, id: string) => sql`workspace_id = ${workspace_id} and id = ${id}`;

  const replaceAppSecret = async (
    tx: Tx,
    row: Sealed,
    app_secret: string,
    keep_ms: number,
  ): Promise<void> => {
    const before = open(row, "app_secret");
    if (before === app_secret) return;
    await tx.run(sql`
      update connections set
        app_secret = ${seal(row.id, "app_secret", app_secret)},
        previous_app_secret = ${before === null ? null : seal(row.id, "previous_app_secret", before)},
        previous_app_secret_until = ${before === null ? null : new Date(clock.now() + keep_ms)},
        updated_at = now()
      where id = ${row.id}`);
  };

  return {
    async ensureFromEnvironment(workspace_id: string, given: EnvironmentConnection): Promise<string> {
      const id = await db.transaction(async (tx) => {
        // Processes that start together agree on who makes it.
        await tx.run(sql`select from workspaces where id = ${workspace_id} for no key update`);
        const row = await read(tx, sql`from_environment`, sql`for update`);
        if (!row) {
          const made = newId();
          const sealGiven = (column: "app_secret" | "verify_token" | "access_token") =>
            given[column] === null ? null : seal(made, column, given[column]);
          await tx.run(sql`
            insert into connections (id, workspace_id, name, from_environment, app_secret, verify_token, access_token, graph_url)
            values (${made}, ${workspace_id}, 'Meta', true, ${sealGiven("app_secret")}, ${sealGiven("verify_token")},
              ${sealGiven("access_token")}, ${given.graph_url ?? NOWHERE})`);
          return made;
        }
        if (given.app_secret !== null) await replaceAppSecret(tx, row, given.app_secret, DAY_MS);
        const verify_token = given.verify_token ?? open(row, "verify_token");
        const access_token = given.access_token ?? open(row, "access_token");
        const isHere = new URL(row.graph_url).hostname === "127.0.0.1";
        const graph_url = given.graph_url ?? (isHere ? row.graph_url : NOWHERE);
        if (
          verify_token !== open(row, "verify_token") ||
          access_token !== open(row, "access_token") ||
          graph_url !== row.graph_url
        ) {
          await tx.run(sql`
            update connections set
              verify_token = ${verify_token === null ? null : seal(row.id, "verify_token", verify_token)},
              access_token = ${access_token === null ? null : seal(row.id, "access_token", access_token)},
              graph_url = ${graph_url},
              updated_at = now()
            where id = ${row.id}`);
        }
        return row.id;
      });
      deps.changed();
      return id;
    },

    async rotateAppSecret(
      workspace_id: string,
      id: string,
      app_secret: string,
      keep_ms = DAY_MS,
    ): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await read(tx, isNamed(workspace_id, id), sql`for update`);
        if (!row) throw new Problem("NOT_FOUND");
        await replaceAppSecret(tx, row, app_secret, keep_ms);
      });
      deps.changed();
    },

    list: (workspace_id: string): Promise<ConnectionSettings[]> =>
      db.rows<ConnectionSettings>(sql`
        select id, name, graph_url, from_environment,
          app_secret is not null as has_app_secret,
          verify_token is not null as has_verify_token,
          access_token is not null as has_access_token,
          case when previous_app_secret_until > ${new Date(clock.now())} then previous_app_secret_until end
            as previous_app_secret_until,
          verified_at, (select max(n.last_webhook_at) from phone_numbers n where n.connection_id = c.id) as last_webhook_at,
          created_at, updated_at
        from connections c where workspace_id = ${workspace_id} order by created_at, id`),

    async recordVerified(id: string): Promise<void> {
      await db.run(sql`update connections set verified_at = ${new Date(clock.now())} where id = ${id}`);
    },

    async reach(id: string): Promise<ConnectionSecrets | null> {
      const row = await read(db, sql`id = ${id}`);
      return row ? opened(row) : null;
    },

    async open(workspace_id: string, id: string): Promise<ConnectionSecrets | null> {
      const row = await read(db, isNamed(workspace_id, id));
      return row ? opened(row) : null;
    },
  };
}
