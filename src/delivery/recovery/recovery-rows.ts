import { Problem, type Clock } from "../../base/base.ts";
import { dueTime, personOf, sql, type Queryable, type Sql, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { recordHistory } from "../endpoints/endpoints.ts";

/** Recoveries as they are read, and what came of them. */

export type RecoveryKind = "failed" | "missing" | "chosen";

export interface RecoveryView {
  id: string;
  endpoint_id: string;
  what: RecoveryKind;
  since: Date;
  until: Date;
  state: "running" | "done" | "cancelled";
  rate_per_s: number;
  total: number;
  done: number;
  skipped: number;
  /** Of those made due: as it is now, and then as it was when the last of them was completed. Null: it was not kept. */
  delivered: number | null;
  failed: number | null;
  /** Made due and not completed. */
  waiting: number;
  user: { id: string; name: string; email: string } | null;
  created_at: Date;
  /** Everything is made due, or it was cancelled. */
  finished_at: Date | null;
  /** Everything that it made due is completed. */
  completed_at: Date | null;
}

/** The indexes by recovery_id count them: 20 ms for 100,000. What a later recovery or a person sent again is theirs. */
const outcome = (recovery: Sql): Sql => sql`
  select count(*) filter (where deliveries.state = 'delivered')::int as delivered,
         count(*) filter (where deliveries.state = 'failed')::int as failed,
         count(*) filter (where deliveries.state in ('pending', 'held'))::int as waiting
    from deliveries
   where deliveries.workspace_id = ${recovery}.workspace_id and deliveries.recovery_id = ${recovery}.id`;

export const COLUMNS = sql`recoveries.id, endpoint_id, what, since, until, recoveries.state, rate_per_s, total, done, skipped,
  coalesce(recoveries.delivered, outcome.delivered) as delivered, coalesce(recoveries.failed, outcome.failed) as failed,
  coalesce(outcome.waiting, 0) as waiting, ${personOf(sql`users`)} as user, recoveries.created_at, finished_at, completed_at`;
export const TABLES = sql`recoveries left join users on users.id = recoveries.user_id::uuid
  left join lateral (${outcome(sql`recoveries`)}) outcome on recoveries.completed_at is null`;

/** A deleted endpoint's are gone too. */
export async function findRecovery(db: Queryable, workspace_id: string, id: string): Promise<RecoveryView> {
  const row = await db.first<RecoveryView>(sql`
    select ${COLUMNS} from ${TABLES}
     where recoveries.workspace_id = ${workspace_id} and recoveries.id = ${id}
       and exists (select 1 from endpoints
                    where endpoints.workspace_id = recoveries.workspace_id and endpoints.id = endpoint_id
                      and deleted_at is null)`);
  if (!row) throw new Problem("NOT_FOUND");
  return row;
}

/** How soon to look again whether all is completed: after a part of the time that it has taken so far. */
const LOOK = { part: sql`0.2`, least: sql`interval '1 s'`, most: sql`interval '60 s'` };

/**
 * Of a recovery that has made everything due: when all of it is completed, what came of it is written down, and told in
 * the endpoint's history.
 */
export async function completeRecovery(
  tx: Tx,
  recovery: { workspace_id: string; id: string; endpoint_id: string },
  clock: Clock,
): Promise<void> {
  const { workspace_id, id, endpoint_id } = recovery;
  const of = sql`recoveries.workspace_id = ${workspace_id} and recoveries.id = ${id}`;
  const completed = await tx.first<Completed>(sql`
    with outcome as (select counted.* from recoveries r cross join lateral (${outcome(sql`r`)}) counted
                      where r.workspace_id = ${workspace_id} and r.id = ${id})
    update recoveries set delivered = outcome.delivered, failed = outcome.failed,
           completed_at = greatest(recoveries.finished_at, (
             select max(completed_at) from deliveries
              where deliveries.workspace_id = ${workspace_id} and deliveries.recovery_id = ${id}))
      from outcome where ${of} and outcome.waiting = 0
    returning recoveries.what, recoveries.state, recoveries.total, recoveries.done, recoveries.skipped,
              recoveries.delivered, recoveries.failed, recoveries.user_id,
              extract(epoch from recoveries.completed_at - recoveries.created_at) * 1000 as took_ms`);
  if (!completed) {
    const now = dueTime(clock);
    await tx.run(sql`
      update recoveries set next_step_at = ${now} + least(${LOOK.most}, greatest(${LOOK.least}, (${now} - created_at) * ${LOOK.part}))
       where ${of}`);
    return;
  }
  const { user_id } = completed;
  await recordHistory(tx, [
    { workspace_id, endpoint_id, kind: "recovery_ended", detail: wordsOf(completed), user_id },
  ]);
  await publish(
    tx,
    ["DeliveryUpdated", "EndpointUpdated"].map((name) => ({ workspace_id, name, data: { endpoint_id } })),
  );
}

interface Completed {
  what: RecoveryKind;
  state: "done" | "cancelled";
  total: number;
  done: number;
  skipped: number;
  delivered: number;
  failed: number;
  user_id: string | null;
  took_ms: number;
}

/** `438 delivered, 0 failed, took 9 s.` */
function wordsOf(completed: Completed): string {
  const { state, total, done, skipped, delivered, failed, took_ms } = completed;
  const number = (count: number) => count.toLocaleString("en");
  return [
    state === "cancelled" ? `Stopped after ${number(done + skipped)} of ${number(total)}: ` : "",
    `${number(delivered)} delivered, ${number(failed)} failed`,
    skipped > 0 ? `, ${number(skipped)} skipped` : "",
    `, took ${lengthOf(took_ms)}.`,
  ].join("");
}

function lengthOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}
