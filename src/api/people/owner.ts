import { newId, Problem } from "../../base/base.ts";
import { sql, type Tx } from "../../db/db.ts";
import { insertApiKey } from "./api-keys.ts";
import { FIRST_EMAIL, type PeopleParts } from "./people-parts.ts";
import { signInLink } from "./sign-in-links.ts";

/**
 * Makes the first workspace and its owner unless they exist. `url`, where the pages are, asks for a one-time link
 * into them, which there is as long as the owner has no password.
 */
export async function ensureOwner(
  parts: PeopleParts,
  options: { url: string | null },
): Promise<{ workspace_id: string; link: string | null }> {
  const { workspace_id, email, has_password } = await parts.db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf owner', 0))`);
    const workspace_id = await firstWorkspace(tx);
    const owner = (await ownerOf(tx, workspace_id)) ?? (await makeOwner(tx, workspace_id));
    return { workspace_id, ...owner };
  });
  const link = options.url === null || has_password ? null : await signInLink(parts, email, options.url);
  return { workspace_id, link };
}

interface Owner {
  email: string;
  has_password: boolean;
}

const ownerOf = (tx: Tx, workspace_id: string) =>
  tx.first<Owner>(sql`
    select u.email, exists (select from user_accounts a where a.user_id = u.id and a.password is not null) as has_password
    from members m join users u on u.id = m.user_id
    where m.workspace_id = ${workspace_id} and m.role = 'owner' and m.deactivated_at is null
    order by has_password desc, m.created_at limit 1`);

async function makeOwner(tx: Tx, workspace_id: string): Promise<Owner> {
  await tx.run(sql`
    insert into users (id, name, email, email_verified) values (${newId()}, 'Owner', ${FIRST_EMAIL}, true)
    on conflict (email) do nothing`);
  await tx.run(sql`
    insert into members (workspace_id, id, user_id, role)
    select ${workspace_id}, ${newId()}, id, 'owner' from users where email = ${FIRST_EMAIL}`);
  return (await ownerOf(tx, workspace_id))!;
}

/** The operator's own key (WHARF_API_KEY), with the owner's rights in the first workspace. Another value replaces it. */
export async function ensureApiKey({ db, environmentHashes }: PeopleParts, key: string): Promise<void> {
  const [key_hash] = environmentHashes(key);
  await db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('wharf owner', 0))`);
    const workspace_id = await firstWorkspace(tx);
    await tx.run(sql`delete from api_keys where config_id = 'environment' and key_hash <> ${key_hash}`);
    await tx.run(sql`
      insert into api_keys (workspace_id, id, name, key_hash, config_id, role)
      values (${workspace_id}, ${newId()}, 'WHARF_API_KEY', ${key_hash}, 'environment', 'owner')
      on conflict (key_hash) do nothing`);
  });
}

/** A new key for the workspace of `slug` (the first one by default), with the owner's rights. It is shown this once. */
export async function makeKey(
  { db }: PeopleParts,
  options: { name: string; slug?: string | undefined },
): Promise<{ id: string; key: string }> {
  const owner = await db.first<{ workspace_id: string }>(sql`
    select m.workspace_id from members m join workspaces w on w.id = m.workspace_id
    where m.role = 'owner' and w.slug = coalesce(${options.slug ?? null}, w.slug)
    order by w.created_at, w.id, m.created_at limit 1`);
  if (!owner) throw new Problem("NOT_FOUND", "No workspace with an owner was found; start Wharf once first.");
  return insertApiKey(db, owner.workspace_id, { name: options.name });
}

async function firstWorkspace(tx: Tx): Promise<string> {
  const found = await tx.first<{ id: string }>(
    sql`select id from workspaces order by created_at, id limit 1`,
  );
  if (found) return found.id;
  const id = newId();
  await tx.run(sql`insert into workspaces (id, name, slug) values (${id}, 'My workspace', 'main')`);
  return id;
}
