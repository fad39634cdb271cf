import { idOf, Problem } from "../base/base.ts";
import { found, rowsOf, sql, type Database, type Queryable, type Tx } from "../db/db.ts";
import { isManagedBy, stateOf } from "./management.ts";

export interface KnownAccount {
  waba_id: string;
  name: string | null;
  /** To which its webhooks go. */
  workspace_id: string;
  workspace_name: string;
  numbers: number;
  created_at: Date;
}

export interface KnownNumber {
  phone_number_id: string;
  display_phone_number: string;
  verified_name: string | null;
  quality: string | null;
}

/** A group of webhooks that no workspace took, on a connection that several share. */
export interface UnroutedGroup {
  connection_id: string;
  waba_id: string | null;
  phone_number_id: string | null;
  display_phone_number: string | null;
  webhooks: number;
  first_at: Date;
  last_at: Date;
}

/** Accounts of a connection that the workspace manages, all workspaces'; by accounts__connection_id__waba_id. */
export async function listAccounts(
  db: Queryable,
  workspace_id: string,
  connection_id: string,
): Promise<KnownAccount[]> {
  await readConnection(db, workspace_id, connection_id);
  return db.rows<KnownAccount>(sql`
    select a.waba_id, a.name, a.workspace_id, w.name as workspace_name, a.created_at,
      (select count(*)::integer from phone_numbers n
        where n.workspace_id = a.workspace_id and n.connection_id = a.connection_id and n.waba_id = a.waba_id) as numbers
    from accounts a join workspaces w on w.id = a.workspace_id
    where a.connection_id = ${connection_id} order by a.created_at, a.id`);
}

interface Reached {
  workspace_id: string | null;
  from_environment: boolean;
}

async function readConnection(
  from: Queryable,
  workspace_id: string,
  id: string,
  lock = sql``,
): Promise<Reached> {
  return found(
    await from.first<Reached>(sql`
      select workspace_id, from_environment from connections
      where id = ${id} and ${isManagedBy(workspace_id)} ${lock}`),
  );
}

/** An account, and the workspace that gets it. */
export interface Mapping {
  /** Manages the connection. */
  workspace_id: string;
  connection_id: string;
  waba_id: string;
  name: string | null;
  /** To which the account's webhooks go; the same, unless the connection is shared. */
  to_workspace_id: string;
  numbers: readonly KnownNumber[];
}

/**
 * The account is the workspace's from now on, with these of its numbers. Throws ACCOUNT_TAKEN when it is another's on
 * this connection, or comes to the workspace by another connection already.
 */
export async function mapAccount(tx: Tx, mapping: Mapping): Promise<void> {
  const { connection_id, waba_id, to_workspace_id } = mapping;
  const connection = await readConnection(
    tx,
    mapping.workspace_id,
    connection_id,
    sql`for no key update of connections`,
  );
  if (connection.workspace_id !== null && connection.workspace_id !== to_workspace_id)
    throw stateOf(
      "not_shared",
      "Only accounts of a shared connection can go to other workspaces. Share the connection first.",
    );
  const taken = await tx.first<{ workspace_id: string; connection_id: string }>(sql`
    select workspace_id, connection_id from accounts
    where waba_id = ${waba_id} and (connection_id = ${connection_id} or workspace_id = ${to_workspace_id})
      and (connection_id, workspace_id) <> (${connection_id}::uuid, ${to_workspace_id}::uuid)
    limit 1`);
  if (taken) {
    const is_own = taken.workspace_id === to_workspace_id;
    const detail = is_own
      ? "The workspace has this account by another connection."
      : "Another workspace has this account on this connection. Its conversations stay there.";
    throw new Problem("ACCOUNT_TAKEN", detail, { more: { reason: is_own ? "connection" : "workspace" } });
  }
  await tx.run(sql`
    insert into accounts (workspace_id, id, connection_id, waba_id, name)
    values (${to_workspace_id}, ${idOf(`${to_workspace_id}:account:${waba_id}`)}, ${connection_id}, ${waba_id}, ${mapping.name})
    on conflict (workspace_id, waba_id) do update set name = coalesce(excluded.name, accounts.name)`);
  await addNumbers(tx, mapping);
}

const NUMBER = {
  id: "uuid",
  phone_number_id: "text",
  display_phone_number: "text",
  verified_name: "text",
  quality: "text",
} as const;

/** Ids are those that a first webhook would give. One that another connection has stays there. */
async function addNumbers(
  tx: Tx,
  { numbers, connection_id, waba_id, to_workspace_id }: Mapping,
): Promise<void> {
  if (numbers.length === 0) return;
  const rows = numbers
    .map((number) => ({ ...number, id: idOf(`${to_workspace_id}:phone_number:${number.phone_number_id}`) }))
    .toSorted((a, b) => (a.phone_number_id < b.phone_number_id ? -1 : 1));
  await tx.run(sql`
    insert into phone_numbers (workspace_id, connection_id, waba_id, id, phone_number_id, display_phone_number,
      verified_name, quality, told_at)
    select ${to_workspace_id}::uuid, ${connection_id}::uuid, ${waba_id}, id, phone_number_id, display_phone_number,
      verified_name, quality, now()
    from ${rowsOf(rows, NUMBER)}
    on conflict (workspace_id, phone_number_id) do update set
      verified_name = coalesce(excluded.verified_name, phone_numbers.verified_name),
      quality = coalesce(excluded.quality, phone_numbers.quality),
      display_phone_number = coalesce(phone_numbers.display_phone_number, excluded.display_phone_number),
      waba_id = coalesce(phone_numbers.waba_id, excluded.waba_id), told_at = now()`);
}

/** Items that no workspace took, as they were recorded with their webhook. */
export interface UnroutedItems {
  connection_id: string;
  journal_id: string;
  arrived_at: Date;
  waba_id: string | null;
  phone_number_id: string | null;
  display_phone_number: string | null;
  items: number;
}

const UNROUTED = {
  connection_id: "uuid",
  waba_id: "text",
  phone_number_id: "text",
  journal_id: "uuid",
  arrived_at: "timestamptz",
  items: "integer",
  display_phone_number: "text",
} as const;

/**
 * What these webhooks still hold for no known workspace, in place of what was recorded of them before: in the
 * transaction that completes them.
 */
export async function recordUnrouted(tx: Tx, rows: readonly UnroutedItems[]): Promise<void> {
  if (rows.length === 0) return;
  const named = rows
    .map((row) => ({
      ...row,
      waba_id: row.waba_id ?? "",
      phone_number_id: row.phone_number_id ?? "",
      arrived_at: row.arrived_at.getTime(),
    }))
    .toSorted((a, b) => (a.journal_id < b.journal_id ? -1 : 1));
  await tx.run(sql`
    insert into unrouted_webhooks (connection_id, waba_id, phone_number_id, journal_id, arrived_at, items, display_phone_number)
    select * from ${rowsOf(named, UNROUTED)}
    on conflict (connection_id, waba_id, phone_number_id, journal_id) do nothing`);
}

/** The connections of one workspace that others may share; by the primary key's first columns. */
export function listUnrouted(db: Queryable, workspace_id: string): Promise<UnroutedGroup[]> {
  return db.rows<UnroutedGroup>(sql`
    select u.connection_id, nullif(u.waba_id, '') as waba_id, nullif(u.phone_number_id, '') as phone_number_id,
      max(u.display_phone_number) as display_phone_number, count(*)::integer as webhooks,
      min(u.arrived_at) as first_at, max(u.arrived_at) as last_at
    from unrouted_webhooks u join connections on connections.id = u.connection_id and ${isManagedBy(workspace_id)}
    group by u.connection_id, u.waba_id, u.phone_number_id
    order by max(u.arrived_at) desc, u.waba_id, u.phone_number_id limit 200`);
}

/** Those with this account, on this connection. */
export interface Group {
  workspace_id: string;
  connection_id: string;
  waba_id: string;
}

/** Takes them off the list; returns the webhooks to go through once more. */
export async function takeUnrouted(
  tx: Tx,
  { workspace_id, connection_id, waba_id }: Group,
): Promise<string[]> {
  await readConnection(tx, workspace_id, connection_id);
  const rows = await tx.rows<{ journal_id: string }>(sql`
    delete from unrouted_webhooks where connection_id = ${connection_id} and waba_id = ${waba_id} returning journal_id`);
  return [...new Set(rows.map(({ journal_id }) => journal_id))];
}

/** No one wants them: their bytes go with retention. Returns how many webhooks that were. */
export const discardUnrouted = (db: Database, group: Group): Promise<number> =>
  db.transaction(async (tx) => (await takeUnrouted(tx, group)).length);

/** Whether retention must keep webhooks of this span: by unrouted_webhooks__journal_id. */
export async function keepsUnrouted(db: Queryable, from_id: string, to_id: string): Promise<boolean> {
  const row = await db.first<{ kept: boolean }>(sql`
    select exists (select from unrouted_webhooks where journal_id >= ${from_id} and journal_id < ${to_id}) as kept`);
  return row?.kept === true;
}

/** Requests whose signature was wrong, by connection. */
export async function recordRejects(
  db: Queryable,
  rejects: ReadonlyMap<string, number>,
  now_ms: number,
): Promise<void> {
  if (rejects.size === 0) return;
  const rows = [...rejects].map(([connection_id, requests]) => ({ connection_id, requests }));
  await db.run(sql`
    insert into webhook_rejects as r (connection_id, hour, requests, last_at)
    select given.connection_id, date_trunc('hour', ${new Date(now_ms)}::timestamptz, 'UTC'), given.requests, ${new Date(now_ms)}
    from ${rowsOf(
      rows.toSorted((a, b) => (a.connection_id < b.connection_id ? -1 : 1)),
      { connection_id: "uuid", requests: "integer" },
      "given",
    )}
    join connections c on c.id = given.connection_id
    on conflict (connection_id, hour) do update set requests = r.requests + excluded.requests,
      last_at = greatest(r.last_at, excluded.last_at)`);
}
