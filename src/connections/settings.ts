import { newId, Problem } from "../base/base.ts";
import { sql, type Queryable, type Sql, type Tx } from "../db/db.ts";
import type { MetaFinding } from "./check-meta.ts";
import { createManagement, isManagedBy, type SettingsDeps } from "./management.ts";
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
  /** Meta's id of the app; null: neither given nor asked for yet. */
  app_id: string | null;
  /** Several workspaces have accounts on it. */
  shared: boolean;
  /** Null: it was not checked yet. */
  checked_at: Date | null;
  findings: MetaFinding[] | null;
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

export const createSettings = (deps: SettingsDeps) => ({
  ...createManagement(deps),

  async ensureFromEnvironment(workspace_id: string, given: EnvironmentConnection): Promise<string> {
    const id = await deps.db.transaction(async (tx) => {
      // Processes that start together agree on who makes it.
      await tx.run(sql`select from workspaces where id = ${workspace_id} for no key update`);
      const row = await read(tx, sql`from_environment`, sql`for update`);
      if (!row) return makeConnection(deps, tx, workspace_id, given);
      await changeConnection(deps, tx, row, given);
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
    await deps.db.transaction(async (tx) => {
      const row = await read(tx, isNamed(workspace_id, id), sql`for update`);
      if (!row) throw new Problem("NOT_FOUND");
      await replaceAppSecret(deps, tx, row, app_secret, keep_ms);
    });
    deps.changed();
  },

  list: (workspace_id: string) => listConnections(deps, workspace_id),

  async recordVerified(id: string): Promise<void> {
    const { db, clock } = deps;
    await db.run(sql`update connections set verified_at = ${new Date(clock.now())} where id = ${id}`);
  },

  async reach(id: string): Promise<ConnectionSecrets | null> {
    const row = await read(deps.db, sql`id = ${id}`);
    return row ? opened(deps, row) : null;
  },

  async open(workspace_id: string, id: string): Promise<ConnectionSecrets | null> {
    const row = await read(deps.db, isNamed(workspace_id, id));
    return row ? opened(deps, row) : null;
  },
});

const isNamed = (workspace_id: string, id: string) => sql`${isManagedBy(workspace_id)} and id = ${id}`;

const read = (from: Queryable, where: Sql, lock = sql``) =>
  from.first<Sealed>(sql`
    select id, graph_url, app_secret, verify_token, access_token from connections where ${where} ${lock}`);

const listConnections = ({ db, clock }: SettingsDeps, workspace_id: string): Promise<ConnectionSettings[]> =>
  db.rows<ConnectionSettings>(sql`
        select id, name, app_id, c.workspace_id is null as shared, checked_at, findings, graph_url, from_environment,
          app_secret is not null as has_app_secret,
          verify_token is not null as has_verify_token,
          access_token is not null as has_access_token,
          case when previous_app_secret_until > ${new Date(clock.now())} then previous_app_secret_until end
            as previous_app_secret_until,
          verified_at, (select max(n.last_webhook_at) from phone_numbers n where n.connection_id = c.id) as last_webhook_at,
          created_at, updated_at
        from connections c where ${isManagedBy(workspace_id, sql`c`)} order by created_at, id`);

/** Of all workspaces, without the environment's: what is checked from outside. */
export const addedConnections = (
  db: Queryable,
): Promise<{ id: string; name: string; app_id: string | null; waba_ids: string[] }[]> =>
  db.rows(sql`
    select c.id, c.name, c.app_id,
      array(select distinct a.waba_id from accounts a where a.connection_id = c.id order by a.waba_id) as waba_ids
    from connections c where not c.from_environment order by c.created_at, c.id`);

type SecretColumn = "app_secret" | "previous_app_secret" | "verify_token" | "access_token";

const seal = ({ box }: SettingsDeps, id: string, column: SecretColumn, plain: string | null) =>
  plain === null ? null : box.seal(plain, `connection:${id}:${column}`);

function open(
  { box }: SettingsDeps,
  row: Sealed,
  column: "app_secret" | "verify_token" | "access_token",
): string | null {
  const sealed = row[column];
  return sealed === null ? null : openUnlessLost(box, sealed, `connection:${row.id}:${column}`);
}

const opened = (deps: SettingsDeps, row: Sealed): ConnectionSecrets => ({
  id: row.id,
  graph_url: row.graph_url,
  app_secret: open(deps, row, "app_secret"),
  access_token: open(deps, row, "access_token"),
});

async function makeConnection(
  deps: SettingsDeps,
  tx: Tx,
  workspace_id: string,
  given: EnvironmentConnection,
): Promise<string> {
  const id = newId();
  const sealed = (column: "app_secret" | "verify_token" | "access_token") =>
    seal(deps, id, column, given[column]);
  await tx.run(sql`
    insert into connections (id, workspace_id, name, from_environment, app_secret, verify_token, access_token, graph_url)
    values (${id}, ${workspace_id}, 'Meta', true, ${sealed("app_secret")}, ${sealed("verify_token")},
      ${sealed("access_token")}, ${given.graph_url ?? NOWHERE})`);
  return id;
}

/** What is given replaces what is stored; what is not is left alone. */
async function changeConnection(
  deps: SettingsDeps,
  tx: Tx,
  row: Sealed,
  given: EnvironmentConnection,
): Promise<void> {
  if (given.app_secret !== null) await replaceAppSecret(deps, tx, row, given.app_secret, DAY_MS);
  const before = {
    verify_token: open(deps, row, "verify_token"),
    access_token: open(deps, row, "access_token"),
  };
  const verify_token = given.verify_token ?? before.verify_token;
  const access_token = given.access_token ?? before.access_token;
  const isHere = new URL(row.graph_url).hostname === "127.0.0.1";
  const graph_url = given.graph_url ?? (isHere ? row.graph_url : NOWHERE);
  const is_same =
    verify_token === before.verify_token &&
    access_token === before.access_token &&
    graph_url === row.graph_url;
  if (is_same) return;
  await tx.run(sql`
    update connections set
      verify_token = ${seal(deps, row.id, "verify_token", verify_token)},
      access_token = ${seal(deps, row.id, "access_token", access_token)},
      graph_url = ${graph_url},
      updated_at = now()
    where id = ${row.id}`);
}

async function replaceAppSecret(
  deps: SettingsDeps,
  tx: Tx,
  row: Sealed,
  app_secret: string,
  keep_ms: number,
): Promise<void> {
  const before = open(deps, row, "app_secret");
  if (before === app_secret) return;
  await tx.run(sql`
    update connections set
      app_secret = ${seal(deps, row.id, "app_secret", app_secret)},
      previous_app_secret = ${seal(deps, row.id, "previous_app_secret", before)},
      previous_app_secret_until = ${before === null ? null : new Date(deps.clock.now() + keep_ms)},
      updated_at = now()
    where id = ${row.id}`);
}
