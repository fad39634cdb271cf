import { sql, type Tx } from "../../db/db.ts";
import type { Hold } from "../../contract/campaigns.ts";
import type { LiveChange } from "../../live/live.ts";
import { newId } from "../../base/base.ts";
import { recordEnds, recordNotices } from "../../notices/notices.ts";
import { takeBack } from "../../sending/sending.ts";
import {
  changeCounts,
  GROUP_PLACES,
  groupColumns,
  stateNumber,
  type CountedGroup,
  noEffects,
  type Effects,
} from "../counts/counts.ts";
import { progressed, type CampaignRow, type CampaignState } from "../definition/definition.ts";
import { planWork, readWork } from "./work.ts";

type Key = Pick<CampaignRow, "workspace_id" | "id">;

/** Of a campaign whose row is locked. */
export async function setState(
  tx: Tx,
  row: CampaignRow,
  state: CampaignState,
  now: Date,
  hold: Hold | null = null,
): Promise<LiveChange[]> {
  const { workspace_id, id } = row;
  const is_over = state === "COMPLETED" || state === "CANCELLED";
  await tx.run(sql`
    update campaigns set state = ${state}, hold = ${hold === null ? null : JSON.stringify(hold)}::jsonb, state_at = ${now}, updated_at = ${now},
      progress_at = ${now}, stalled = null,
      started_at = case when ${state === "RUNNING"} then coalesce(started_at, ${now}) else started_at end,
      completed_at = case when ${is_over} then ${now}::timestamptz end
    where workspace_id = ${workspace_id} and id = ${id}`);
  const notices =
    row.state === "HELD" || row.stalled !== null
      ? await recordEnds(tx, [
          { workspace_id, name: noticeKey(row), at_ms: now.getTime() },
          { workspace_id, name: stallKey(row), at_ms: now.getTime() },
        ])
      : [];
  return [progressed(row), ...notices];
}

const noticeKey = ({ id }: Key) => `campaign:${id}:held`;
const stallKey = ({ id }: Key) => `campaign:${id}:stalled`;

/** Those of its messages that no request has begun for: their recipients wait again, or are cancelled. */
export async function takeBackQueued(
  tx: Tx,
  { workspace_id, id }: Key,
  to: "WAITING" | "CANCELLED",
): Promise<Effects & { count: number }> {
  const { ids, changes } = await takeBack(tx, { workspace_id, origin: { kind: "campaign", id } });
  if (ids.length === 0) return { count: 0, counts: [], changes };
  const waits = to === "WAITING";
  const groups = await tx.rows<CountedGroup>(sql`
    with taken as (
      update campaign_recipients r set state = ${stateNumber(to)}, attempts = greatest(r.attempts - 1, 0), queued_at = null,
        due_at = ${waits ? sql`'-infinity'` : sql`null`}, message_id = ${waits ? sql`null` : sql`r.message_id`}
      where r.workspace_id = ${workspace_id} and r.message_id = any(${ids}::uuid[]) and r.state = ${stateNumber("QUEUED")}
      returning r.*)
    select ${groupColumns(sql`t`)}, count(*)::integer as n from taken t group by ${GROUP_PLACES}`);
  const counts = groups.flatMap((after) =>
    changeCounts(
      { workspace_id, campaign_id: id },
      { ...after, state: stateNumber("QUEUED"), queued: true },
      after,
    ),
  );
  return { count: groups.reduce((sum, { n }) => sum + n, 0), counts, changes };
}

/** Holds a campaign whose row is locked, takes back what it has in the queue, and tells who must know. */
export async function holdCampaign(
  tx: Tx,
  row: CampaignRow,
  hold: Hold,
  now: Date,
  { keep_queued = false, until = null }: { keep_queued?: boolean; until?: Date | null } = {},
): Promise<Effects> {
  const work = await readWork(tx, row);
  const taken = keep_queued ? noEffects() : await takeBackQueued(tx, row, "WAITING");
  const states = await setState(tx, { ...row, state: "RUNNING" }, "HELD", now, hold);
  await planWork(tx, row, work ?? { step: "prepare", place: {} }, until);
  const notices =
    hold.reason === "canary" ? [] : await noticeOf(tx, row, `The campaign “${row.name}” is held.`, hold, now);
  return { counts: taken.counts, changes: [...taken.changes, ...states, ...notices] };
}

function noticeOf(
  tx: Tx,
  row: CampaignRow,
  title: string,
  { says, advice, reason }: Pick<Hold, "says" | "advice"> & { reason: Hold["reason"] | "stalled" },
  now: Date,
): Promise<LiveChange[]> {
  const key = reason === "stalled" ? stallKey(row) : noticeKey(row);
  return recordNotices(tx, [
    {
      workspace_id: row.workspace_id,
      key,
      kind: "campaign",
      severity: reason === "approval" ? "info" : "warning",
      title,
      detail: `${says} ${advice}`,
      resolved: false,
      end: { until_ms: null, by: key, title: `${title} This has been dealt with.` },
      waba_id: null,
      display_phone_number: null,
      at_ms: now.getTime(),
      rank: 0,
      event_id: newId(),
      journal_id: null,
    },
  ]);
}

/** Says why a campaign that runs does not move; null: it moves again. */
export async function setStalled(
  tx: Tx,
  row: CampaignRow,
  says: string | null,
  now: Date,
): Promise<LiveChange[]> {
  if (row.stalled === says) return [];
  await tx.run(sql`
    update campaigns set stalled = ${says} where workspace_id = ${row.workspace_id} and id = ${row.id}`);
  const key = { workspace_id: row.workspace_id, name: stallKey(row), at_ms: now.getTime() };
  const notices =
    says === null
      ? await recordEnds(tx, [key])
      : await noticeOf(
          tx,
          row,
          `The campaign “${row.name}” does not move.`,
          { says, advice: "It goes on by itself once this is over.", reason: "stalled" },
          now,
        );
  return [progressed(row), ...notices];
}
