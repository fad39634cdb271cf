import { firstIdAt } from "../../base/base.ts";
import { sql, type Sql, type Tx } from "../../db/db.ts";
import {
  changeCounts,
  GROUP_PLACES,
  groupColumns,
  readCounts,
  retryableIn,
  stateNumber,
  sumOf,
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
  const codes = [...(await retryableOf(tx, row)).keys()];
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

/** How many failed for a reason that may pass. */
export const countRetryable = async (tx: Tx, row: CampaignRow): Promise<number> =>
  sumOf(await retryableOf(tx, row));

const retryableOf = async (tx: Tx, { workspace_id, id }: CampaignRow) =>
  retryableIn((await readCounts(tx, workspace_id, [id])).get(id)!);
