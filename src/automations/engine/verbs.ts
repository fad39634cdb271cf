import { appendTo, grouped } from "../../base/base.ts";
import type { Flow } from "../../contract/automations.ts";
import { sql, uuidArray, type Tx } from "../../db/db.ts";
import type { LiveChange } from "../../live/live.ts";
import { cancelCalls, forgetCalls } from "../../delivery/delivery.ts";
import { takeBackAll } from "../../sending/sending.ts";
import { addCounts, endVisits, type CountChange } from "../counts/counts.ts";
import { nodeById } from "../flow/flow.ts";
import { flowKey, readFlows } from "./run-rows.ts";
import { wakeEngine } from "./wake.ts";

/**
 * What people do with runs, many at once. Each answers the runs that it changed, in the transaction of the caller, who
 * publishes `changes` at its end. Runs that the engine has in hand are waited for.
 */
export interface Changed {
  run_ids: string[];
  changes: LiveChange[];
}

interface Locked {
  id: string;
  automation_id: string;
  version: number;
  contact_id: string;
  key: string;
  state: string;
  node_id: string | null;
}

async function lock(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  ids: readonly string[],
): Promise<Locked[]> {
  await tx.run(sql`
    select from automation_runs
    where workspace_id = ${workspace_id} and id = any(${uuidArray([...ids])}::uuid[]) and automation_id = ${automation_id}
    order by id for no key update`);
  return tx.rows<Locked>(sql`
    select id, automation_id, version, contact_id, key, state, node_id from automation_runs
    where workspace_id = ${workspace_id} and id = any(${uuidArray([...ids])}::uuid[]) and automation_id = ${automation_id}
    order by entered_at desc, id desc`);
}

async function changed(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  run_ids: string[],
): Promise<Changed> {
  if (run_ids.length > 0) await wakeEngine(tx);
  const changes = run_ids.map((run_id) => ({
    workspace_id,
    name: "AutomationActivityRecorded",
    data: { automation_id, run_id },
  }));
  return { run_ids, changes };
}

/** At once: the engine looks by what is known then. */
const wakeNow = (tx: Tx, workspace_id: string, ids: readonly string[]) =>
  tx.run(sql`
    insert into automation_waits (workspace_id, run_id, visit, wake_at, contact_id)
    select r.workspace_id, r.id, r.visit, '-infinity', r.contact_id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray([...ids])}::uuid[])
    on conflict (workspace_id, run_id) do update set visit = excluded.visit, wake_at = excluded.wake_at`);

/**
 * Runs that ended go on again, as a new visit of the node at which they ended, or of the one that is named, on their
 * version or the one that is named. People who are inside again are left out, and of one's runs only the newest goes on.
 */
export async function retryRuns(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  ids: readonly string[],
  { node_id, version }: { node_id?: string | undefined; version?: number | undefined } = {},
): Promise<Changed> {
  const ended = (await lock(tx, workspace_id, automation_id, ids)).filter(
    ({ state, node_id: at }) => !["ACTIVE", "PAUSED", "BLOCKED"].includes(state) && (node_id ?? at) !== null,
  );
  const newest = [
    ...new Map(ended.toReversed().map((run) => [`${run.contact_id} ${run.key}`, run])).values(),
  ];
  const rows = await tx.rows<{ id: string }>(sql`
    update automation_runs r set state = 'ACTIVE', node_id = coalesce(${node_id ?? null}, r.node_id),
      version = coalesce(${version ?? null}, r.version), visit = r.visit + 1, stopped = false, reason = null, ended_at = null
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray(newest.map(({ id }) => id))}::uuid[])
      and not exists (
        select from automation_runs i where i.workspace_id = ${workspace_id} and i.automation_id = r.automation_id
          and i.contact_id = r.contact_id and i.key = r.key and i.state in ('ACTIVE', 'PAUSED'))
    returning r.id`);
  const run_ids = rows.map(({ id }) => id);
  await wakeNow(tx, workspace_id, run_ids);
  return changed(tx, workspace_id, automation_id, run_ids);
}

/** Runs that are inside end; what they have in the queue and no claim has taken is taken back. */
export async function cancelRuns(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  ids: readonly string[],
  reason = "cancelled",
): Promise<Changed> {
  const inside = (await lock(tx, workspace_id, automation_id, ids)).filter(isInside);
  const run_ids = inside.map(({ id }) => id);
  const pending = await tx.rows<{ run_id: string }>(sql`
    select a.run_id from automation_activities a
    where a.workspace_id = ${workspace_id} and a.run_id = any(${uuidArray(run_ids)}::uuid[]) and a.status = 'PENDING'`);
  const origin_ids = [...new Set(pending.map(({ run_id }) => run_id))];
  const taken = await takeBackAll(tx, { workspace_id, kind: "automation", origin_ids });
  await cancelCalls(tx, workspace_id, run_ids);
  await addCounts(tx, await endRuns(tx, workspace_id, run_ids, reason));
  const done = await changed(tx, workspace_id, automation_id, run_ids);
  return { run_ids, changes: [...taken.changes, ...done.changes] };
}

const isInside = ({ state }: Locked) => state === "ACTIVE" || state === "PAUSED";

async function endRuns(
  tx: Tx,
  workspace_id: string,
  ids: readonly string[],
  reason: string,
): Promise<CountChange[]> {
  const those = uuidArray([...ids]);
  const counts = await endVisits(tx, workspace_id, ids, { status: "SKIPPED", reason });
  await tx.run(sql`
    update automation_runs set state = 'CANCELLED', reason = ${reason}, ended_at = now()
    where workspace_id = ${workspace_id} and id = any(${those}::uuid[]) and state in ('ACTIVE', 'PAUSED')`);
  await tx.run(
    sql`delete from automation_waits where workspace_id = ${workspace_id} and run_id = any(${those}::uuid[])`,
  );
  return counts;
}

/** Runs that an agent's answer paused go on; what happened meanwhile counts by its own time. */
export async function resumeRuns(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  ids: readonly string[],
  now: Date,
): Promise<Changed> {
  const paused = (await lock(tx, workspace_id, automation_id, ids)).filter(({ state }) => state === "PAUSED");
  const run_ids = paused.map(({ id }) => id);
  await tx.run(sql`
    update automation_runs set state = 'ACTIVE', reason = null, resumed_at = ${now}
    where workspace_id = ${workspace_id} and id = any(${uuidArray(run_ids)}::uuid[])`);
  await wakeNow(tx, workspace_id, run_ids);
  return changed(tx, workspace_id, automation_id, run_ids);
}

/** The conversation was resolved: its person's runs that an agent's answer paused go on. By automation_runs__contact_id. */
export async function resumeResolved(
  tx: Tx,
  workspace_id: string,
  conversation_id: string,
  now: Date,
): Promise<LiveChange[]> {
  const rows = await tx.rows<{ id: string; automation_id: string }>(sql`
    select r.id, r.automation_id from conversations c
    join automation_runs r on r.workspace_id = c.workspace_id and r.contact_id = c.contact_id and r.state = 'PAUSED' and r.test is null
      and coalesce(r.conversation_id, c.id) = c.id
    where c.workspace_id = ${workspace_id} and c.id = ${conversation_id}`);
  const changes: LiveChange[] = [];
  for (const [automation_id, runs] of grouped(rows, (row) => row.automation_id)) {
    const ids = runs.map(({ id }) => id);
    appendTo(changes, (await resumeRuns(tx, workspace_id, automation_id, ids, now)).changes);
  }
  return changes;
}

/**
 * Where a run at this node lands on another version: where a person said, else at the same node, if it is there and of its
 * kind; null: nowhere.
 */
export function landsOf(
  from: Flow | undefined,
  to: Flow | undefined,
  node_id: string | null,
  lands: Readonly<Record<string, string>>,
): string | null {
  if (node_id === null || to === undefined) return null;
  const named = lands[node_id];
  if (named !== undefined) return named;
  const [before, after] = [from && nodeById(from, node_id), nodeById(to, node_id)];
  return after !== undefined && before?.type === after.type ? node_id : null;
}

/**
 * Runs that are inside go on on another version: at the node that `lands` names for theirs, as a new visit, else where they
 * are, if that version has the node. Those who land nowhere stay on their version.
 */
export async function moveRuns(
  tx: Tx,
  workspace_id: string,
  automation_id: string,
  ids: readonly string[],
  version: number,
  lands: Readonly<Record<string, string>>,
): Promise<Changed> {
  const inside = (await lock(tx, workspace_id, automation_id, ids)).filter(
    (run) => isInside(run) && run.version !== version,
  );
  const flows = await readFlows(tx, workspace_id, [...inside, { automation_id, version }]);
  const target = flows.get(flowKey({ automation_id, version }));
  const moving = inside.flatMap((run) => {
    const to = landsOf(flows.get(flowKey(run)), target, run.node_id, lands);
    return to === null ? [] : [{ ...run, to }];
  });
  const counts: CountChange[] = [];
  for (const runs of grouped(moving, (run) => `${run.node_id} ${run.to}`).values()) {
    const run_ids = runs.map(({ id }) => id);
    const { node_id, to } = runs[0]!;
    const stays = to === node_id;
    if (!stays)
      appendTo(counts, await endVisits(tx, workspace_id, run_ids, { status: "SKIPPED", reason: "moved" }));
    await tx.run(sql`
      update automation_runs set version = ${version}, node_id = ${to}, visit = visit + ${stays ? 0 : 1}
      where workspace_id = ${workspace_id} and id = any(${uuidArray(run_ids)}::uuid[])`);
  }
  await addCounts(tx, counts);
  const active = moving.filter(({ state }) => state === "ACTIVE").map(({ id }) => id);
  await wakeNow(tx, workspace_id, active);
  return changed(
    tx,
    workspace_id,
    automation_id,
    moving.map(({ id }) => id),
  );
}

/** A person was erased: their runs end, and what was told of them goes. By automation_runs__contact_id. */
export async function forgetRuns(tx: Tx, workspace_id: string, contact_id: string): Promise<void> {
  const of = sql`workspace_id = ${workspace_id} and contact_id = ${contact_id}`;
  const rows = await tx.rows<{ id: string }>(sql`
    update automation_runs set trigger = trigger - 'payload', key = '',
      state = case when state in ('ACTIVE', 'PAUSED') then 'CANCELLED' else state end,
      reason = case when state in ('ACTIVE', 'PAUSED') then 'erased' else reason end, ended_at = coalesce(ended_at, now())
    where ${of} returning id`);
  await forgetCalls(tx, workspace_id, contact_id);
  await tx.run(sql`delete from automation_entries where ${of}`);
  await tx.run(sql`delete from automation_waits where ${of}`);
  await tx.run(sql`delete from automation_segment_members where ${of}`);
  const ids = rows.map(({ id }) => id);
  const counts = await endVisits(tx, workspace_id, ids, { status: "SKIPPED", reason: "erased" });
  await tx.run(sql`
    update automation_activities set inputs = '{}'
    where workspace_id = ${workspace_id} and run_id = any(${uuidArray(ids)}::uuid[])`);
  await addCounts(tx, counts);
}
