import { sql, type Queryable, type Tx } from "../db/db.ts";
import { variantsOf } from "../meta/meta.ts";
import { nameless, noFacts, type Facts, type Handle } from "./facts/facts.ts";
import { lockContacts, resolveIdentities } from "./identity/identity.ts";
import { foldNamesForSearch } from "./search/search.ts";

/**
 * Whose number it is, by its digits in any form that WhatsApp gives it (contact_identities' key); a former one only where
 * it is no one else's. Null: no one is known by it.
 */
async function findContact(db: Queryable, workspace_id: string, digits: string): Promise<string | null> {
  const row = await db.first<{ id: string }>(sql`
    select contact_id as id from contact_identities
    where workspace_id = ${workspace_id} and kind in ('wa_id', 'phone') and value = any(${[digits, ...variantsOf(digits)]}::text[])
    order by former, value <> ${digits}, kind desc limit 1`);
  return row?.id ?? null;
}

/** The contact of a number, in its digits; one is made where there is none. */
export async function openContact(
  tx: Tx,
  workspace_id: string,
  digits: string,
): Promise<{ id: string; created: boolean }> {
  const known = await findContact(tx, workspace_id, digits);
  if (known !== null) return { id: known, created: false };
  const handle: Handle = { kind: "wa_id", value: digits };
  const resolved = await resolveIdentities(tx, {
    ...noFacts(),
    sightings: [nameless({ workspace_id, event_id: "", at_ms: 0 }, [handle])],
    // A line is what makes the contact be asked for.
    lines: [{ workspace_id, identity: handle } as Facts["lines"][number]],
  });
  return { id: resolved.contactOf(workspace_id, handle), created: resolved.created.length > 0 };
}

/** What people call a contact; null takes it away. */
export async function renameContact(
  tx: Tx,
  workspace_id: string,
  id: string,
  name: string | null,
): Promise<void> {
  await lockContacts(tx, [{ workspace_id, id }]);
  await tx.run(sql`
    update contacts set name = ${name}, updated_at = now() where workspace_id = ${workspace_id} and id = ${id}`);
  await foldNamesForSearch(tx, [{ workspace_id, id }]);
}
