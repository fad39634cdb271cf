import { randomBytes } from "node:crypto";
import { newId, Problem, type Clock, type SecretBox } from "../base/base.ts";
import { found, sql, type Database, type Queryable, type Sql, type Tx } from "../db/db.ts";
import type { MetaFinding } from "./check-meta.ts";
import { openUnlessLost } from "./open.ts";

export interface SettingsDeps {
  db: Database;
  box: SecretBox;
  clock: Clock;
  /** A connection was changed by this process. */
  changed: () => void;
}

export interface NewConnection {
  name: string;
  app_id: string | null;
  app_secret: string;
  access_token: string | null;
  /** Null: one is made up. */
  verify_token: string | null;
  graph_url: string;
}

/** What is left out stays. */
export interface ConnectionChange {
  name?: string | undefined;
  app_id?: string | null | undefined;
  access_token?: string | undefined;
  verify_token?: string | undefined;
  shared?: boolean | undefined;
}

/** What a person does to the connections that their workspace manages. All throw NOT_FOUND for those of others. */
export interface Management {
  add(workspace_id: string, given: NewConnection): Promise<string>;
  change(workspace_id: string, id: string, change: ConnectionChange): Promise<void>;
  /** Throws CONNECTION_STATE while it has accounts or numbers. */
  remove(workspace_id: string, id: string): Promise<void>;
  verifyToken(workspace_id: string, id: string): Promise<string | null>;
  recordCheck(id: string, findings: readonly MetaFinding[], app_id: string | null): Promise<void>;
}

/** Its own workspace, or that which manages a shared one. */
export const isManagedBy = (workspace_id: string, connection = sql`connections`): Sql =>
  sql`(${connection}.workspace_id = ${workspace_id} or ${connection}.managed_by = ${workspace_id})`;

interface Row {
  id: string;
  workspace_id: string | null;
  from_environment: boolean;
  verify_token: Buffer | null;
}

const readManaged = async (from: Queryable, workspace_id: string, id: string, lock = sql``): Promise<Row> =>
  found(
    await from.first<Row>(sql`
      select id, workspace_id, from_environment, verify_token from connections
      where id = ${id} and ${isManagedBy(workspace_id)} ${lock}`),
  );

/** Why something can't be done to a connection: a word for programs, and a sentence. */
type Reason =
  | "environment"
  | "no_access_token"
  | "no_app_secret"
  | "no_verify_token"
  | "in_use"
  | "foreign_accounts"
  | "not_shared";
export const stateOf = (reason: Reason, detail: string): Problem =>
  new Problem("CONNECTION_STATE", detail, { more: { reason } });

const BY_THE_ENVIRONMENT =
  "The server's environment sets this connection. Change it there and restart Wharf, or add a connection of your own.";

/** Throws CONNECTION_STATE for the environment's: its next start would undo the change. */
export function checkOwn({ from_environment }: Pick<Row, "from_environment">): void {
  if (from_environment) throw stateOf("environment", BY_THE_ENVIRONMENT);
}

export function createManagement(deps: SettingsDeps): Management {
  const { db, box, clock, changed } = deps;
  const seal = (id: string, column: string, plain: string | null) =>
    plain === null ? null : box.seal(plain, `connection:${id}:${column}`);
  return {
    async add(workspace_id, given) {
      const id = newId();
      const verify_token = given.verify_token ?? randomBytes(24).toString("hex");
      await db.run(sql`
        insert into connections (id, workspace_id, name, app_id, app_secret, verify_token, access_token, graph_url)
        values (${id}, ${workspace_id}, ${given.name}, ${given.app_id}, ${seal(id, "app_secret", given.app_secret)},
          ${seal(id, "verify_token", verify_token)}, ${seal(id, "access_token", given.access_token)},
          ${given.graph_url})`);
      changed();
      return id;
    },

    async change(workspace_id, id, change) {
      await db.transaction(async (tx) => {
        const row = await readManaged(tx, workspace_id, id, sql`for update`);
        const { name, app_id, access_token, verify_token, shared } = change;
        if (access_token !== undefined || verify_token !== undefined || shared !== undefined) checkOwn(row);
        await tx.run(sql`
          update connections set
            name = coalesce(${name ?? null}, name),
            app_id = case when ${app_id === undefined} then app_id else ${app_id ?? null} end,
            access_token = coalesce(${seal(id, "access_token", access_token ?? null)}::bytea, access_token),
            verify_token = coalesce(${seal(id, "verify_token", verify_token ?? null)}::bytea, verify_token),
            updated_at = now()
          where id = ${id}`);
        if (shared !== undefined) await share(tx, workspace_id, id, shared);
        // Messages that a dead token had stopped may go now.
        if (access_token !== undefined) await tx.run(sql`select pg_notify('sends', '')`);
      });
      changed();
    },

    async remove(workspace_id, id) {
      await db.transaction(async (tx) => {
        checkOwn(await readManaged(tx, workspace_id, id, sql`for update`));
        const used = await tx.first(sql`
          select from accounts where connection_id = ${id} union all
          select from phone_numbers where connection_id = ${id} limit 1`);
        if (used)
          throw stateOf(
            "in_use",
            "It has accounts or numbers, and their conversations need it. Replace its access token or app secret instead.",
          );
        await tx.run(sql`delete from connections where id = ${id}`);
      });
      changed();
    },

    async verifyToken(workspace_id, id) {
      const { verify_token } = await readManaged(db, workspace_id, id);
      return verify_token && openUnlessLost(box, verify_token, `connection:${id}:verify_token`);
    },

    async recordCheck(id, findings, app_id) {
      await db.run(sql`
        update connections set checked_at = ${new Date(clock.now())}, findings = ${JSON.stringify(findings)}::jsonb,
          app_id = coalesce(app_id, ${app_id})
        where id = ${id}`);
    },
  };
}

/** Shared: accounts decide whose a webhook is. No longer: only when all of them are this workspace's. */
async function share(tx: Tx, workspace_id: string, id: string, shared: boolean): Promise<void> {
  if (!shared) {
    const foreign = await tx.first(sql`
      select from accounts where connection_id = ${id} and workspace_id <> ${workspace_id} union all
      select from phone_numbers where connection_id = ${id} and workspace_id <> ${workspace_id} limit 1`);
    if (foreign)
      throw stateOf(
        "foreign_accounts",
        "Other workspaces have accounts on this connection, so it must stay shared.",
      );
  }
  await tx.run(sql`
    update connections set workspace_id = ${shared ? null : workspace_id}, managed_by = ${shared ? workspace_id : null}
    where id = ${id}`);
}
