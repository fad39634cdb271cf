import type { Reply } from "../../contract/contract.ts";
import { Problem, type Clock } from "../../base/base.ts";
import { sql, type Database, type Keep, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { addCounts, readTotals, noEffects, type Effects } from "../counts/counts.ts";
import {
  audienceSql,
  getCampaign,
  lockRow,
  progressed,
  startOf,
  type Approval,
  type CampaignRow,
} from "../definition/definition.ts";
import { audienceHold, blockingChecks, missedStart, readReadiness } from "../review/review.ts";
import { holdCampaign, setState, takeBackQueued } from "./change-state.ts";
import { LATE_MS } from "./prepare.ts";
import { countRetryable } from "./rest.ts";
import { APPROVAL } from "../review/review.ts";
import { endWork, planWork, readWork, stopWork } from "./work.ts";

export type Told = Reply<"POST /api/v1/campaigns/:id/pause">;

/** Who asks for what. */
export interface Asking {
  workspace_id: string;
  id: string;
  /** An API key is no user. */
  user_id: string | null;
  keep?: Keep<Told> | undefined;
}

interface Deps {
  db: Database;
  clock: Clock;
  /** Where people reach Wharf from outside, for links that lead over it. */
  public_url?: string | null | undefined;
}

type Verb = (
  tx: Tx,
  row: CampaignRow,
  now: Date,
  asking: Asking & { public_url: string | null },
) => Promise<Effects & { says: string }>;

const verb =
  (act: Verb) =>
  ({ db, clock, public_url = null }: Deps, asking: Asking): Promise<Told> =>
    db.transaction(async (tx) => {
      const { workspace_id, id, keep } = asking;
      const row = await lockRow(tx, workspace_id, id);
      const { says, counts, changes } = await act(tx, row, new Date(clock.now()), { ...asking, public_url });
      await addCounts(tx, counts);
      const told = { campaign: await getCampaign(tx, workspace_id, id), says };
      await keep?.(tx, told);
      await publish(tx, changes.length > 0 ? changes : [progressed(row)]);
      return told;
    });

const said = (says: string, effects: Effects = noEffects()) => ({ ...effects, says });
const wrongState = (says: string) => new Problem("CAMPAIGN_STATE", says);
const people = (n: number) => (n === 1 ? "1 person" : `${n.toLocaleString("en-GB")} people`);
const messages = (n: number) => (n === 1 ? "1 message" : `${n.toLocaleString("en-GB")} messages`);

export const launch = verb(async (tx, row, now, { user_id, public_url }) => {
  const { state, hold } = row;
  if (hold?.reason === "approval" || state === "SCHEDULED" || state === "RUNNING")
    return said("It is launched already.");
  if (state !== "DRAFT")
    throw wrongState("Only a draft can be launched. Duplicate the campaign to send it once more.");
  refuseArchived(row);
  const checks = await blockingChecks(tx, row, now, public_url);
  if (checks.length > 0)
    throw new Problem("CAMPAIGN_NOT_READY", checks.map(({ says }) => says).join(" "), { more: { checks } });
  const workspace = await tx.first<{ campaign_approval: boolean }>(
    sql`select campaign_approval from workspaces where id = ${row.workspace_id}`,
  );
  if (!workspace!.campaign_approval) return begin(tx, row, now);
  const approval: Approval = {
    requested_by: user_id,
    requested_at: now.toISOString(),
    approved_by: null,
    approved_at: null,
  };
  await writeApproval(tx, row, approval);
  return said(APPROVAL.says, { counts: [], changes: await setState(tx, row, "HELD", now, APPROVAL) });
});

export const approve = verb(async (tx, row, now, { user_id, public_url }) => {
  const { approval } = row;
  if (row.hold?.reason !== "approval" || approval === null) {
    if (approval?.approved_at) return said("It is approved already.");
    throw wrongState("It waits for no approval.");
  }
  if (approval.requested_by === null)
    throw new Problem(
      "FORBIDDEN",
      "It was launched by an API key that no user is known of, so anyone who approves it may hold that key. Cancel it, and launch a copy as a user.",
    );
  if (user_id === null || user_id === approval.requested_by)
    throw new Problem("FORBIDDEN", "A user other than the one who launched the campaign has to approve it.");
  // What stood at the launch may not stand any more. A start that was missed is no reason against it, but is asked about.
  const checks = (await blockingChecks(tx, row, now, public_url)).filter(({ name }) => name !== "Schedule");
  if (checks.length > 0)
    throw new Problem("CAMPAIGN_NOT_READY", checks.map(({ says }) => says).join(" "), { more: { checks } });
  await writeApproval(tx, row, { ...approval, approved_by: user_id, approved_at: now.toISOString() });
  return begin(tx, row, now);
});

const writeApproval = (tx: Tx, { workspace_id, id }: CampaignRow, approval: Approval) =>
  tx.run(sql`
    update campaigns set approval = ${JSON.stringify(approval)}::jsonb where workspace_id = ${workspace_id} and id = ${id}`);

/** By local time it starts where the day begins first; after that its day has passed everywhere. */
const LATE_LOCAL_MS = 2 * 86_400_000;

/** It starts now, or at its time; one that waited for its approval beyond that asks. */
async function begin(tx: Tx, row: CampaignRow, now: Date): Promise<Effects & { says: string }> {
  const starts_ms = startOf(row.schedule);
  const waits = starts_ms !== null && starts_ms > now.getTime();
  const late_ms = starts_ms === null ? 0 : now.getTime() - starts_ms;
  if (late_ms > (row.schedule.kind === "local" ? LATE_LOCAL_MS : LATE_MS)) {
    await planWork(tx, row, { step: "prepare", place: {} }, null);
    const hold = missedStart(Math.round(late_ms / 60_000), "was not approved");
    return said(`${hold.says} ${hold.advice}`, await holdCampaign(tx, row, hold, now));
  }
  const starts_at = waits ? new Date(starts_ms) : now;
  await tx.run(sql`
    update campaigns set starts_at = ${starts_at} where workspace_id = ${row.workspace_id} and id = ${row.id}`);
  await planWork(tx, row, { step: waits ? "start" : "prepare", place: {} }, starts_at);
  const changes = await setState(tx, row, waits ? "SCHEDULED" : "RUNNING", now);
  return said(waits ? "It starts by its schedule." : "It has started.", { counts: [], changes });
}

export const pause = verb(async (tx, row, now) => {
  if (row.state === "PAUSED") return said("It is paused already.");
  if (row.hold?.reason === "approval")
    throw wrongState("It waits for approval and sends nothing. Cancel it if it should not go out.");
  if (!["SCHEDULED", "RUNNING", "HELD"].includes(row.state))
    throw wrongState("Only a campaign that is scheduled or runs can be paused.");
  const taken = await takeBackQueued(tx, row, "WAITING");
  await stopWork(tx, row, taken.count > 0 && row.hold?.reason === "canary");
  const changes = [...taken.changes, ...(await setState(tx, row, "PAUSED", now))];
  const says = taken.count > 0 ? `Paused. ${messages(taken.count)} in the queue were taken back.` : "Paused.";
  return said(says, { counts: taken.counts, changes });
});

export const resume = verb(async (tx, row, now) => {
  if (row.state === "RUNNING" || row.state === "SCHEDULED") return said("It runs already.");
  if (row.state !== "PAUSED" && row.state !== "HELD")
    throw wrongState("Only a campaign that is paused or held can be resumed.");
  if (row.hold?.reason === "approval" && row.hold.code !== "off")
    throw wrongState("It waits for approval: another user has to approve it.");
  await refuseWhileHeld(tx, row);
  if (row.hold?.reason === "approval") return begin(tx, row, now);
  const waits = row.started_at === null && row.starts_at !== null && row.starts_at > now;
  const work = (await readWork(tx, row)) ?? { step: "prepare" as const, place: {} };
  // The breaker looks at what comes from now on, and who resumes a canary has seen enough of it.
  const { marks: _, idle_since_ms: _since, ...place } = work.place;
  const step = waits ? "start" : work.step === "start" ? "prepare" : work.step;
  await planWork(tx, row, { step, place }, waits ? row.starts_at! : now);
  const changes = await setState(tx, row, waits ? "SCHEDULED" : "RUNNING", now);
  return said(waits ? "It starts by its schedule." : "It goes on with those who were not reached.", {
    counts: [],
    changes,
  });
});

/** What stands in its way now is told at once, not by holding it again. */
async function refuseWhileHeld(tx: Tx, row: CampaignRow): Promise<void> {
  const { hold } = await readReadiness(tx, row);
  if (hold !== null) throw wrongState(`${hold.says} ${hold.advice}`);
  if (row.prepared_at !== null) return;
  const { missing } = (await audienceSql(tx, row, "1970-01-01")).sources;
  if (missing === null) return;
  const { says, advice } = audienceHold(missing);
  throw wrongState(`${says} ${advice}`);
}

function refuseArchived({ archived_at }: CampaignRow): void {
  if (archived_at !== null)
    throw wrongState("It is archived. Bring it back to the list of campaigns first, then it can be sent.");
}

export const cancel = verb(async (tx, row, now) => {
  if (row.state === "CANCELLED") return said("It is cancelled already.");
  if (row.state === "DRAFT" || row.state === "COMPLETED")
    throw wrongState(
      row.state === "DRAFT"
        ? "A draft sends nothing; delete it."
        : "It has ended; nothing is left to cancel.",
    );
  const taken = await takeBackQueued(tx, row, "CANCELLED");
  const { now: counts } = (await readTotals(tx, row.workspace_id, [row.id])).get(row.id)!;
  const reached = counts.submitted + counts.sent + counts.delivered + counts.read + counts.played;
  const with_meta = Math.max(counts.queued - taken.count, 0) + reached;
  const changes = [...taken.changes, ...(await setState(tx, row, "CANCELLED", now))];
  if (row.started_at === null) await endWork(tx, row);
  else await planWork(tx, row, { step: "cancel", place: {} }, now);
  const says = `Cancelled. ${people(counts.waiting + taken.count)} will not get it; ${messages(with_meta)} ${with_meta === 1 ? "was" : "were"} already with Meta.`;
  return said(row.started_at === null ? "Cancelled before it started." : says, {
    counts: taken.counts,
    changes,
  });
});

export const retry = verb(async (tx, row, now) => {
  if (row.state === "DRAFT" || row.state === "SCHEDULED" || row.prepared_at === null)
    throw wrongState("Nothing of it was sent yet.");
  if (row.state === "CANCELLED") throw wrongState("It was cancelled. Duplicate it to send it once more.");
  if (row.state === "PAUSED" || row.state === "HELD")
    throw wrongState("Resume it first; then those who failed can be tried again.");
  refuseArchived(row);
  const count = await countRetryable(tx, row);
  if (count === 0) return said("No one failed for a reason that may pass.");
  const { hold } = await readReadiness(tx, row);
  if (hold !== null) throw wrongState(`${hold.says} ${hold.advice}`);
  const work = await readWork(tx, row);
  await planWork(tx, row, { step: "retry", place: { ...work?.place, canary_done: true } }, now);
  return said(`${people(count)} will be tried again.`, {
    counts: [],
    changes: await setState(tx, row, "RUNNING", now),
  });
});

export const archive = verb(async (tx, row, now) => {
  if (["SCHEDULED", "RUNNING", "PAUSED", "HELD"].includes(row.state))
    throw wrongState("It is under way. Cancel it, or wait for its end.");
  return said("Archived.", { counts: [], changes: await setArchived(tx, row, now) });
});

export const unarchive = verb(async (tx, row) =>
  said("Back in the list.", { counts: [], changes: await setArchived(tx, row, null) }),
);

async function setArchived(tx: Tx, row: CampaignRow, at: Date | null) {
  await tx.run(sql`
    update campaigns set archived_at = ${at}, updated_at = now() where workspace_id = ${row.workspace_id} and id = ${row.id}`);
  return [progressed(row)];
}
