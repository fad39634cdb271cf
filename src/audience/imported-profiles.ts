import { newId } from "../base/base.ts";
import type { FieldValue } from "../contract/audience.ts";
import { rowsOf, sql, textArray, uuidArray, type Tx } from "../db/db.ts";

/** What a file says of many people at once: a statement each, however many they are. Contacts are locked already. */

export interface ImportedProfile {
  contact_id: string;
  language: string | null;
  country: string | null;
  /** Of their number: it is theirs without being written down. */
  number_country: string | null;
  time_zone: string | null;
  /** By the field's id. */
  fields: Readonly<Record<string, FieldValue>>;
}

/** A field of a contact that has another value now. */
export interface FilledField {
  contact_id: string;
  field_id: string;
  value: FieldValue;
}

/** Fills what is blank, or writes over it; nothing is emptied. Answers the contacts of which something changed, and the fields. */
export async function fillProfiles(
  tx: Tx,
  workspace_id: string,
  profiles: readonly ImportedProfile[],
  overwrite: boolean,
): Promise<{ contact_ids: string[]; fields: FilledField[] }> {
  if (profiles.length === 0) return { contact_ids: [], fields: [] };
  const rows = profiles.map((row) => ({ ...row, fields: JSON.stringify(row.fields) }));
  const merged = overwrite
    ? sql`coalesce(excluded.language, p.language), coalesce(excluded.country, p.country),
        coalesce(excluded.time_zone, p.time_zone), p.fields || excluded.fields`
    : sql`coalesce(p.language, excluded.language), coalesce(p.country, excluded.country),
        coalesce(p.time_zone, excluded.time_zone), excluded.fields || p.fields`;
  const changed = await tx.rows<{ contact_id: string; before: Values | null; after: Values }>(sql`
    with known as materialized (
      select contact_id, country, fields from contact_profiles
      where workspace_id = ${workspace_id} and contact_id = any(${uuidArray(profiles.map(({ contact_id }) => contact_id))}::uuid[])),
    said as (
      select due.contact_id, due.language, due.time_zone, due.fields::jsonb as fields,
        case when known.country is null and due.country = due.number_country then null else due.country end as country
      from ${rowsOf(rows, COLUMNS)}
      left join known on known.contact_id = due.contact_id),
    filled as (insert into contact_profiles as p (workspace_id, contact_id, language, country, time_zone, fields)
    select ${workspace_id}, contact_id, language, country, time_zone, fields from said
    where language is not null or country is not null or time_zone is not null or fields <> '{}'
    order by contact_id
    on conflict (workspace_id, contact_id) do update
      set (language, country, time_zone, fields, updated_at) = (${merged}, now())
      where (p.language, p.country, p.time_zone, p.fields) is distinct from (${merged})
    returning contact_id, fields)
    select f.contact_id, known.fields as before, f.fields as after from filled f left join known using (contact_id)`);
  return {
    contact_ids: changed.map(({ contact_id }) => contact_id),
    fields: changed.flatMap(({ contact_id, before, after }) =>
      Object.entries(after).flatMap(([field_id, value]) =>
        before?.[field_id] === value ? [] : [{ contact_id, field_id, value }],
      ),
    ),
  };
}

type Values = Readonly<Record<string, FieldValue>>;

const COLUMNS = {
  contact_id: "uuid",
  language: "text",
  country: "text",
  number_country: "text",
  time_zone: "text",
  fields: "text",
} as const;

/** The ids of tags by their names; `most` of those that are missing are made, the first ones. Answers also how many. */
export async function tagsByName(
  tx: Tx,
  workspace_id: string,
  names: readonly string[],
  most: number,
): Promise<{ ids: Map<string, string>; made: number }> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return { ids: new Map(), made: 0 };
  // By tags__name.
  const read = async () => {
    const rows = await tx.rows<{ id: string; name: string }>(sql`
      select t.id, due.name from unnest(${textArray(wanted)}::text[]) as due (name)
      join tags t on t.workspace_id = ${workspace_id} and lower(t.name) = lower(due.name)
      for key share of t`);
    return new Map(rows.map(({ id, name }) => [name, id]));
  };
  const known = await read();
  const due = wanted
    .filter((name) => !known.has(name))
    .slice(0, Math.max(0, most))
    .map((name) => ({ id: newId(), name }));
  if (due.length === 0) return { ids: known, made: 0 };
  const made = await tx.run(sql`
    insert into tags (workspace_id, id, name)
    select ${workspace_id}, id, name from ${rowsOf(due, { id: "uuid", name: "text" })} order by lower(name)
    on conflict (workspace_id, lower(name)) do nothing`);
  return { ids: await read(), made };
}

/** Answers who has a tag that they had not. Tags that are gone meanwhile are left out. */
export async function tagContacts(
  tx: Tx,
  workspace_id: string,
  pairs: readonly { tag_id: string; contact_id: string }[],
): Promise<{ id: string; contact_id: string }[]> {
  if (pairs.length === 0) return [];
  return tx.rows(sql`
    insert into contact_tags (workspace_id, tag_id, contact_id)
    select t.workspace_id, t.id, due.contact_id from ${rowsOf(pairs, { tag_id: "uuid", contact_id: "uuid" })}
    join tags t on t.workspace_id = ${workspace_id} and t.id = due.tag_id
    order by t.id, due.contact_id on conflict do nothing returning tag_id as id, contact_id`);
}

/** Puts contacts on lists; answers who was on which not yet. Lists that are gone meanwhile are left out. */
export async function listContactsOn(
  tx: Tx,
  workspace_id: string,
  list_ids: readonly string[],
  contact_ids: readonly string[],
): Promise<{ id: string; contact_id: string }[]> {
  if (list_ids.length === 0 || contact_ids.length === 0) return [];
  return tx.rows(sql`
    insert into list_contacts (workspace_id, list_id, contact_id)
    select l.workspace_id, l.id, due.contact_id
    from lists l cross join unnest(${uuidArray([...contact_ids])}::uuid[]) as due (contact_id)
    where l.workspace_id = ${workspace_id} and l.id = any(${uuidArray([...list_ids])}::uuid[])
    order by l.id, due.contact_id on conflict do nothing returning list_id as id, contact_id`);
}
