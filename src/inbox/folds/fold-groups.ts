import { winners } from "../../base/base.ts";
import { sql, textArray, timestamptzArray, uuidArray, type Tx } from "../../db/db.ts";
import {
  type Facts,
  type GroupFact,
  type GroupSighting,
  isNewer,
  keyOf,
  type Participation,
} from "../facts/facts.ts";

/** A group of a workspace. */
export interface GroupKey {
  workspace_id: string;
  group_id: string;
}

const groupName = ({ workspace_id, group_id }: GroupKey): string => `${workspace_id} ${group_id}`;

/**
 * The newest value of each fact of a group, and of each participant's coming and going. Groups that are new are to be
 * asked about. Answers the groups of which something has changed.
 */
export async function foldGroups(
  tx: Tx,
  { groups, group_facts, participations }: Pick<Facts, "groups" | "group_facts" | "participations">,
): Promise<GroupKey[]> {
  await addGroups(tx, groups);
  const changed = [
    ...(await writeFacts(tx, group_facts)),
    ...(await writeParticipations(tx, participations)),
  ];
  return [...new Map(changed.map((key) => [groupName(key), key])).values()];
}

/** Where groups are seen: their contacts and threads. */
export async function groupThreads(
  tx: Tx,
  groups: readonly GroupKey[],
): Promise<{ workspace_id: string; contact_id: string; conversation_id: string }[]> {
  if (groups.length === 0) return [];
  return tx.rows(sql`
    select c.workspace_id, c.contact_id, c.id as conversation_id
    from unnest(${uuidArray(groups.map((group) => group.workspace_id))}::uuid[], ${textArray(groups.map((group) => group.group_id))}::text[]) as due (workspace_id, group_id)
    join contact_identities i on i.workspace_id = due.workspace_id and i.kind = 'group' and i.value = due.group_id
    join conversations c on c.workspace_id = i.workspace_id and c.contact_id = i.contact_id
    order by c.id`);
}

async function addGroups(tx: Tx, sightings: readonly GroupSighting[]): Promise<void> {
  if (sightings.length === 0) return;
  const rows = winners(sightings, groupName, isNewer);
  await tx.run(sql`
    insert into groups (workspace_id, group_id, phone_number_id, next_ask_at)
    select *, now() from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.group_id))}::text[],
      ${uuidArray(rows.map((row) => row.phone_number))}::uuid[])
    on conflict (workspace_id, group_id) do nothing`);
}

async function writeFacts(tx: Tx, facts: readonly GroupFact[]): Promise<GroupKey[]> {
  if (facts.length === 0) return [];
  const rows = winners(facts, (row) => `${groupName(row)} ${row.fact}`, isNewer);
  return tx.rows<GroupKey>(sql`
    insert into group_facts as g (workspace_id, group_id, fact, value, occurred_at, event_id)
    select workspace_id, group_id, fact, value::jsonb, occurred_at, event_id from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.group_id))}::text[],
      ${textArray(rows.map((row) => row.fact))}::text[], ${textArray(rows.map((row) => JSON.stringify(row.value)))}::text[],
      ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[], ${uuidArray(rows.map((row) => row.event_id))}::uuid[]
    ) as due (workspace_id, group_id, fact, value, occurred_at, event_id)
    on conflict (workspace_id, group_id, fact) do update
      set value = excluded.value, occurred_at = excluded.occurred_at, event_id = excluded.event_id
      where (excluded.occurred_at, excluded.event_id) > (g.occurred_at, g.event_id)
    returning g.workspace_id, g.group_id`);
}

/** Who speaks again was there before: only what changes who is in it is told on. */
async function writeParticipations(tx: Tx, participations: readonly Participation[]): Promise<GroupKey[]> {
  if (participations.length === 0) return [];
  const rows = winners(participations, (row) => `${groupName(row)} ${keyOf(row.identity)}`, isNewer);
  const columns = sql`unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${textArray(rows.map((row) => row.group_id))}::text[],
      ${textArray(rows.map((row) => row.identity.kind))}::text[], ${textArray(rows.map((row) => row.identity.value))}::text[],
      ${textArray(rows.map((row) => String(row.present)))}::text[],
      ${timestamptzArray(rows.map((row) => row.at_ms))}::timestamptz[], ${uuidArray(rows.map((row) => row.event_id))}::uuid[]
    ) as due (workspace_id, group_id, kind, value, present, occurred_at, event_id)`;
  return tx.rows<GroupKey>(sql`
    with known as (
      select p.workspace_id, p.group_id, p.identity_kind, p.identity_value, p.present
      from ${columns} join group_participants p on p.workspace_id = due.workspace_id and p.group_id = due.group_id
        and p.identity_kind = due.kind and p.identity_value = due.value),
    written as (
      insert into group_participants as p (workspace_id, group_id, identity_kind, identity_value, present, occurred_at, event_id)
      select workspace_id, group_id, kind, value, present::boolean, occurred_at, event_id from ${columns}
      on conflict (workspace_id, group_id, identity_kind, identity_value) do update
        set present = excluded.present, occurred_at = excluded.occurred_at, event_id = excluded.event_id
        where (excluded.occurred_at, excluded.event_id) > (p.occurred_at, p.event_id)
      returning p.workspace_id, p.group_id, p.identity_kind, p.identity_value, p.present)
    select w.workspace_id, w.group_id from written w
    left join known k using (workspace_id, group_id, identity_kind, identity_value)
    where k.present is distinct from w.present`);
}
