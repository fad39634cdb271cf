import type { Reply } from "../../contract/contract.ts";
import {
  and,
  sql,
  type Queryable,
  type Sql,
  before,
  found,
  iso,
  keyOf,
  toList,
  type List,
  type Page,
} from "../../db/db.ts";
import { readGroup } from "./group-views.ts";
import { named, nameParts, type NameParts } from "./display-names.ts";
import { contactsCalled, readSearch } from "./search-queries.ts";

type ContactView = Reply<"GET /api/v1/contacts">["data"][number];
type Consent = Reply<"GET /api/v1/contacts/:id">["consent"][number];
type Parts = Omit<ContactView, "display_name" | "phone"> & NameParts;

async function contacts(db: Queryable, where: Sql, limit: number) {
  const rows = await db.rows<{ contact: Parts; list_key: [string, string] }>(sql`
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
          from contact_identities i where i.workspace_id = c.workspace_id and i.contact_id = c.id)`,
    )} as contact, ${keyOf(sql`c.created_at`, sql`c.id`)} as list_key
    from contacts c where ${where}
    order by c.created_at desc, c.id desc limit ${limit}`);
  return rows.map(({ contact, list_key }) => ({ ...named(contact), list_key }));
}

/** Newest first (contacts__created_at). `search`: any name, or a number or a part of one. */
export async function listContacts(
  db: Queryable,
  workspace_id: string,
  options: Page & { search?: string | undefined },
): Promise<List<ContactView>> {
  const { search, cursor, limit } = options;
  const conditions = [sql`c.workspace_id = ${workspace_id}`, before(sql`c.created_at`, sql`c.id`, cursor)];
  const searched = await contactsSearched(db, workspace_id, search);
  if (searched) conditions.push(searched);
  return toList(await contacts(db, and(...conditions), limit + 1), limit);
}

/** A condition on the contact `c`: it has that in a name or a number. Null: nothing is looked for. */
export async function contactsSearched(
  db: Queryable,
  workspace_id: string,
  search: string | undefined,
): Promise<Sql | null> {
  const wanted = await readSearch(db, workspace_id, search);
  return wanted && sql`c.id in (${contactsCalled(wanted)})`;
}

/** One contact with what was ever said about consent, newest first, under any identity that is the contact's now. */
export async function getContact(
  db: Queryable,
  workspace_id: string,
  id: string,
): Promise<Reply<"GET /api/v1/contacts/:id">> {
  const { list_key: _, ...contact } = found(
    (await contacts(db, sql`c.workspace_id = ${workspace_id} and c.id = ${id}`, 1))[0],
  );
  const consent = await db.rows<Consent>(sql`
    select e.id, e.state, e.source, e.evidence, e.voided_reason, ${iso(sql`e.occurred_at`)} as occurred_at
    from consent_events e
    join contact_identities i on i.workspace_id = e.workspace_id and i.kind = e.identity_kind and i.value = e.identity_value
    where e.workspace_id = ${workspace_id} and i.contact_id = ${id}
    order by e.occurred_at desc, e.id desc limit 200`);
  return { ...contact, consent, group: await readGroup(db, workspace_id, id) };
}
