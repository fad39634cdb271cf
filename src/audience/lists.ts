import type { z } from "zod";
import { newId } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import { found, iso, sql, type Database, type Queryable, uniqueName } from "../db/db.ts";
import { publish } from "../live/live.ts";
import { joinedFacts, type Telling } from "./happened.ts";
import { changeMemberships } from "./memberships.ts";

type ContactList = z.infer<typeof shapes.ContactList>;

const lists = (db: Queryable, workspace_id: string, id: string | null) =>
  db.rows<ContactList>(sql`
    select l.id, l.name, l.description, ${iso(sql`l.created_at`)} as created_at, ${iso(sql`l.updated_at`)} as updated_at,
      (select count(*)::integer from list_contacts c where c.workspace_id = l.workspace_id and c.list_id = l.id) as contacts
    from lists l where l.workspace_id = ${workspace_id} and (${id}::uuid is null or l.id = ${id})
    order by lower(l.name), l.id`);

/** By name, each with how many contacts are in it (list_contacts' key). */
export async function listLists(db: Queryable, workspace_id: string): Promise<{ data: ContactList[] }> {
  return { data: await lists(db, workspace_id, null) };
}

export async function getList(db: Queryable, workspace_id: string, id: string): Promise<ContactList> {
  return found((await lists(db, workspace_id, id))[0]);
}

export async function addList(
  db: Queryable,
  workspace_id: string,
  { name, description }: z.infer<typeof shapes.NewContactList>,
): Promise<ContactList> {
  const id = newId();
  await uniqueName(name, () =>
    db.run(sql`
      insert into lists (workspace_id, id, name, description) values (${workspace_id}, ${id}, ${name}, ${description})`),
  );
  return getList(db, workspace_id, id);
}

export async function changeList(
  db: Queryable,
  workspace_id: string,
  id: string,
  { name, description }: z.infer<typeof shapes.ContactListChange>,
): Promise<ContactList> {
  await uniqueName(name ?? "", () =>
    db.run(sql`
      update lists set name = coalesce(${name ?? null}, name),
        description = case when ${description === undefined} then description else ${description ?? null} end, updated_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`),
  );
  return getList(db, workspace_id, id);
}

export async function removeList(db: Queryable, workspace_id: string, id: string): Promise<null> {
  const gone = await db.run(sql`
    with gone as (delete from list_contacts where workspace_id = ${workspace_id} and list_id = ${id})
    delete from lists where workspace_id = ${workspace_id} and id = ${id}`);
  found(gone || undefined);
  return null;
}

/**
 * Puts contacts on the list and takes others off; one that is there already, or isn't, changes nothing. Answers how many
 * were added and removed; ids that are no contact of the workspace, and people who were erased, are left out.
 */
export async function changeMembers(
  db: Database,
  workspace_id: string,
  id: string,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
  telling?: Telling,
): Promise<{ added: number; removed: number }> {
  await getList(db, workspace_id, id);
  return db.transaction(async (tx) => {
    const off = await changeMemberships(tx, workspace_id, remove, { remove_lists: [id] });
    const on = await changeMemberships(tx, workspace_id, add, { add_lists: [id] });
    await telling?.happened(tx, joinedFacts({ workspace_id, at: telling.now }, on));
    const told = [...new Set([...off.told, ...on.told])];
    await publish(
      tx,
      told.map((contact_id) => ({ workspace_id, name: "ContactUpdated", data: { contact_id } })),
    );
    return { added: on.changes, removed: off.changes };
  });
}
