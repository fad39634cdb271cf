import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, type Queryable, type Sql, type Tx } from "../../db/db.ts";
import { isCapped, isQuiet, readLimits, REFUSING } from "../../sending/sending.ts";
import {
  audienceSql,
  isMarketing,
  readTemplates,
  type AudienceSql,
  type CampaignRow,
} from "../definition/definition.ts";
import { missingSql, type PersonColumns } from "./missing-sql.ts";

type Reach = z.infer<typeof shapes.Reach>;

/** How long a count may take; a million contacts are counted in some seconds. */
const COUNT_MS = 12_000;
const WORK_MEM = "128MB";

/** The people that it would reach; by country for what it costs. */
export interface ReadReach extends Reach {
  by_country: { country: string | null; people: number }[];
  /** Of those, who the workspace's limits of marketing would keep out if it went out now; null: there is no such limit. */
  capped: number | null;
  quiet: { people: number; action: "wait" | "skip" } | null;
}

const always = () => sql`true`;

/** Once through the audience; `tx` gets more memory for the rest of its transaction. */
export async function readReach(tx: Tx, row: CampaignRow, now: Date): Promise<ReadReach> {
  await tx.run(
    sql`select set_config('statement_timeout', ${String(COUNT_MS)}, true), set_config('work_mem', ${WORK_MEM}, true)`,
  );
  const audience = await audienceSql(tx, row, now.toISOString().slice(0, 10));
  const templates = await readTemplates(tx, row);
  const is_marketing = templates?.members.some(isMarketing) !== false;
  const refusing = is_marketing ? REFUSING : ["REDACTED"];
  const limits = is_marketing ? await readLimits(tx, row.workspace_id) : null;
  const groups = await readGroups(tx, row, audience, {
    missing: missingSql(row, templates, PERSON),
    capped: limits?.cap ? isCapped(row.workspace_id, sql`every.id`, limits.cap, now.getTime()) : sql`false`,
    // Only where the hours count is it worth telling the zones apart.
    time_zone: limits?.quiet ? sql`p.time_zone` : sql`null::text`,
  });
  const [sums] = groups;
  const left = groups.filter(({ state }) => state !== null);
  const sum = (of: (group: Group) => boolean) =>
    left.filter(of).reduce((total, { people }) => total + people, 0);
  const states = [...new Set(left.map(({ state }) => state!))].toSorted();
  const isWanted = (group: Group) => group.reachable && !refusing.includes(group.state!);
  const isReached = (group: Group) => isWanted(group) && !group.missing;
  const countries = [...new Set(left.filter(isReached).map(({ country }) => country))];
  return {
    included: sums?.included ?? 0,
    duplicates: (sums?.included ?? 0) - (sums?.distinct_people ?? 0),
    excluded: (sums?.distinct_people ?? 0) - sum(() => true),
    people: sum(() => true),
    by_consent: states.map((state) => ({
      state: state as Reach["by_consent"][number]["state"],
      count: sum((group) => group.state === state),
      reached: !refusing.includes(state),
    })),
    unreachable: sum(({ reachable }) => !reachable),
    missing_values: sum((group) => isWanted(group) && group.missing),
    reached: sum(isReached),
    capped: limits?.cap ? sum((group) => isReached(group) && group.capped) : null,
    quiet: limits?.quiet
      ? {
          people: sum((group) => isReached(group) && isQuiet(limits, group, now.getTime())),
          action: limits.quiet.action,
        }
      : null,
    by_country: countries.map((country) => ({
      country,
      people: sum((group) => isReached(group) && group.country === country),
    })),
  };
}

interface Group {
  /** Null: the line of sums alone. */
  state: string | null;
  country: string | null;
  time_zone: string | null;
  reachable: boolean;
  missing: boolean;
  capped: boolean;
  people: number;
  included: number;
  distinct_people: number;
}

/** Where `readGroups` has what is known of a person. */
const PERSON: PersonColumns = {
  name: sql`coalesce(c.name, c.book_name, c.profile_name)`,
  number_kind: sql`i.kind`,
  country: sql`coalesce(p.country, i.country)`,
  language: sql`p.language`,
  time_zone: sql`p.time_zone`,
  fields: sql`p.fields`,
  values: sql`a."values"`,
};

function readGroups(
  db: Queryable,
  { workspace_id, id }: CampaignRow,
  audience: AudienceSql,
  { missing, capped, time_zone }: { missing: Sql; capped: Sql; time_zone: Sql },
): Promise<Group[]> {
  return db.rows<Group>(sql`
    with every as materialized (select id, count(*)::integer as times from (${audience.included(always)}) found group by id),
    sums as (select coalesce(sum(times), 0)::integer as included, count(*)::integer as distinct_people from every),
    known as (
      select c.marketing_state as state, coalesce(p.country, i.country) as country, i.value is not null as reachable,
        (${missing}) as missing, ${capped} as capped, ${time_zone} as time_zone
      from every
      join contacts c on c.workspace_id = ${workspace_id} and c.id = every.id
      left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = every.id
      left join campaign_additions a on a.workspace_id = ${workspace_id} and a.campaign_id = ${id} and a.contact_id = every.id
      left join lateral (
        select i.kind, i.value, i.country from contact_identities i
        where i.workspace_id = ${workspace_id} and i.contact_id = every.id and i.kind in ('wa_id', 'phone', 'bsuid')
        order by i.former, i.kind = 'bsuid', i.value desc limit 1) i on true
      where not ${audience.isExcluded(sql`every.id`, always)})
    select k.state, k.country, k.time_zone, coalesce(k.reachable, false) as reachable, coalesce(k.missing, false) as missing,
      coalesce(k.capped, false) as capped, coalesce(k.people, 0) as people, s.included, s.distinct_people
    from sums s left join (
      select state, country, time_zone, reachable, missing, capped, count(*)::integer as people
      from known group by 1, 2, 3, 4, 5, 6) k on true`);
}
