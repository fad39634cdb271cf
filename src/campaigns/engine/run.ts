import { sql, type Tx } from "../../db/db.ts";
import { readTotals, type Totals, joined, noEffects, type Effects } from "../counts/counts.ts";
import type { CampaignRow } from "../definition/definition.ts";
import { canarySize, judgeBreaker, judgeCanary, markOf, tellsEnough } from "./breaker.ts";
import { holdCampaign, reviseHold, setStalled, setState } from "./change-state.ts";
import { feedRecipients, flightOf, type Fed, type Feeding } from "./feed.ts";
import { readReadiness, type Readiness } from "../review/review.ts";
import { allowanceOf } from "./pace.ts";
import { canaryHold, canaryWaitsHold, connectionHold, templateRefusedHold } from "../review/review.ts";
import { endWork, planWork, type Place } from "./work.ts";

/** How often a campaign that runs is looked at. */
const TICK_MS = 1_000;
/** The same while nothing of it is due, and nothing on its way. */
const REST_MS = 30_000;
/** Without progress for so long it says why. */
const STALL_MS = 60_000;
const MINUTE_MS = 60_000;

type Ready = Extract<Readiness, { hold: null }> & {
  public_url: string | null;
  /** Null: neither breaker nor canary asks. */
  totals: Totals | null;
};

/**
 * One look at a campaign that runs, its row locked: holds it where something stands in its way, else queues those whose turn
 * it is, as many as leave soon. It is complete when its rows say so: no one is to be served and nothing is on its way.
 */
export async function run(
  tx: Tx,
  row: CampaignRow,
  place: Place,
  now: Date,
  public_url: string | null,
): Promise<Effects> {
  if (row.state === "HELD") return endCanary(tx, row, place, now);
  if (row.state === "COMPLETED" || row.state === "CANCELLED") return lookAfterEnd(tx, row, now);
  const ready = await readReadiness(tx, row);
  if (ready.hold !== null) return holdCampaign(tx, row, ready.hold, now);
  // What has come of it so far is read once a look, and only by what asks for it.
  const totals = row.breaker !== null || hasCanary(row, place) ? await totalsOf(tx, row) : null;
  const watched = await watchBreaker(tx, row, place, totals, now);
  if ("effects" in watched) return watched.effects;
  return feed(tx, row, { ...ready, public_url, totals }, watched.place, now);
}

/** A refusal for the template came while it ended: it goes on with those who wait again, or they are cancelled too. */
async function lookAfterEnd(tx: Tx, row: CampaignRow, now: Date): Promise<Effects> {
  if (row.state === "CANCELLED") {
    await planWork(tx, row, { step: "cancel", place: {} }, now);
    return noEffects();
  }
  const waits = await tx.first(sql`
    select from campaign_recipients r
    where r.workspace_id = ${row.workspace_id} and r.campaign_id = ${row.id} and r.due_at is not null limit 1`);
  if (waits === undefined) {
    await endWork(tx, row);
    return noEffects();
  }
  await planWork(tx, row, { step: "feed", place: { canary_done: true } }, now);
  return { counts: [], changes: await setState(tx, row, "RUNNING", now) };
}

const totalsOf = async (tx: Tx, { workspace_id, id }: CampaignRow): Promise<Totals> =>
  (await readTotals(tx, workspace_id, [id])).get(id)!;

const hasCanary = (row: CampaignRow, place: Place) => row.canary !== null && place.canary_done !== true;

async function watchBreaker(
  tx: Tx,
  row: CampaignRow,
  place: Place,
  totals: Totals | null,
  now: Date,
): Promise<{ effects: Effects } | { place: Place }> {
  if (row.breaker === null || totals === null) return { place };
  const { hold, marks } = judgeBreaker(row.breaker, place.marks ?? [], markOf(totals));
  if (hold === null) return { place: { ...place, marks } };
  // After a person resumes it, a window begins anew.
  const { marks: _, ...rest } = place;
  await planWork(tx, row, { step: "feed", place: rest }, null);
  return { effects: await holdCampaign(tx, row, hold, now) };
}

async function feed(tx: Tx, row: CampaignRow, ready: Ready, place: Place, now: Date): Promise<Effects> {
  const flight = await flightOf(tx, row);
  const now_ms = now.getTime();
  const allowance = allowanceOf(row, place, { rate_per_s: ready.rate_per_s, queued: flight.queued, now_ms });
  const canary = canaryOf(row, place, ready.totals);
  const count = Math.min(allowance.count, canary.left);
  const feeding: Feeding = {
    public_url: ready.public_url,
    canary: canary.left === Infinity ? null : { audience: ready.totals!.reached.audience, from: canary.fed },
  };
  const fed = count > 0 ? await feedRecipients(tx, row, ready.templates, count, now, feeding) : null;
  const after: Place = allowance.place;
  const effects: Effects = fed ?? noEffects();
  if (fed?.problem) {
    await planWork(tx, row, { step: "feed", place: after }, null);
    return joined([effects, await holdCampaign(tx, row, holdFor(fed.problem), now)]);
  }
  if (fed !== null && canary.left !== Infinity && canary.fed + fed.queued >= canary.size)
    return joined([effects, await beginCanaryWait(tx, row, after, canary.size, now)]);
  const in_flight = flight.queued + flight.sending + (fed?.queued ?? 0);
  const next = await goOn(tx, row, { place: after, in_flight, fed, wait_ms: allowance.wait_ms }, now);
  return joined([effects, next]);
}

function holdFor({ problem, template }: NonNullable<Fed["problem"]>) {
  return problem.code === "NOT_CONNECTED"
    ? connectionHold("No access token is set.")
    : templateRefusedHold(template, problem.detail ?? problem.message);
}

interface Look {
  place: Place;
  in_flight: number;
  fed: { looked: number } | null;
  wait_ms: number | null;
}

/** When it is looked at next, or its end. */
async function goOn(tx: Tx, row: CampaignRow, look: Look, now: Date): Promise<Effects> {
  const { place, in_flight, fed, wait_ms } = look;
  const due = await tx.first<{ at: Date | null }>(sql`
    select nullif(r.due_at, '-infinity') as at from campaign_recipients r
    where r.workspace_id = ${row.workspace_id} and r.campaign_id = ${row.id} and r.due_at is not null
    order by r.due_at limit 1`);
  if (due === undefined && in_flight === 0 && !(await asksAgain(tx, row, now))) {
    await endWork(tx, row);
    return { counts: [], changes: await setState(tx, row, "COMPLETED", now) };
  }
  const is_due = due !== undefined && (due.at === null || due.at <= now);
  const moved = (fed?.looked ?? 0) > 0 || in_flight !== place.in_flight;
  const idle_since_ms =
    moved || (!is_due && in_flight === 0) ? now.getTime() : (place.idle_since_ms ?? now.getTime());
  const stalls = now.getTime() - idle_since_ms >= STALL_MS && (wait_ms ?? 0) < STALL_MS;
  const changes = await setStalled(tx, row, stalls ? stallOf(in_flight) : null, now);
  if (moved)
    await tx.run(
      sql`update campaigns set progress_at = ${now} where workspace_id = ${row.workspace_id} and id = ${row.id}`,
    );
  const next_ms =
    in_flight > 0
      ? Math.min(TICK_MS, wait_ms ?? TICK_MS)
      : is_due
        ? (wait_ms ?? 0)
        : Math.min(due?.at ? due.at.getTime() - now.getTime() : REST_MS, REST_MS);
  const at = new Date(now.getTime() + Math.max(next_ms, (fed?.looked ?? 0) > 0 && wait_ms === null ? 0 : 50));
  await planWork(tx, row, { step: "feed", place: { ...place, in_flight, idle_since_ms } }, at);
  return { counts: [], changes };
}

const stallOf = (in_flight: number) =>
  in_flight > 0
    ? `${in_flight} of its messages wait in the queue of its number, behind others or for Meta's answer.`
    : "Its next people are due, and its rate lets none go.";

/** Whether people may still turn out to be limited by Meta, who are to be asked again. */
async function asksAgain(tx: Tx, row: CampaignRow, now: Date): Promise<boolean> {
  if (row.limited_retry === null || now.getTime() >= Date.parse(row.limited_retry.until)) return false;
  const totals = await totalsOf(tx, row);
  return totals.now.submitted + totals.now.sent > 0;
}

/** How many of the canary are still to be queued; no end where there is none, or it is over. */
function canaryOf(row: CampaignRow, place: Place, totals: Totals | null) {
  if (totals === null || !hasCanary(row, place)) return { left: Infinity, size: 0, fed: 0 };
  const size = canarySize(row, totals.reached.audience - totals.reached.skipped);
  // Those whose messages were taken back wait again, and are not among them.
  const fed = totals.reached.queued;
  return { left: Math.max(size - fed, 0), size, fed };
}

async function beginCanaryWait(
  tx: Tx,
  row: CampaignRow,
  place: Place,
  size: number,
  now: Date,
): Promise<Effects> {
  const wait_min = row.canary!.wait_min;
  await planWork(tx, row, { step: "feed", place: { ...place, canary_done: true } }, null);
  const until = new Date(now.getTime() + wait_min * MINUTE_MS);
  return holdCampaign(tx, row, canaryHold(size, wait_min), now, { keep_queued: true, until });
}

/** The wait is over: it goes on when the canary did well. */
async function endCanary(tx: Tx, row: CampaignRow, place: Place, now: Date): Promise<Effects> {
  if (row.hold?.reason !== "canary") {
    await planWork(tx, row, { step: "feed", place }, null);
    return noEffects();
  }
  const totals = await totalsOf(tx, row);
  const hold = judgeCanary(row, markOf(totals));
  if (hold !== null) return holdCampaign(tx, row, hold, now);
  if (!tellsEnough(totals)) {
    await planWork(tx, row, { step: "feed", place }, new Date(now.getTime() + MINUTE_MS));
    return { counts: [], changes: await reviseHold(tx, row, canaryWaitsHold(totals.reached.queued)) };
  }
  await planWork(tx, row, { step: "feed", place: { ...place, canary_done: true } }, now);
  return { counts: [], changes: await setState(tx, row, "RUNNING", now) };
}
