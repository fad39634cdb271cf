import type { z } from "zod";
import { newId } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import { found, iso, sql, type Queryable, uniqueName } from "../db/db.ts";

type Tag = z.infer<typeof shapes.Tag>;

const tags = (db: Queryable, workspace_id: string, id: string | null) =>
  db.rows<Tag>(sql`
    select t.id, t.name, ${iso(sql`t.created_at`)} as created_at,
      (select count(*)::integer from contact_tags c where c.workspace_id = t.workspace_id and c.tag_id = t.id) as contacts
    from tags t where t.workspace_id = ${workspace_id} and (${id}::uuid is null or t.id = ${id})
    order by lower(t.name), t.id`);

/** By name, each with how many contacts have it (contact_tags' key). */
export async function listTags(db: Queryable, workspace_id: string): Promise<{ data: Tag[] }> {
  return { data: await tags(db, workspace_id, null) };
}

export async function addTag(db: Queryable, workspace_id: string, name: string): Promise<Tag> {
  const id = newId();
  await uniqueName(name, () =>
    db.run(sql`insert into tags (workspace_id, id, name) values (${workspace_id}, ${id}, ${name})`),
  );
  return found((await tags(db, workspace_id, id))[0]);
}

export async function renameTag(db: Queryable, workspace_id: string, id: string, name: string): Promise<Tag> {
  await uniqueName(name, () =>
    db.run(sql`update tags set name = ${name} where workspace_id = ${workspace_id} and id = ${id}`),
  );
  return found((await tags(db, workspace_id, id))[0]);
}

/** Takes it from everyone who has it. */
export async function removeTag(db: Queryable, workspace_id: string, id: string): Promise<null> {
  const gone = await db.run(sql`
    with gone as (delete from contact_tags where workspace_id = ${workspace_id} and tag_id = ${id})
    delete from tags where workspace_id = ${workspace_id} and id = ${id}`);
  found(gone || undefined);
  return null;
}
