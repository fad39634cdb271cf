import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, type Queryable, type Tx } from "../../db/db.ts";
import { REFUSING } from "../../sending/sending.ts";
import {
  audienceSql,
  isMarketing,
  readTemplates,
  type AudienceSql,
  type CampaignRow,
} from "../definition/definition.ts";

type Reach = z.infer<typeof shapes.Reach>;

/** How long a count may take; a million contacts are counted in some seconds. */
const COUNT_MS = 12_000;
const WORK_MEM = "128MB";

/** The people that it would reach; by country for what it costs. */
export interface ReadReach extends Reach {
  by_country: { country: string | null; people: number }[];
}

const always = () => sql`true`;

/** Once through the audience; `tx` gets more memory for the rest of its transaction. */
export async function readReach(tx: Tx, row: CampaignRow, now: Date): Promise<ReadReach> {
  await tx.run(
    sql`select set_config('statement_timeout', ${String(COUNT_MS)}, true), set_config('work_mem', ${WORK_MEM}, true)`,
  );
  const audience = await audienceSql(tx, row, now.toISOString().slice(0, 10));
  const templates = await readTemplates(tx, row);
  const refusing = templates?.members.some(isMarketing) === false ? ["REDACTED"] : REFUSING;
  const groups = await readGroups(tx, row.workspace_id, audience);
  const [sums] = groups;
  const left = groups.filter(({ state }) => state !== null);
  const sum = (of: (group: Group) => boolean) =>
    left.filter(of).reduce((total, { people }) => total + people, 0);
  const states = [...new Set(left.map(({ state }) => state!))].toSorted();
  const isReached = (group: Group) => group.reachable && !refusing.includes(group.state!);
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
    reached: sum(isReached),
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
  reachable: boolean;
  people: number;
  included: number;
  distinct_people: number;
}

function readGroups(db: Queryable, workspace_id: string, audience: AudienceSql): Promise<Group[]> {
  return db.rows<Group>(sql`
    with every as materialized (select id, count(*)::integer as times from (${audience.included(always)}) found group by id),
    sums as (select coalesce(sum(times), 0)::integer as included, count(*)::integer as distinct_people from every),
    known as (
      select c.marketing_state as state, coalesce(p.country, i.country) as country, i.value is not null as reachable
      from every
      join contacts c on c.workspace_id = ${workspace_id} and c.id = every.id
      left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = every.id
      left join lateral (
        select i.value, i.country from contact_identities i
        where i.workspace_id = ${workspace_id} and i.contact_id = every.id and i.kind in ('wa_id', 'phone', 'bsuid')
        order by i.former, i.kind = 'bsuid', i.value desc limit 1) i on true
      where not ${audience.isExcluded(sql`every.id`, always)})
    select k.state, k.country, coalesce(k.reachable, false) as reachable, coalesce(k.people, 0) as people, s.included, s.distinct_people
    from sums s left join (select state, country, reachable, count(*)::integer as people from known group by 1, 2, 3) k on true`);
}
