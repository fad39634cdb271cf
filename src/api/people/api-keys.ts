import { randomInt } from "node:crypto";
import { newId, Problem } from "../../base/base.ts";
import { covers, type Reply, type Seen } from "../../contract/contract.ts";
import {
  beforeId,
  found,
  iso,
  personOf,
  sql,
  toListById,
  type Database,
  type Keep,
  type List,
  type Page,
  type Queryable,
  type Tx,
} from "../../db/db.ts";
import { hashKey } from "./auth-words.ts";
import type { Caller, RightsRow } from "./caller.ts";
import { isNetwork } from "./networks.ts";
import { readRole, requireCovers, rightsOf, type Rights, type RoleChoice } from "./rights.ts";

export type ApiKeyView = Reply<"GET /api/v1/api_keys">["data"][number];
export type MadeKey = ApiKeyView & { key: string };
type NewKey = Seen<"POST /api/v1/api_keys">["body"];

const PREFIX = "wharf_";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_LETTERS = 64;
/** Enough to recognise a key by, and too little to guess it from. */
const START_LETTERS = 12;
/** A key that no one used for so long is marked. */
const IDLE_DAYS = 90;

type KeyRow = Omit<ApiKeyView, "role" | "permissions"> & Omit<RightsRow, "sees_numbers">;

/** Index: the primary key. A workspace has some dozens. */
async function keysOf(
  db: Queryable,
  workspace_id: string,
  { cursor, limit }: Page,
  id?: string,
): Promise<ApiKeyView[]> {
  const rows = await db.rows<KeyRow>(sql`
    select k.id, k.name, k.start, k.role, k.role_id, r.name as role_name, coalesce(k.grants, r.permissions) as permissions,
      k.rate_limit_per_s, k.allowed_addresses, k.phone_number_ids, k.last_address, k.follows_id, ${personOf(sql`u`)} as created_by,
      k.config_id = 'environment' as from_environment, ${iso(sql`k.created_at`)} as created_at,
      ${iso(sql`k.last_request_at`)} as last_request_at, ${iso(sql`k.expires_at`)} as expires_at,
      coalesce(k.last_request_at, k.created_at) < now() - make_interval(days => ${IDLE_DAYS}) as is_idle
    from api_keys k left join users u on u.id = k.created_by
    left join roles r on r.workspace_id = k.workspace_id and r.id = k.role_id
    where k.workspace_id = ${workspace_id} and k.enabled and ${id === undefined ? sql`true` : sql`k.id = ${id}`}
      and ${beforeId(sql`k.id`, cursor)}
    order by k.id desc limit ${limit}`);
  return rows.map(({ role, role_id, role_name, permissions, ...row }) => {
    const rights = rightsOf({ role, role_id, role_name, permissions, sees_numbers: null });
    return { ...row, role: rights.role, permissions: rights.permissions };
  });
}

export async function listApiKeys(db: Database, workspace_id: string, page: Page): Promise<List<ApiKeyView>> {
  return toListById(await keysOf(db, workspace_id, { ...page, limit: page.limit + 1 }), page.limit);
}

/** What a new key is kept with, besides its hash. */
interface KeyOptions {
  name: string;
  choice?: RoleChoice;
  grants?: Rights["permissions"] | null;
  rate_limit_per_s?: number;
  allowed_addresses?: readonly string[];
  phone_number_ids?: readonly string[];
  expires_at?: string | null;
  created_by?: string | null;
  follows_id?: string | null;
}

async function insertRow(tx: Queryable, workspace_id: string, options: KeyOptions) {
  const key = PREFIX + Array.from({ length: KEY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  const id = newId();
  const { name, choice, grants = null, expires_at = null, created_by = null, follows_id = null } = options;
  const { allowed_addresses = [], phone_number_ids = [], rate_limit_per_s = 80 } = options;
  await tx.run(sql`
    insert into api_keys (workspace_id, id, name, key_hash, start, prefix, expires_at, role, role_id, grants, rate_limit_per_s,
      allowed_addresses, phone_number_ids, created_by, follows_id)
    values (${workspace_id}, ${id}, ${name}, ${hashKey(key)}, ${key.slice(0, START_LETTERS)}, ${PREFIX}, ${expires_at},
      ${grants ? "custom" : (choice?.role ?? "owner")}, ${choice?.role_id ?? null}, ${grants && JSON.stringify(grants)}::jsonb,
      ${rate_limit_per_s}, ${[...allowed_addresses]}::text[], ${[...phone_number_ids]}::uuid[], ${created_by}, ${follows_id})`);
  return { id, key };
}

/** At the terminal: with the owner's rights. */
export const insertApiKey = (db: Queryable, workspace_id: string, options: { name: string }) =>
  insertRow(db, workspace_id, options);

/**
 * The answer holds the key, the only time: what is stored is its hash. Throws INVALID_REQUEST for an end in the past, and
 * FORBIDDEN for rights that the maker doesn't have.
 */
export async function makeApiKey(
  db: Database,
  caller: Caller,
  body: NewKey,
  keep: Keep<MadeKey> = async () => {},
): Promise<MadeKey> {
  const { workspace_id } = caller;
  const { role, permissions, expires_at, ...rest } = body;
  if (expires_at !== null && Date.parse(expires_at) <= Date.now())
    throw new Problem("INVALID_REQUEST", "body.expires_at: this time has passed");
  const unknown = rest.allowed_addresses.find((text) => !isNetwork(text));
  if (unknown !== undefined)
    throw new Problem("INVALID_REQUEST", `body.allowed_addresses: ${unknown} is no address and no network`);
  return db.transaction(async (tx) => {
    await requireNumbers(tx, caller, rest.phone_number_ids);
    const { choice, rights } = await readRole(tx, workspace_id, role);
    if (permissions) {
      if (!covers(caller, { permissions, sees_numbers: caller.sees_numbers }))
        throw new Problem("FORBIDDEN", "A key can't be given permissions that its maker doesn't have.");
    } else requireCovers(caller, rights);
    const options = permissions ? { grants: permissions } : { choice };
    const created_by = caller.user?.id ?? null;
    const made = await insertRow(tx, workspace_id, { ...rest, ...options, expires_at, created_by });
    return finish(tx, workspace_id, made, keep);
  });
}

async function finish(
  tx: Tx,
  workspace_id: string,
  { id, key }: { id: string; key: string },
  keep: Keep<MadeKey>,
): Promise<MadeKey> {
  const made = { ...found((await keysOf(tx, workspace_id, { limit: 1 }, id))[0]), key };
  await keep(tx, made);
  return made;
}

/** A key of fewer numbers makes none of more. */
async function requireNumbers(
  db: Queryable,
  { workspace_id, viewer }: Caller,
  phone_number_ids: readonly string[],
): Promise<void> {
  if (viewer.scope !== "all")
    throw new Problem("FORBIDDEN", "Only those who see all conversations can make a key.");
  const known = await db.rows(sql`
    select from phone_numbers where workspace_id = ${workspace_id} and id = any(${[...phone_number_ids]}::uuid[])`);
  if (known.length < new Set(phone_number_ids).size)
    throw new Problem("INVALID_REQUEST", "body.phone_number_ids: not all of them are yours");
}

/** A new key with the same rights; the old one ends after `overlap_s`. Throws NOT_FOUND. */
export async function rollApiKey(
  db: Database,
  caller: Caller,
  id: string,
  overlap_s: number,
  keep: Keep<MadeKey>,
): Promise<MadeKey> {
  const { workspace_id } = caller;
  return db.transaction(async (tx) => {
    const old = found(
      await tx.first<RightsRow & KeyOptions & { name: string | null; role: string; config_id: string }>(sql`
        select k.name, k.role, k.role_id, r.name as role_name, coalesce(k.grants, r.permissions) as permissions, k.grants,
          r.sees_numbers, k.rate_limit_per_s, k.allowed_addresses, k.phone_number_ids, k.config_id
        from api_keys k left join roles r on r.workspace_id = k.workspace_id and r.id = k.role_id
        where k.workspace_id = ${workspace_id} and k.id = ${id} for update of k`),
    );
    if (old.config_id === "environment")
      throw new Problem("INVALID_REQUEST", "WHARF_API_KEY is set by the operator; change the variable.");
    requireCovers(caller, rightsOf(old));
    const { role, role_id, grants, rate_limit_per_s, allowed_addresses, phone_number_ids } = old;
    const made = await insertRow(tx, workspace_id, {
      name: old.name ?? "",
      choice: { role, role_id },
      ...(grants ? { grants } : {}),
      rate_limit_per_s,
      allowed_addresses,
      phone_number_ids,
      created_by: caller.user?.id ?? null,
      follows_id: id,
    } as KeyOptions);
    await tx.run(sql`
      update api_keys set expires_at = least(expires_at, now() + make_interval(secs => ${overlap_s}))
      where workspace_id = ${workspace_id} and id = ${id}`);
    return finish(tx, workspace_id, made, keep);
  });
}

/** It ends with the next request. Throws NOT_FOUND. */
export async function revokeApiKey(db: Database, workspace_id: string, id: string): Promise<void> {
  const gone = await db.run(sql`delete from api_keys where workspace_id = ${workspace_id} and id = ${id}`);
  if (gone === 0) throw new Problem("NOT_FOUND");
}
