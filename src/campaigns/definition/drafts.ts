import type { z } from "zod";
import { newId, Problem } from "../../base/base.ts";
import type * as shapes from "../../contract/campaigns.ts";
import { sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { readSources } from "../../audience/audience.ts";
import { getCampaign } from "./campaign-views.ts";
import { lockRow, type CampaignRow, type CampaignState } from "./campaign-row.ts";
import { checkSchedule, startOf } from "./schedule.ts";
import { isPlace } from "./template-places.ts";

type Campaign = shapes.Campaign;
type NewCampaign = z.infer<typeof shapes.NewCampaign>;
type Change = shapes.CampaignChange;

/** What may be changed once it is launched: `rate_per_min` at any time, as the feed asks for it each time. */
const WHILE_UNDER_WAY = ["name", "rate_per_min", "breaker", "limited_retry"] as const;
const UNDER_WAY: readonly CampaignState[] = ["SCHEDULED", "RUNNING", "PAUSED", "HELD"];

export const progressed = ({ workspace_id, id }: Pick<CampaignRow, "workspace_id" | "id">) => ({
  workspace_id,
  name: "CampaignProgressed",
  data: { campaign_id: id },
});

export function createCampaign(
  db: Database,
  workspace_id: string,
  given: NewCampaign,
  user_id: string | null,
  keep?: Keep<Campaign>,
): Promise<Campaign> {
  return db.transaction(async (tx) => {
    const id = newId();
    await tx.run(sql`
      insert into campaigns (workspace_id, id, name, user_id) values (${workspace_id}, ${id}, ${given.name}, ${user_id})`);
    await write(tx, workspace_id, id, given);
    const campaign = await getCampaign(tx, workspace_id, id);
    await keep?.(tx, campaign);
    await publish(tx, [progressed({ workspace_id, id })]);
    return campaign;
  });
}

/** A draft in all its settings; one that is under way in those that still matter. Throws CAMPAIGN_STATE, INVALID_REQUEST. */
export function changeCampaign(
  db: Database,
  workspace_id: string,
  id: string,
  { based_on, ...change }: Change,
): Promise<Campaign> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, workspace_id, id);
    if (based_on !== undefined) await checkUnchanged(tx, row, based_on);
    const { state } = row;
    if (state !== "DRAFT") {
      const other = Object.keys(change).find((key) => !(WHILE_UNDER_WAY as readonly string[]).includes(key));
      if (other !== undefined)
        throw new Problem(
          "CAMPAIGN_STATE",
          `\`${other}\` can be changed only in a draft. Duplicate the campaign, and change the copy.`,
        );
      if (!UNDER_WAY.includes(state) && Object.keys(change).some((key) => key !== "name"))
        throw new Problem("CAMPAIGN_STATE", "The campaign has ended; only its name can be changed.");
      if (change.limited_retry && !fitsRetry(row, change.limited_retry))
        throw new Problem(
          "INVALID_REQUEST",
          "body.limited_retry.until: those that Meta limits can be tried again until 7 days after the campaign's start at most",
        );
    }
    await write(tx, workspace_id, id, change);
    if (state === "RUNNING")
      await tx.run(sql`
        update campaign_work set next_step_at = now() where workspace_id = ${workspace_id} and campaign_id = ${id} and step = 'feed'`);
    await tx.run(sql`select pg_notify('campaigns', '')`);
    await publish(tx, [progressed({ workspace_id, id })]);
    return getCampaign(tx, workspace_id, id);
  });
}

/** What is shown has milliseconds. */
async function checkUnchanged(tx: Tx, { workspace_id, id }: CampaignRow, based_on: string): Promise<void> {
  const same = await tx.first(sql`
    select from campaigns
    where workspace_id = ${workspace_id} and id = ${id}
      and date_trunc('milliseconds', updated_at) = date_trunc('milliseconds', ${based_on}::timestamptz)`);
  if (!same) throw new Problem("CAMPAIGN_EDITED_MEANWHILE");
}

const WEEK_MS = 7 * 86_400_000;

function fitsRetry(
  { started_at, starts_at, schedule }: CampaignRow,
  { until }: NonNullable<CampaignRow["limited_retry"]>,
): boolean {
  const starts_ms = (started_at ?? starts_at)?.getTime() ?? startOf(schedule) ?? Date.now();
  return Date.parse(until) <= starts_ms + WEEK_MS;
}

/** Only what was never launched. Throws CAMPAIGN_STATE. */
export async function deleteCampaign(db: Database, workspace_id: string, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { state } = await lockRow(tx, workspace_id, id);
    if (state !== "DRAFT")
      throw new Problem("CAMPAIGN_STATE", "Only a draft can be deleted. Archive the campaign instead.");
    await tx.run(
      sql`delete from campaign_additions where workspace_id = ${workspace_id} and campaign_id = ${id}`,
    );
    await tx.run(
      sql`delete from campaign_exclusions where workspace_id = ${workspace_id} and campaign_id = ${id}`,
    );
    await tx.run(sql`delete from campaigns where workspace_id = ${workspace_id} and id = ${id}`);
    // Who has it open elsewhere learns that it is gone.
    await publish(tx, [progressed({ workspace_id, id })]);
  });
}

/** A draft with its settings, and with the people who were added to it or are left out. */
export function duplicateCampaign(
  db: Database,
  workspace_id: string,
  id: string,
  user_id: string | null,
  keep?: Keep<Campaign>,
): Promise<Campaign> {
  return db.transaction(async (tx) => {
    const { name } = await lockRow(tx, workspace_id, id);
    const copy_id = newId();
    await tx.run(sql`
      insert into campaigns (workspace_id, id, name, phone_number_id, template_name, template_language, template_group_id,
        variables, audience, schedule, rate_per_min, canary, breaker, limited_retry, track_clicks, user_id, copied_from)
      select workspace_id, ${copy_id}, ${copyName(name)}, phone_number_id, template_name, template_language, template_group_id,
        variables, audience, '{"kind": "now"}', rate_per_min, canary, breaker, null, track_clicks, ${user_id}, id
      from campaigns where workspace_id = ${workspace_id} and id = ${id}`);
    await tx.run(sql`
      insert into campaign_additions (workspace_id, campaign_id, contact_id, "values")
      select workspace_id, ${copy_id}, contact_id, "values" from campaign_additions
      where workspace_id = ${workspace_id} and campaign_id = ${id}`);
    await tx.run(sql`
      insert into campaign_exclusions (workspace_id, campaign_id, number, given)
      select workspace_id, ${copy_id}, number, given from campaign_exclusions
      where workspace_id = ${workspace_id} and campaign_id = ${id}`);
    const campaign = await getCampaign(tx, workspace_id, copy_id);
    await keep?.(tx, campaign);
    await publish(tx, [progressed({ workspace_id, id: copy_id })]);
    return campaign;
  });
}

const MAX_NAME = 100;
const copyName = (name: string) => `Copy of ${name}`.slice(0, MAX_NAME);

const COLUMNS = [
  "name",
  "phone_number_id",
  "variables",
  "audience",
  "schedule",
  "rate_per_min",
  "canary",
  "breaker",
  "limited_retry",
  "track_clicks",
] as const satisfies readonly (keyof Change & keyof CampaignRow)[];
const JSON_COLUMNS: readonly string[] = [
  "variables",
  "audience",
  "schedule",
  "canary",
  "breaker",
  "limited_retry",
];

async function write(tx: Tx, workspace_id: string, id: string, change: Change): Promise<void> {
  await checkReferences(tx, workspace_id, change);
  for (const column of COLUMNS) {
    const value = change[column];
    if (value === undefined) continue;
    const stored = JSON_COLUMNS.includes(column) && value !== null ? JSON.stringify(value) : value;
    await tx.run(sql`update campaigns set ${NAMES[column]} = ${stored}, updated_at = now()
      where workspace_id = ${workspace_id} and id = ${id}`);
  }
  if (change.template_id !== undefined || change.template_group_id !== undefined)
    await writeTemplate(tx, workspace_id, id, change);
}

const NAMES = {
  name: sql`name`,
  phone_number_id: sql`phone_number_id`,
  variables: sql`variables`,
  audience: sql`audience`,
  schedule: sql`schedule`,
  rate_per_min: sql`rate_per_min`,
  canary: sql`canary`,
  breaker: sql`breaker`,
  limited_retry: sql`limited_retry`,
  track_clicks: sql`track_clicks`,
};

/** By name and language, so that one that is deleted and made again is the same. Either takes the other's place. */
async function writeTemplate(
  tx: Tx,
  workspace_id: string,
  id: string,
  { template_id, template_group_id }: Change,
): Promise<void> {
  if (template_id && template_group_id)
    throw new Problem("INVALID_REQUEST", "body.template_id: choose a template or a group, not both");
  if (template_group_id) {
    const group = await tx.first(
      sql`select from template_groups where workspace_id = ${workspace_id} and id = ${template_group_id}`,
    );
    if (!group) throw new Problem("INVALID_REQUEST", "body.template_group_id: no template group has this id");
  }
  const template = template_id
    ? await tx.first<{ name: string | null; language: string | null }>(
        sql`select name, language from templates where workspace_id = ${workspace_id} and id = ${template_id}`,
      )
    : null;
  if (template === undefined)
    throw new Problem("INVALID_REQUEST", "body.template_id: no template has this id");
  await tx.run(sql`
    update campaigns set template_name = ${template?.name ?? null}, template_language = ${template?.language ?? null},
      template_group_id = ${template_group_id ?? null}, updated_at = now()
    where workspace_id = ${workspace_id} and id = ${id}`);
}

async function checkReferences(tx: Tx, workspace_id: string, change: Change): Promise<void> {
  if (change.schedule) checkSchedule(change.schedule);
  if (change.phone_number_id) {
    const number = await tx.first(
      sql`select from phone_numbers where workspace_id = ${workspace_id} and id = ${change.phone_number_id}`,
    );
    if (!number)
      throw new Problem("INVALID_REQUEST", "body.phone_number_id: none of your numbers has this id");
  }
  const odd = Object.keys(change.variables ?? {}).find((place) => !isPlace(place));
  if (odd !== undefined)
    throw new Problem(
      "INVALID_REQUEST",
      `body.variables.${odd}: this names no place of a template. Places are named as header.1, header.media, header.location, body.1, body.first_name, buttons.0.url, buttons.0.code or buttons.0.payload, buttons from 0 on.`,
    );
  if (!change.audience) return;
  const { include, exclude } = change.audience;
  const sources = await readSources(tx, workspace_id, [...include, ...exclude], "1970-01-01");
  for (const [part, list] of Object.entries({ include, exclude }))
    for (const [i, source] of list.entries())
      if (sources.nameOf(source) === null)
        throw new Problem(
          "INVALID_REQUEST",
          `body.audience.${part}.${i}: there is no ${source.kind} of this id`,
        );
}
