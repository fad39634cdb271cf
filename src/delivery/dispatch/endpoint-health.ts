import type { Clock, Logger } from "../../base/base.ts";
import { dueTime, rowsOf, sql, type Database, type Queryable, type Tx } from "../../db/db.ts";
import { publish } from "../../live/live.ts";
import { hold, recordHistory } from "../endpoints/endpoints.ts";
import { concernsEndpoint, judge, judgeTime, turnsOf, type Health } from "../policy/policy.ts";
import type { Result } from "./attempt-result.ts";

/** How far `last_success_at` of a healthy endpoint may lag behind. */
const SUCCESS_LAG_MS = 5_000;
/** Endpoints looked at in one transaction when only time has passed. */
const BATCH = 100;

interface Row extends Health {
  workspace_id: string;
  id: string;
  url: string;
  give_up_after_s: number;
  now: Date;
}
const columns = (
  clock: Clock,
) => sql`workspace_id, id, url, give_up_after_s, state, state_reason, failures, failing_since, held_until,
  probe_at, trips, warned_at, disabled_at, last_success_at, last_failure_at, ${dueTime(clock)} as now`;

/**
 * By endpoint, only what changes its row: failures, recoveries, and now and then that all is well. `successes`: when
 * that was last written of those of which nothing worse was written since.
 */
export function newsOf(batch: readonly Result[], successes: Map<string, number>): Result[][] {
  const byEndpoint = new Map<string, Result[]>();
  for (const result of batch) {
    if (!concernsEndpoint(result.attempt)) continue;
    const results = byEndpoint.get(result.target.id);
    if (results) results.push(result);
    else byEndpoint.set(result.target.id, [result]);
  }
  return [...byEndpoint.values()].filter((results) => {
    const { target, attempt } = results.at(-1)!;
    if (results.some((result) => result.attempt.error_code !== null)) {
      successes.delete(target.id);
      return true;
    }
    const well = target.failures === 0 && target.state === "ok";
    if (well && attempt.started_at_ms - (successes.get(target.id) ?? 0) < SUCCESS_LAG_MS) return false;
    successes.set(target.id, attempt.started_at_ms);
    return true;
  });
}

/** What these attempts mean for their endpoints. */
export async function writeHealth(
  db: Database,
  log: Logger,
  news: readonly Result[][],
  clock: Clock,
): Promise<void> {
  if (news.length === 0) return;
  await db.transaction(async (tx) => {
    const targets = news.map((results) => results[0]!.target);
    const rows = await tx.rows<Row>(sql`
      select ${columns(clock)} from endpoints
       where (workspace_id, id) in (
         select * from ${rowsOf(targets, { workspace_id: "uuid", id: "uuid" })})
       order by workspace_id, id for no key update`);
    const byEndpoint = new Map(news.map((results) => [results[0]!.target.id, results]));
    const changes = rows.map((before) => {
      // What was sent to another address says nothing of this one.
      const signs = byEndpoint
        .get(before.id)!
        .filter(({ target }) => target.url === before.url)
        .map(({ attempt, delivery }) => ({ ...attempt, probe: delivery.probe, at_ms: before.now.getTime() }));
      return { before, after: judge(before, signs, before.give_up_after_s) };
    });
    await write(tx, log, changes);
  });
}

/**
 * Warns of and disables what has failed for long enough, when no attempt comes to say so. Any number of dispatchers do
 * this; a row that another is writing is left to it. Uses endpoints__failing_since. Returns how many rows changed.
 */
export async function judgeTimes(db: Database, log: Logger, clock: Clock): Promise<number> {
  return db.transaction(async (tx) => {
    const now = dueTime(clock);
    const rows = await tx.rows<Row>(sql`
      select ${columns(clock)} from endpoints
       where state = 'failing' and enabled and deleted_at is null
         and case when warned_at is null
                  then failing_since + give_up_after_s * interval '500 ms' <= ${now}
                  else last_failure_at > warned_at
                       and greatest(failing_since + give_up_after_s * interval '1 s',
                                    warned_at + give_up_after_s * interval '500 ms') <= ${now} end
       order by workspace_id, id limit ${BATCH} for no key update skip locked`);
    const changes = rows.map((before) => ({
      before,
      after: judgeTime(before, before.now.getTime(), before.give_up_after_s),
    }));
    await write(tx, log, changes);
    return rows.length;
  });
}

/** In one transaction with what follows from it: deliveries are held, the turn is told. */
async function write(tx: Tx, log: Logger, changes: readonly { before: Row; after: Health }[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ before: { workspace_id, id }, after }) => ({ ...after, workspace_id, id }));
  await tx.run(sql`
    update endpoints set state = after.state, state_reason = after.state_reason, failures = after.failures,
           failing_since = after.failing_since, held_until = after.held_until, probe_at = after.probe_at,
           trips = after.trips, warned_at = after.warned_at, disabled_at = after.disabled_at,
           last_success_at = after.last_success_at, last_failure_at = after.last_failure_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as after (
           workspace_id uuid, id uuid, state text, state_reason text, failures integer, failing_since timestamptz,
           held_until timestamptz, probe_at timestamptz, trips smallint, warned_at timestamptz, disabled_at timestamptz,
           last_success_at timestamptz, last_failure_at timestamptz)
     where endpoints.workspace_id = after.workspace_id and endpoints.id = after.id`);
  const turns = changes.flatMap(({ before, after }) =>
    turnsOf(before, after, before.give_up_after_s).map((turn) => ({
      workspace_id: before.workspace_id,
      endpoint_id: before.id,
      ...turn,
    })),
  );
  if (turns.length === 0) return;
  for (const { kind, workspace_id, endpoint_id } of turns) {
    log.info({ workspace_id, endpoint_id }, `an endpoint is ${kind}`);
    if (kind === "disabled") await hold(tx, workspace_id, [endpoint_id]);
  }
  await recordHistory(tx, turns);
  // The other dispatchers learn at once that it is to be left alone, or can be had again.
  await tx.run(sql`select pg_notify('deliveries', '')`);
  await publish(
    tx,
    turns.map(({ workspace_id, endpoint_id }) => ({
      workspace_id,
      name: "EndpointUpdated",
      data: { endpoint_id },
    })),
  );
}

/** A person asks for a try: of an endpoint that fails, the next one need not wait for the breaker's rest to end. */
export async function probeNow(
  queryable: Queryable,
  workspace_id: string,
  endpoint_id: string,
): Promise<void> {
  await queryable.run(sql`
    update endpoints set probe_at = null
     where workspace_id = ${workspace_id} and id = ${endpoint_id} and state = 'failing'`);
}
