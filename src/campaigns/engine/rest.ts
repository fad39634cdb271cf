import { firstIdAt } from "../../base/base.ts";
import { sql, type Sql, type Tx } from "../../db/db.ts";
import { explainFailure } from "../../meta/meta.ts";
import {
  changeCounts,
  GROUP_PLACES,
  groupColumns,
  stateNumber,
  type CountedGroup,
  noEffects,
  type Effects,
} from "../counts/counts.ts";
import { progressed, type CampaignRow } from "../definition/definition.ts";
import { endWork, planWork, type Place } from "./work.ts";

/** Steps through all recipients of a campaign that change at once, in the order of their contacts. */
const STEP = 10_000;

/** Those who wait are cancelled, in steps; then nothing is left to do. */
export async function cancelRest(tx: Tx, row: CampaignRow, place: Place, now: Date): Promise<Effects> {
  const step = await changeNext(tx, row, place.after, {
    which: sql`r.due_at is not null`,
    set: sql`state = case when r.state = ${stateNumber("LIMITED")} then r.state else ${stateNumber("CANCELLED")}::smallint end, due_at = null`,
    becomes: (before) =>
      before.state === stateNumber("LIMITED") ? before : { ...before, state: stateNumber("CANCELLED") },
  });
  if (step.after === null) await endWork(tx, row);
  else await planWork(tx, row, { step: "cancel", place: { after: step.after } }, now);
  return step.effects;
}

/** Those who failed for a reason that may pass wait again, in steps; then they are served. */
export async function retryFailed(tx: Tx, row: CampaignRow, place: Place, now: Date): Promise<Effects> {
  const codes = await retryableCodes(tx, row);
  const step = await changeNext(tx, row, place.after, {
    which: sql`r.state = ${stateNumber("FAILED")} and r.error_code = any(${codes}::integer[])`,
    set: sql`state = ${stateNumber("WAITING")}, due_at = ${now}, message_id = null, queued_at = null, submitted_at = null,
      sent_at = null, delivered_at = null, read_at = null, played_at = null, failed_at = null, error_code = null, error = null`,
    becomes: (before) => ({ ...before, ...BEGUN, state: stateNumber("WAITING"), error_code: null }),
  });
  const next = step.after === null ? "feed" : "retry";
  const { after: _, ...rest } = place;
  await planWork(
    tx,
    row,
    { step: next, place: step.after === null ? rest : { ...rest, after: step.after } },
    now,
  );
  return step.effects;
}

const BEGUN = { queued: false, submitted: false, sent: false, delivered: false, read: false, played: false };

interface Change {
  which: Sql;
  set: Sql;
  becomes: (before: CountedGroup) => CountedGroup;
}

async function changeNext(
  tx: Tx,
  row: CampaignRow,
  after: string = firstIdAt(0),
  { which, set, becomes }: Change,
): Promise<{ after: string | null; effects: Effects }> {
  const { workspace_id, id } = row;
  const end = await tx.first<{ contact_id: string }>(sql`
    select contact_id from (
      select contact_id from campaign_recipients
      where workspace_id = ${workspace_id} and campaign_id = ${id} and contact_id > ${after}
      order by contact_id limit ${STEP}) step order by contact_id desc limit 1`);
  if (end === undefined) return { after: null, effects: noEffects() };
  // One pass over the step's rows whatever is known of the table: row after row, with the index that looks right before
  // there are statistics, went through all of the campaign for each of them.
  await tx.run(sql`select set_config('enable_nestloop', 'off', true)`);
  const groups = await tx.rows<CountedGroup>(sql`
    with before as materialized (
      select r.* from campaign_recipients r
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.contact_id > ${after}
        and r.contact_id <= ${end.contact_id} and ${which}
      order by r.contact_id for update),
    changed as (
      update campaign_recipients r set ${set} from before b
      where r.workspace_id = ${workspace_id} and r.campaign_id = ${id} and r.contact_id = b.contact_id
        and r.contact_id > ${after} and r.contact_id <= ${end.contact_id})
    select ${groupColumns(sql`b`)}, count(*)::integer as n from before b group by ${GROUP_PLACES}`);
  await tx.run(sql`select set_config('enable_nestloop', 'on', true)`);
  const key = { workspace_id, campaign_id: id };
  const counts = groups.flatMap((before) => changeCounts(key, before, becomes(before)));
  return { after: end.contact_id, effects: { counts, changes: counts.length > 0 ? [progressed(row)] : [] } };
}

/** Failures that another attempt may not have; those that Meta limits are asked again by their own rule. */
const RETRYABLE = [
  "retry",
  "throttle_number",
  "throttle_pair",
  "throttle_app",
  "pause_number",
  "pause_connection",
  "ask",
  // Refused after the campaign had ended; before that they wait.
  "fix_template",
];
/** Of Wharf's own: it waited too long, or its message could not be queued. */
const OURS = 0;

/** How many failed for each reason that may pass, by its code. */
export async function countRetryable(tx: Tx, row: CampaignRow): Promise<number> {
  const failures = await failuresOf(tx, row);
  return failures.filter(({ code }) => isRetryable(code)).reduce((sum, { n }) => sum + n, 0);
}

async function retryableCodes(tx: Tx, row: CampaignRow): Promise<number[]> {
  return (await failuresOf(tx, row)).flatMap(({ code }) => (isRetryable(code) ? [code] : []));
}

function isRetryable(code: number): boolean {
  if (code === OURS) return true;
  const error = explainFailure({ code, title: null, message: null, details: null, href: null });
  return error.symbol !== "UNKNOWN" && RETRYABLE.includes(error.behaviour);
}

/** By the counts `failed.<code>`, which hold FAILED and LIMITED. */
const failuresOf = (tx: Tx, { workspace_id, id }: CampaignRow) =>
  tx.rows<{ code: number; n: number }>(sql`
    select substr(key, 8)::integer as code, sum(n)::integer as n from campaign_counts
    where workspace_id = ${workspace_id} and campaign_id = ${id} and key like 'failed.%'
    group by key having sum(n) > 0`);
