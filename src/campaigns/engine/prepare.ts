import { firstIdAt, isTimeZone, zoneOfCountry } from "../../base/base.ts";
import { rowsOf, sql, type Sql, type Tx } from "../../db/db.ts";
import { REFUSING } from "../../sending/sending.ts";
import { changeCounts, stateNumber, type CountedGroup, noEffects, type Effects } from "../counts/counts.ts";
import {
  audienceSql,
  isMarketing,
  localTime,
  progressed,
  readTemplates,
  type AudienceSql,
  type CampaignRow,
} from "../definition/definition.ts";
import { holdCampaign } from "./change-state.ts";
import { audienceHold } from "../review/review.ts";
import { planWork, type Place } from "./work.ts";

/** How many contacts a transaction goes through: about half a second. */
const STEP = 10_000;
/** Later than this a time of the clock has passed, and the next day's counts. */
export const LATE_MS = 15 * 60_000;

/**
 * Writes the recipients of the next contacts, in the order of their ids, in one statement: those of its sources once each,
 * without those who are excluded; who can't or must not get it is SKIPPED with the reason. The place of the step is
 * committed with it, so that it goes on from there after any crash.
 */
export async function prepare(tx: Tx, row: CampaignRow, place: Place, now: Date): Promise<Effects> {
  const audience = await audienceSql(tx, row, now.toISOString().slice(0, 10));
  // Without one of them others would get it than those who were meant.
  const { missing } = audience.sources;
  if (missing !== null) return holdCampaign(tx, row, audienceHold(missing), now);
  const after = place.after ?? firstIdAt(0);
  const end = await tx.first<{ id: string }>(audience.bound(after, STEP));
  if (end === undefined) {
    await tx.run(sql`
      update campaigns set prepared_at = ${now}, progress_at = ${now}
      where workspace_id = ${row.workspace_id} and id = ${row.id}`);
    await planWork(tx, row, { step: "feed", place: {} }, now);
    return { ...noEffects(), changes: [progressed(row)] };
  }
  const groups = await writeRecipients(
    tx,
    row,
    audience,
    { after, end: end.id, base: place.written ?? 0 },
    now,
  );
  const written = (place.written ?? 0) + groups.reduce((sum, { n }) => sum + n, 0);
  await planWork(tx, row, { step: "prepare", place: { ...place, after: end.id, written } }, now);
  const key = { workspace_id: row.workspace_id, campaign_id: row.id };
  return {
    counts: groups.flatMap((group) => changeCounts(key, null, group)),
    changes: [progressed(row)],
  };
}

async function writeRecipients(
  tx: Tx,
  row: CampaignRow,
  audience: AudienceSql,
  { after, end, base }: { after: string; end: string; base: number },
  now: Date,
): Promise<CountedGroup[]> {
  const { workspace_id, id } = row;
  const within = (contact: Sql) => sql`${contact} > ${after}::uuid and ${contact} <= ${end}::uuid`;
  const templates = await readTemplates(tx, row);
  const refusing = templates?.members.some(isMarketing) === false ? [] : REFUSING;
  const due = dueOf(row, now, row.schedule.kind === "local" ? await readZones(tx, row, after, end) : []);
  const groups = await tx.rows<Pick<CountedGroup, "state" | "skip_reason" | "country" | "n">>(sql`
    with every as materialized (select distinct id from (${audience.included(within)}) found),
    chosen as materialized (select id from every where not ${audience.isExcluded(sql`every.id`, within)}),
    judged as (
      select chosen.id, coalesce(p.country, i.country) as country, p.language, ${due.at} as due_at,
        case when c.marketing_state = 'REDACTED' then 'erased' when i.value is null then 'unreachable'
          when c.marketing_state = any(${refusing}::text[]) then 'consent' end as skip_reason
      from chosen
      join contacts c on c.workspace_id = ${workspace_id} and c.id = chosen.id
      left join contact_profiles p on p.workspace_id = ${workspace_id} and p.contact_id = chosen.id
      left join lateral (
        select i.value, i.country from contact_identities i
        where i.workspace_id = ${workspace_id} and i.contact_id = chosen.id and i.kind in ('wa_id', 'phone', 'bsuid')
        order by i.former, i.kind = 'bsuid', i.value desc limit 1) i on true
      ${due.tables}),
    written as (
      insert into campaign_recipients (workspace_id, campaign_id, contact_id, place, state, skip_reason, due_at, "values",
        country, language)
      select ${workspace_id}, ${id}, j.id, ${base}::bigint + row_number() over (order by j.id),
        case when j.skip_reason is null then ${stateNumber("WAITING")}::smallint else ${stateNumber("SKIPPED")}::smallint end, j.skip_reason,
        case when j.skip_reason is null then j.due_at end, nullif(a."values", '{}'), j.country, j.language
      from judged j
      left join campaign_additions a on a.workspace_id = ${workspace_id} and a.campaign_id = ${id} and a.contact_id = j.id
      order by j.id
      on conflict do nothing
      returning state, skip_reason, country)
    select state, skip_reason, country, count(*)::integer as n from written group by 1, 2, 3`);
  return groups.map((group) => ({ ...untouched, ...group }));
}

const untouched = {
  error_code: null,
  queued: false,
  submitted: false,
  sent: false,
  delivered: false,
  read: false,
  played: false,
  replied: false,
  clicked: false,
  opted_out: false,
  cost: null,
};

/** When each is due: at once, or at their own time of the clock, by their zone, that of their country, or the campaign's. */
function dueOf(
  { schedule, started_at }: CampaignRow,
  now: Date,
  names: readonly string[],
): { at: Sql; tables: Sql } {
  if (schedule.kind !== "local") return { at: sql`'-infinity'::timestamptz`, tables: sql`` };
  const started_ms = (started_at ?? now).getTime();
  const at = (zone: string) => localTime(schedule, zone, started_ms, LATE_MS);
  const zones = names.map((name) => ({ name, at: at(name) }));
  const countries = COUNTRIES.flatMap((name) => {
    const zone = zoneOfCountry(name);
    return zone === null ? [] : [{ name, at: at(zone) }];
  });
  const columns = { name: "text", at: "timestamptz" } as const;
  return {
    at: sql`coalesce(zone.at, home.at, ${new Date(at(schedule.time_zone))}::timestamptz)`,
    tables: sql`
      left join ${rowsOf(zones, columns, "zone")} on zone.name = p.time_zone
      left join ${rowsOf(countries, columns, "home")} on home.name = coalesce(p.country, i.country)`,
  };
}

/** The zones of those between, as their profiles name them: also UTC and others that no list of ICU's has. By the key of contact_profiles. */
async function readZones(
  tx: Tx,
  { workspace_id }: CampaignRow,
  after: string,
  end: string,
): Promise<string[]> {
  const rows = await tx.rows<{ time_zone: string }>(sql`
    select distinct time_zone from contact_profiles
    where workspace_id = ${workspace_id} and contact_id > ${after} and contact_id <= ${end} and time_zone is not null`);
  return rows.map(({ time_zone }) => time_zone).filter(isTimeZone);
}

/** Every ISO 3166-1 code that names a country. */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
const COUNTRIES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(
  (code) => new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(code) !== undefined,
);
