import type { Reply } from "../../contract/contract.ts";
import { iso, sql, type Queryable, type Sql } from "../../db/db.ts";
import { named, nameParts, type NameParts } from "./display-names.ts";

type GroupDetail = NonNullable<Reply<"GET /api/v1/contacts/:id">["group"]>;

/**
 * Who is in a group now: of each contact the newest word under any of its identities, unless Meta's list, which came
 * later, did not name them. By group_participants' key.
 */
const participantsOf = (group: Sql): Sql => sql`(
  select who.contact_id, who.workspace_id from (
    select distinct on (pi.contact_id) pi.workspace_id, pi.contact_id, p.present, p.occurred_at
    from group_participants p
    join contact_identities pi on pi.workspace_id = p.workspace_id and pi.kind = p.identity_kind and pi.value = p.identity_value
    where p.workspace_id = ${group}.workspace_id and p.group_id = ${group}.value
    order by pi.contact_id, p.occurred_at desc, p.event_id desc) who
  where who.present and who.occurred_at >= coalesce((
    select f.occurred_at from group_facts f
    where f.workspace_id = ${group}.workspace_id and f.group_id = ${group}.value and f.fact = 'listed'), '-infinity'))`;

const factOf = (group: Sql, fact: string): Sql => sql`(select f.value #>> '{}' from group_facts f
  where f.workspace_id = ${group}.workspace_id and f.group_id = ${group}.value and f.fact = ${fact})`;

const stateOf = (group: Sql): Sql => sql`case when ${factOf(group, "deleted")} = 'true' then 'deleted'
  when ${factOf(group, "suspended")} = 'true' then 'suspended' else 'active' end`;

/** A contact that is a group: its state and how many are in it, as JSON; null for people. */
export const groupOf = (contact: Sql): Sql => sql`(
  select json_build_object('state', ${stateOf(sql`g`)}, 'participants', (select count(*) from ${participantsOf(sql`g`)} p))
  from contact_identities g
  where g.workspace_id = ${contact}.workspace_id and g.contact_id = ${contact}.id and g.kind = 'group' limit 1)`;

/** Null for people. */
export const groupState = (contact: Sql): Sql => sql`(
  select ${stateOf(sql`g`)} from contact_identities g
  where g.workspace_id = ${contact}.workspace_id and g.contact_id = ${contact}.id and g.kind = 'group' limit 1)`;

/**
 * What a contact says of marketing; a group's is that of a participant who said stop, as all of them would get what is sent.
 */
export const marketingStateOf = (contact: Sql): Sql => sql`coalesce((
  select 'UNSUBSCRIBED' from contact_identities g
  where g.workspace_id = ${contact}.workspace_id and g.contact_id = ${contact}.id and g.kind = 'group' and exists (
    select from ${participantsOf(sql`g`)} p join contacts pc on pc.workspace_id = p.workspace_id and pc.id = p.contact_id
    where pc.marketing_state = 'UNSUBSCRIBED')
  limit 1), ${contact}.marketing_state)`;

/** What is known of the group that a contact is; null for people. */
export async function readGroup(
  db: Queryable,
  workspace_id: string,
  contact_id: string,
): Promise<GroupDetail | null> {
  const group = await db.first<Omit<GroupDetail, "participants"> & { value: string }>(sql`
    select g.value, ${stateOf(sql`g`)} as state, ${factOf(sql`g`, "description")} as description,
      ${factOf(sql`g`, "join_approval_mode")} as join_approval_mode, ${factOf(sql`g`, "invite_link")} as invite_link,
      (select ${iso(sql`f.occurred_at`)} from group_facts f where f.workspace_id = g.workspace_id
        and f.group_id = g.value and f.fact = 'listed') as listed_at
    from contact_identities g
    where g.workspace_id = ${workspace_id} and g.contact_id = ${contact_id} and g.kind = 'group' limit 1`);
  if (!group) return null;
  const { value, ...facts } = group;
  const people = await db.rows<{ who: NameParts & { id: string } }>(sql`
    select ${nameParts(sql`c`, sql`'id', c.id`)} as who
    from (select ${workspace_id}::uuid as workspace_id, ${value}::text as value) g
    cross join lateral ${participantsOf(sql`g`)} p
    join contacts c on c.workspace_id = p.workspace_id and c.id = p.contact_id`);
  const participants = people.map(({ who }) => {
    const { id, display_name, phone, username } = named(who);
    return { id, display_name, phone, username };
  });
  return {
    ...facts,
    participants: participants.toSorted((a, b) => (a.display_name < b.display_name ? -1 : 1)),
  };
}
