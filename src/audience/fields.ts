import type { z } from "zod";
import { newId, Problem } from "../base/base.ts";
import type * as shapes from "../contract/audience.ts";
import { found, iso, sql, uuidArray, type Queryable, type Tx, uniqueName } from "../db/db.ts";

export type ContactField = z.infer<typeof shapes.ContactField>;
type FieldValue = shapes.FieldValue;

const MOST_FIELDS = 100;

const fields = (db: Queryable, workspace_id: string, id: string | null) =>
  db.rows<ContactField>(sql`
    select f.id, f.name, f.kind, f.choices, ${iso(sql`f.created_at`)} as created_at
    from contact_fields f where f.workspace_id = ${workspace_id} and (${id}::uuid is null or f.id = ${id})
    order by f.created_at, f.id`);

/** In the order in which they were made. */
export async function listFields(db: Queryable, workspace_id: string): Promise<{ data: ContactField[] }> {
  return { data: await fields(db, workspace_id, null) };
}

export async function addField(
  db: Queryable,
  workspace_id: string,
  { name, kind, choices }: z.infer<typeof shapes.NewContactField>,
): Promise<ContactField> {
  const unique = distinct(choices);
  if (kind === "choice" && unique.length === 0)
    throw new Problem("INVALID_REQUEST", "`choices` is empty; name what may be chosen.");
  if (kind !== "choice" && unique.length > 0)
    throw new Problem("INVALID_REQUEST", "`choices` is only for a field of kind choice.");
  if ((await fields(db, workspace_id, null)).length >= MOST_FIELDS)
    throw new Problem("INVALID_REQUEST", `A workspace has ${MOST_FIELDS} fields at most; delete one first.`);
  const id = newId();
  await uniqueName(name, () =>
    db.run(sql`
      insert into contact_fields (workspace_id, id, name, kind, choices)
      values (${workspace_id}, ${id}, ${name}, ${kind}, ${unique}::text[])`),
  );
  return found((await fields(db, workspace_id, id))[0]);
}

/** Its kind stays. A choice that is taken out stays with the contacts that have it, until they are given another. */
export async function changeField(
  db: Queryable,
  workspace_id: string,
  id: string,
  { name, choices }: z.infer<typeof shapes.ContactFieldChange>,
): Promise<ContactField> {
  const field = found((await fields(db, workspace_id, id))[0]);
  if (choices && (field.kind !== "choice" || choices.length === 0))
    throw new Problem("INVALID_REQUEST", "`choices` is for a field of kind choice, which has one at least.");
  await uniqueName(name ?? "", () =>
    db.run(sql`
      update contact_fields set name = coalesce(${name ?? null}, name),
        choices = coalesce(${choices ? distinct(choices) : null}::text[], choices)
      where workspace_id = ${workspace_id} and id = ${id}`),
  );
  return found((await fields(db, workspace_id, id))[0]);
}

/** With every contact's value of it. */
export async function removeField(db: Queryable, workspace_id: string, id: string): Promise<null> {
  const gone = await db.run(sql`
    with values as (
      update contact_profiles set fields = fields - ${id}::text
      where workspace_id = ${workspace_id} and fields ? ${id}::text)
    delete from contact_fields where workspace_id = ${workspace_id} and id = ${id}`);
  found(gone || undefined);
  return null;
}

const distinct = (choices: readonly string[]) => [...new Set(choices)];

/** The value as it is kept. Throws INVALID_REQUEST with what the field takes. */
export function fieldValue(field: ContactField, value: FieldValue): FieldValue {
  const refuse = (what: string): never => {
    throw new Problem("INVALID_REQUEST", `“${field.name}” takes ${what}.`);
  };
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? value : refuse("text");
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : refuse("a number");
    case "boolean":
      return typeof value === "boolean" ? value : refuse("true or false");
    case "date":
      return typeof value === "string" && isDay(value) ? value : refuse("a date, as 2026-11-30");
    case "choice":
      return typeof value === "string" && field.choices.includes(value)
        ? value
        : refuse(`one of ${field.choices.join(", ")}`);
  }
}

/**
 * Gives these contacts a value, or takes it away where it is null; answers those whose value changed. People who were
 * erased are left out. Throws NOT_FOUND for a field that is gone, and INVALID_REQUEST for what it doesn't take.
 */
export async function setField(
  tx: Tx,
  workspace_id: string,
  contact_ids: readonly string[],
  field_id: string,
  value: FieldValue | null,
): Promise<string[]> {
  const field = found((await fields(tx, workspace_id, field_id))[0]);
  const json = value === null ? "{}" : JSON.stringify({ [field_id]: fieldValue(field, value) });
  const changed = await tx.rows<{ contact_id: string }>(sql`
    insert into contact_profiles as p (workspace_id, contact_id, fields)
    select c.workspace_id, c.id, ${json}::jsonb from contacts c
    where c.workspace_id = ${workspace_id} and c.id = any(${uuidArray([...new Set(contact_ids)])}::uuid[])
      and c.marketing_state <> 'REDACTED'
    order by c.id
    on conflict (workspace_id, contact_id) do update
      set fields = (p.fields - ${field_id}::text) || excluded.fields, updated_at = now()
      where (p.fields -> ${field_id}::text) is distinct from (excluded.fields -> ${field_id}::text)
    returning contact_id`);
  return changed.map(({ contact_id }) => contact_id);
}

/** As `2026-11-30`, and a day that there is. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && at.getUTCFullYear() >= 1;
}
