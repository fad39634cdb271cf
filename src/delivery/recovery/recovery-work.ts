/**
 * The work of recoveries. A step's rows and how far it came are one transaction, and the row of the recovery is its
 * lock; so processes share the work, and what is killed in the middle goes on where it was, with nothing sent twice nor
 * left out.
 */
import type { Clock, Logger } from "../../base/base.ts";
import { dueTime, sql, type Database, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { completeRecovery, type RecoveryKind, type RecoveryView } from "./recovery-rows.ts";
import {
  countFailed,
  countMissing,
  replayMissing,
  resendChosen,
  resendFailed,
  type Progress,
  type Replay,
  type Replays,
  type Span,
  type Wanting,
} from "./recovery-steps.ts";

export interface RecoveryDeps {
  db: Database;
  replays: Replays;
  replay: Replay;
  clock: Clock;
  log: Logger;
  /** Older webhooks are not looked for: what became of them is forgotten, so they might be sent twice. Null: none is. */
  retention_days: number | null;
}

interface Running {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  what: RecoveryKind;
  state: RecoveryView["state"];
  since: Date;
  until: Date;
  rate_per_s: number;
  /** How many were dealt with, and the last of them. */
  place: number;
  position: string | null;
}

const DAY_MS = 86_400_000;
/** How soon to look again whether an endpoint that was switched off is on. */
const OFF_MS = 5_000;
/** How soon to try again what went wrong, so that others have their turn. */
const FAULT_MS = 30_000;

/** One step of one recovery that is due. Returns 0 when none is. */
export async function workOnce(deps: RecoveryDeps): Promise<number> {
  const { db, clock } = deps;
  let recovery: Running | undefined;
  try {
    await db.transaction(async (tx) => {
      recovery = await tx.first<Running>(sql`
        select workspace_id, id, endpoint_id, what, state, since, until, rate_per_s, done + skipped as place, position
          from recoveries
         where completed_at is null and next_step_at <= ${dueTime(clock)}
         order by next_step_at limit 1 for update skip locked`);
      if (recovery) await stepOnce(deps, recovery, tx);
    });
  } catch (error) {
    if (recovery) await putOff(db, clock, recovery, FAULT_MS).catch(() => 0);
    throw error;
  }
  return recovery ? 1 : 0;
}

const putOff = (queryable: Pick<Tx, "run">, clock: Clock, { workspace_id, id }: Running, wait_ms: number) =>
  queryable.run(sql`
    update recoveries set next_step_at = ${dueTime(clock)} + ${wait_ms}::float8 * interval '1 ms'
     where workspace_id = ${workspace_id} and id = ${id}`);

async function stepOnce(deps: RecoveryDeps, recovery: Running, tx: Tx): Promise<void> {
  const { clock } = deps;
  const { workspace_id, id, endpoint_id } = recovery;
  const endpoint = await tx.first<Wanting & { off: boolean; gone: boolean }>(sql`
    select workspace_id, id, events, not enabled or state = 'disabled' as off, deleted_at is not null as gone
      from endpoints where workspace_id = ${workspace_id} and id = ${endpoint_id}`);
  if (!endpoint || endpoint.gone)
    await tx.run(sql`
      update recoveries set state = 'cancelled', finished_at = now(), completed_at = now()
       where workspace_id = ${workspace_id} and id = ${id}`);
  else if (recovery.state !== "running") await completeRecovery(tx, recovery, clock);
  else if (endpoint.off) await putOff(tx, clock, recovery, OFF_MS);
  else await write(tx, clock, recovery, await work(deps, tx, recovery, endpoint));
}

function work(deps: RecoveryDeps, tx: Tx, recovery: Running, endpoint: Wanting): Promise<Progress> {
  const { id, since, until, position: after, rate_per_s } = recovery;
  switch (recovery.what) {
    case "chosen":
      return resendChosen(tx, recovery, recovery.place, rate_per_s);
    case "failed":
      return resendFailed(tx, id, endpoint, { since, until, after }, rate_per_s);
    case "missing":
      return replayMissing(
        tx,
        id,
        deps,
        endpoint,
        { ...remembered(deps, { since, until }), after },
        rate_per_s,
      );
  }
}

/** What a step came to, and when the next one is due: no more than the rate, over a second. */
async function write(tx: Tx, clock: Clock, recovery: Running, progress: Progress): Promise<void> {
  const { workspace_id, id, endpoint_id, rate_per_s } = recovery;
  const { done, skipped, unwanted, position, ended } = progress;
  await tx.run(sql`
    update recoveries set done = done + ${done}, skipped = skipped + ${skipped}, total = total - ${unwanted},
           position = coalesce(${position}, position),
           next_step_at = greatest(next_step_at, ${dueTime(clock)} - interval '1 s')
                          + ${done / rate_per_s}::float8 * interval '1 s',
           state = case when ${ended} then 'done' else state end, finished_at = case when ${ended} then now() end
     where workspace_id = ${workspace_id} and id = ${id}`);
  if (done > 0) await tx.run(sql`select pg_notify('deliveries', '')`);
  const told = [
    ...(ended || done + skipped + unwanted > 0 ? ["DeliveryUpdated"] : []),
    ...(ended ? ["EndpointUpdated"] : []),
  ];
  await publish(
    tx,
    told.map((name) => ({ workspace_id, name, data: { endpoint_id } })),
  );
}

/** The part of the span of which deliveries are kept as long as webhooks. */
function remembered({ retention_days, clock }: RecoveryDeps, { since, until }: Span): Span {
  const oldest_ms = retention_days === null ? 0 : clock.now() - retention_days * DAY_MS;
  return { since: new Date(Math.max(since.getTime(), oldest_ms)), until };
}

/** How many of its span a recovery of that kind would send. */
export const countOf = (
  deps: RecoveryDeps,
  what: "failed" | "missing",
  endpoint: Wanting,
  span: Span,
): Promise<number> =>
  what === "failed"
    ? countFailed(deps.db, endpoint, span)
    : countMissing(deps.db, deps.replays, endpoint, remembered(deps, span));
