import { randomInt } from "node:crypto";
import { newId, Problem } from "../../base/base.ts";
import type { Reply } from "../../contract/contract.ts";
import {
  beforeId,
  iso,
  personOf,
  sql,
  toListById,
  type Database,
  type Keep,
  type List,
  type Page,
  type Queryable,
} from "../../db/db.ts";
import { hashKey } from "./auth-words.ts";

export type ApiKeyView = Reply<"GET /api/v1/api_keys">["data"][number];
export type MadeKey = ApiKeyView & { key: string };

export interface NewApiKey {
  name: string;
  role: "owner" | "member";
  /** Null: until it is revoked. */
  expires_at: string | null;
  /** A user's id; null: made by a program or at the terminal. */
  created_by: string | null;
}

const PREFIX = "wharf_";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_LETTERS = 64;
/** Enough to recognise a key by, and too little to guess it from. */
const START_LETTERS = 12;

/** Index: the primary key. A workspace has some dozens. */
const keysOf = (
  db: Queryable,
  workspace_id: string,
  cursor: string | undefined,
  limit: number,
  id?: string,
) =>
  db.rows<ApiKeyView>(sql`
    select k.id, k.name, k.start, coalesce(k.metadata::jsonb ->> 'role', 'member') as role, ${personOf(sql`u`)} as created_by,
      k.config_id = 'environment' as from_environment, ${iso(sql`k.created_at`)} as created_at,
      ${iso(sql`k.last_request_at`)} as last_request_at, ${iso(sql`k.expires_at`)} as expires_at
    from api_keys k left join users u on u.id = k.created_by
    where k.workspace_id = ${workspace_id} and k.enabled and ${id === undefined ? sql`true` : sql`k.id = ${id}`}
      and ${beforeId(sql`k.id`, cursor)}
    order by k.id desc limit ${limit}`);

export async function listApiKeys(
  db: Database,
  workspace_id: string,
  { cursor, limit }: Page,
): Promise<List<ApiKeyView>> {
  return toListById(await keysOf(db, workspace_id, cursor, limit + 1), limit);
}

/** The answer holds the key, the only time: what is stored is its hash. Throws INVALID_REQUEST for an end in the past. */
export async function makeApiKey(
  db: Database,
  workspace_id: string,
  { name, role, expires_at, created_by }: NewApiKey,
  keep: Keep<MadeKey> = async () => {},
): Promise<MadeKey> {
  if (expires_at !== null && Date.parse(expires_at) <= Date.now())
    throw new Problem("INVALID_REQUEST", "body.expires_at: this time has passed");
  const key = PREFIX + Array.from({ length: KEY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  const key_hash = hashKey(key);
  const id = newId();
  return db.transaction(async (tx) => {
    await tx.run(sql`
      insert into api_keys (workspace_id, id, name, key_hash, start, prefix, expires_at, metadata, created_by)
      values (${workspace_id}, ${id}, ${name}, ${key_hash}, ${key.slice(0, START_LETTERS)}, ${PREFIX}, ${expires_at},
        ${JSON.stringify({ role })}, ${created_by})`);
    const [row] = await keysOf(tx, workspace_id, undefined, 1, id);
    if (!row) throw new Error("the key that was just made is not there");
    const made = { ...row, key };
    await keep(tx, made);
    return made;
  });
}

/** It ends with the next request. Throws NOT_FOUND. */
export async function revokeApiKey(db: Database, workspace_id: string, id: string): Promise<void> {
  const gone = await db.run(sql`delete from api_keys where workspace_id = ${workspace_id} and id = ${id}`);
  if (gone === 0) throw new Problem("NOT_FOUND");
}
