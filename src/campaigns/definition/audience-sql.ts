import { readSources, type ReadSources } from "../../audience/audience.ts";
import type { Audience } from "../../contract/campaigns.ts";
import { sql, type Queryable, type Sql } from "../../db/db.ts";

/** The people of a campaign as SQL: those of its sources and those who were added, without those who are excluded. */
export interface AudienceSql {
  /** `select id` of everyone included, once for each source that they are in. */
  included(within: (id: Sql) => Sql): Sql;
  /** Whether `id` is in any of the excluded sources, or has a number that is left out. */
  isExcluded(id: Sql, within: (id: Sql) => Sql): Sql;
  /** Where a step of `count` contacts after `after` ends: `select id`, none when no one is left. */
  bound(after: string, count: number): Sql;
  sources: ReadSources;
}

export async function audienceSql(
  db: Queryable,
  campaign: { workspace_id: string; id: string; audience: Audience },
  today: string,
): Promise<AudienceSql> {
  const { workspace_id, id, audience } = campaign;
  const sources = await readSources(db, workspace_id, [...audience.include, ...audience.exclude], today);
  const added = (within: (id: Sql) => Sql) => sql`
    select a.contact_id as id from campaign_additions a
    where a.workspace_id = ${workspace_id} and a.campaign_id = ${id} and ${within(sql`a.contact_id`)}`;
  // By campaign_exclusions' key, and each number's contact by that of contact_identities.
  const left_out = (within: (id: Sql) => Sql) => sql`
    select i.contact_id as id from campaign_exclusions x
    join contact_identities i on i.workspace_id = x.workspace_id and i.kind in ('wa_id', 'phone') and i.value = x.number
    where x.workspace_id = ${workspace_id} and x.campaign_id = ${id} and ${within(sql`i.contact_id`)}`;
  return {
    sources,
    included: (within) =>
      all([added(within), ...audience.include.map((source) => sources.contactsOf(source, within))]),
    isExcluded: (contact, within) =>
      sql`${contact} in (${all([left_out(within), ...audience.exclude.map((source) => sources.contactsOf(source, within))])})`,
    bound(after, count) {
      const next = (part: Sql) => sql`(${part} order by id limit ${count})`;
      const later = (contact: Sql) => sql`${contact} > ${after}::uuid`;
      const parts = [added(later), ...audience.include.map((source) => sources.amongOf(source, later))];
      return sql`select id from (select distinct id from (${all(parts.map(next))}) every order by id limit ${count}) step
        order by id desc limit 1`;
    },
  };
}

const all = (parts: Sql[]): Sql => parts.reduce((before, next) => sql`${before} union all ${next}`);
