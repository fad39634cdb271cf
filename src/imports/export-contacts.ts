import { contactsFiltered, listFields, RULE_TABLES, type ContactFilter } from "../audience/audience.ts";
import { BYTE_ORDER_MARK, writeRow, type Cell } from "../base/base.ts";
import { sql, type Queryable, type Sql } from "../db/db.ts";

const AT_ONCE = 1_000;
/** As long as an import takes. */
const MOST_SOURCE = 500;

interface Row {
  key: { created_at: string; id: string };
  cells: Cell[];
  fields: Record<string, string | number | boolean>;
}

/**
 * All contacts of a filter as the lines of a CSV file that can be imported again, newest first; never more than a page of
 * them in memory. Each page is a question of its own (contacts__created_at), so a reader who leaves ends it. Throws
 * NOT_FOUND for a segment that isn't there.
 */
export async function exportContacts(
  db: Queryable,
  workspace_id: string,
  filter: ContactFilter,
  today: string,
): Promise<AsyncGenerator<string>> {
  const where = await contactsFiltered(db, workspace_id, filter, today);
  const { data: fields } = await listFields(db, workspace_id);
  async function* lines() {
    yield BYTE_ORDER_MARK + writeRow([...HEADER, ...fields.map(({ name }) => name)]);
    for (let after: Row["key"] | null = null; ;) {
      const rows: Row[] = await page(db, where, after);
      yield rows
        .map((row) => writeRow([...row.cells, ...fields.map(({ id }) => row.fields[id] ?? null)]))
        .join("");
      if (rows.length < AT_ONCE) return;
      after = rows.at(-1)!.key;
    }
  }
  return lines();
}

/** By these names an import knows the columns again; the last two are of no use to it. */
const HEADER = [
  "Phone",
  "Name",
  "Language",
  "Country",
  "Time zone",
  "Tags",
  "Consent",
  "Consent date",
  "Consent source",
  "First seen",
  "Last message",
];

const moment = (time: Sql) => sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const page = (db: Queryable, where: Sql, after: Row["key"] | null) =>
  db.rows<Row>(sql`
    with page as materialized (
      select c.workspace_id, c.id, c.created_at from ${RULE_TABLES}
      where ${where} and ${after === null ? sql`true` : sql`(c.created_at, c.id) < (${after.created_at}::timestamptz, ${after.id}::uuid)`}
      order by c.created_at desc, c.id desc limit ${AT_ONCE})
    select json_build_object('created_at', c.created_at::text, 'id', c.id) as key, coalesce(p.fields, '{}') as fields,
      json_build_array('+' || number.value, coalesce(c.name, c.book_name, c.profile_name), p.language,
        coalesce(p.country, number.country), p.time_zone,
        (select string_agg(t.name, '|' order by lower(t.name)) from contact_tags m
          join tags t on t.workspace_id = m.workspace_id and t.id = m.tag_id
          where m.workspace_id = c.workspace_id and m.contact_id = c.id),
        c.marketing_state, ${moment(sql`said.occurred_at`)},
        left(said.source || coalesce(': ' || said.evidence, ''), ${MOST_SOURCE}),
        ${moment(sql`c.created_at`)}, ${moment(sql`a.last_inbound_at`)}) as cells
    from page join contacts c using (workspace_id, id)
    left join contact_profiles p on p.workspace_id = c.workspace_id and p.contact_id = c.id
    left join contact_activity a on a.workspace_id = c.workspace_id and a.contact_id = c.id
    left join lateral (
      select i.value, i.country from contact_identities i
      where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.kind in ('wa_id', 'phone')
      order by i.former, i.kind desc, i.value limit 1) number on true
    left join lateral (
      select e.occurred_at, e.source, e.evidence from contact_identities i
      join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (i.workspace_id, i.kind, i.value)
      where i.workspace_id = c.workspace_id and i.contact_id = c.id and e.voided_reason is null
      order by e.occurred_at desc, (e.state = 'UNSUBSCRIBED') desc, e.id desc limit 1) said on true
    order by page.created_at desc, page.id desc`);
