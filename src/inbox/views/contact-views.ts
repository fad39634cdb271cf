import type { z } from "zod";
import type { Reply, shapes } from "../../contract/contract.ts";
import { found, iso, sql, uuidArray, type Queryable, type Sql } from "../../db/db.ts";
import { readGroup } from "./group-views.ts";
import { named, nameParts, type NameParts } from "./display-names.ts";
import { contactsCalled, readSearch } from "./search-queries.ts";

type ContactView = z.infer<typeof shapes.Contact>;
type Consent = Reply<"GET /api/v1/contacts/:id">["consent"][number];
type Parts = Omit<ContactView, "display_name" | "phone"> & NameParts;

async function contacts(db: Queryable, where: Sql): Promise<ContactView[]> {
  const rows = await db.rows<{ contact: Parts }>(sql`
    select ${nameParts(
      sql`c`,
      sql`'id', c.id, 'marketing_state', c.marketing_state, 'created_at', ${iso(sql`c.created_at`)},
        'unreachable_at', (
          select ${iso(sql`c.unreachable_at`)} where not exists (
            select from conversations v where v.workspace_id = c.workspace_id and v.contact_id = c.id
              and v.last_inbound_at > c.unreachable_at)),
        'last_inbound_at', (
          select ${iso(sql`max(v.last_inbound_at)`)} from conversations v
          where v.workspace_id = c.workspace_id and v.contact_id = c.id),
        'identities', (
          select coalesce(json_agg(json_build_object('kind', i.kind, 'value', i.value, 'former', i.former)
            order by i.former, i.kind, i.value), '[]')
          from contact_identities i
          where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.kind <> 'erased')`,
    )} as contact
    from contacts c where ${where}`);
  return rows.map(({ contact }) => named(contact));
}

/** In the order of the ids; those that are gone are left out. */
export async function readContacts(
  db: Queryable,
  workspace_id: string,
  ids: readonly string[],
): Promise<ContactView[]> {
  const found = await contacts(
    db,
    sql`c.workspace_id = ${workspace_id} and c.id = any(${uuidArray([...ids])}::uuid[])`,
  );
  const by_id = new Map(found.map((contact) => [contact.id, contact]));
  return ids.flatMap((id) => by_id.get(id) ?? []);
}

/** Whether the contact of this id has it in any name, or in a number or a part of one; null: nothing is looked for. */
export async function contactsSearched(
  db: Queryable,
  workspace_id: string,
  search: string | undefined,
  id = sql`c.id`,
): Promise<Sql | null> {
  const wanted = await readSearch(db, workspace_id, search);
  return wanted && sql`${id} in (${contactsCalled(wanted)})`;
}

/** One contact with what was ever said about consent, newest first, under any identity that is the contact's now. */
export async function getContact(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<Reply<"GET /api/v1/contacts/:id">> {
  const contact = found((await contacts(db, sql`c.workspace_id = ${workspace_id} and c.id = ${id}`))[0]);
  const consent = await db.rows<Consent>(sql`
    select e.id, e.state, e.source, e.evidence, e.voided_reason, ${iso(sql`e.occurred_at`)} as occurred_at
    from consent_events e
    join contact_identities i on i.workspace_id = e.workspace_id and i.kind = e.identity_kind and i.value = e.identity_value
    where e.workspace_id = ${workspace_id} and i.contact_id = ${id}
    order by e.occurred_at desc, e.id desc limit 200`);
  return { ...contact, consent, group: await readGroup(db, workspace_id, id) };
}
