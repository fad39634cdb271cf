import { newId } from "../../base/base.ts";
import { named, rowsOf, sql, uuidArray, type Tx } from "../../db/db.ts";
import type { Moved } from "../../live/live.ts";
import type { Hearing } from "../flow/flow.ts";

/** What may concern a run: what its person did, or what became of a message of its own (`run_id`). */
export interface Stir {
  workspace_id: string;
  what: Hearing;
  contact_id: string;
}

/**
 * Wakes the runs that are concerned, in the transaction of what happened. It never waits for the engine: a run whose row is
 * free is locked, and its wait is as it stands; of one that the engine has in hand a row of automation_wakes tells, which is
 * read once this is committed and the engine has let go. So whichever of the two comes first, the other sees it: the engine
 * reads what happened behind the run's lock, and what it had not seen yet finds its wait, or leaves word.
 */
export async function wakeRuns(tx: Tx, moved: readonly Moved[], stirs: readonly Stir[]): Promise<void> {
  const sent = moved.filter(({ origin }) => origin?.kind === "automation");
  if (sent.length + stirs.length === 0) return;
  const by_run = sent.map(({ workspace_id, origin }) => ({ workspace_id, id: origin!.id }));
  const workspaces = new Set([...sent, ...stirs].map(({ workspace_id }) => workspace_id));
  let woken = 0;
  for (const workspace_id of [...workspaces].toSorted()) {
    const ids = new Set(by_run.filter((one) => one.workspace_id === workspace_id).map(({ id }) => id));
    const own = stirs.filter((one) => one.workspace_id === workspace_id);
    woken += await wakeIn(tx, workspace_id, [...ids], own);
  }
  if (woken > 0) await wakeEngine(tx);
}

/** URLs that runs called have answered, or were given up: in the transaction that says so. */
export async function wakeCalled(
  tx: Tx,
  calls: readonly { workspace_id: string; origin_id: string }[],
): Promise<void> {
  const runs = await tx.rows<{ workspace_id: string; contact_id: string }>(sql`
    select r.workspace_id, r.contact_id
    from ${rowsOf(calls, { workspace_id: "uuid", origin_id: "uuid" })}
    join automation_runs r on r.workspace_id = due.workspace_id and r.id = due.origin_id`);
  await wakeRuns(
    tx,
    [],
    runs.map((run) => ({ ...run, what: "called" as const })),
  );
}

/** A hint: the engine looks anyway. */
export async function wakeEngine(tx: Tx): Promise<void> {
  tx.later(sql`select pg_notify('automations', '')`);
}

/** By the key of automation_runs, and automation_waits__contact_id and automation_runs__contact_id for people. */
async function wakeIn(
  tx: Tx,
  workspace_id: string,
  ids: readonly string[],
  stirs: readonly Stir[],
): Promise<number> {
  const contacts = [...new Set(stirs.map(({ contact_id }) => contact_id))];
  const concerned = await tx.rows<{ id: string; contact_id: string }>(named("concerned runs")`
    select r.id, r.contact_id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray([...ids])}::uuid[]) and r.state = 'ACTIVE'
    union
    select r.id, r.contact_id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.contact_id = any(${uuidArray(contacts)}::uuid[]) and r.state = 'ACTIVE'`);
  if (concerned.length === 0) return 0;
  const locked = await tx.rows<{ id: string }>(sql`
    select r.id from automation_runs r
    where r.workspace_id = ${workspace_id} and r.id = any(${uuidArray(concerned.map(({ id }) => id))}::uuid[])
    order by r.id for no key update of r skip locked`);
  const free = new Set(locked.map(({ id }) => id));
  const busy = concerned.filter(({ id }) => !free.has(id));
  if (busy.length > 0) await leaveWord(tx, workspace_id, busy);
  const told = concerned.filter(({ id }) => free.has(id)).flatMap((run) => heardBy(run, ids, stirs));
  if (told.length === 0) return busy.length;
  const rows = await tx.run(sql`
    update automation_waits w set wake_at = '-infinity' from ${rowsOf(told, { run_id: "uuid", what: "text" })}
    where w.workspace_id = ${workspace_id} and w.run_id = due.run_id and w.wake_at > '-infinity' and w.wake_at < 'infinity'
      and w.run_id = any(${uuidArray([...new Set(told.map(({ run_id }) => run_id))])}::uuid[])
      and (due.what = any(w.hears) or (due.what = 'status' and w.message_id is not null))`);
  return busy.length + rows;
}

function heardBy(
  { id: run_id, contact_id }: { id: string; contact_id: string },
  ids: readonly string[],
  stirs: readonly Stir[],
): { run_id: string; what: string }[] {
  const whats = new Set(stirs.filter((one) => one.contact_id === contact_id).map(({ what }) => what));
  return [
    ...(ids.includes(run_id) ? [{ run_id, what: "status" }] : []),
    ...[...whats].map((what) => ({ run_id, what })),
  ];
}

async function leaveWord(tx: Tx, workspace_id: string, busy: readonly { id: string }[]): Promise<void> {
  const rows = busy.map(({ id: run_id }) => ({ id: newId(), run_id }));
  await tx.run(sql`
    insert into automation_wakes (workspace_id, id, run_id)
    select ${workspace_id}, id, run_id from ${rowsOf(rows, { id: "uuid", run_id: "uuid" })}`);
}
