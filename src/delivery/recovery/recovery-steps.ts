import { firstIdAt } from "../../base/base.ts";
import { sql, type Queryable, type Sql, type Tx } from "../../db/db.ts";
import type { Subscription } from "../../meta/events.ts";
import type { FanOutWebhook } from "../fan-out/fan-out.ts";
import { isKept } from "./resend.ts";
import { DUE_AGAIN, isSame, MOVED } from "../tables/tables.ts";
import { UNDER_WAY } from "../log/log.ts";

/** What a recovery does in one step, and how much there is of it. Positions are ids, so nothing is met twice. */

export interface Wanting {
  workspace_id: string;
  id: string;
  events: readonly Subscription[];
}

/** From the first moment on, and before the second. */
export interface Span {
  since: Date;
  until: Date;
}

/** What the pipeline knows of webhooks that it took through (pipeline/replay.ts). */
export interface Replays {
  candidates(
    workspace_id: string,
    span: { from_id: string; to_id: string },
    subscriptions: readonly Subscription[],
  ): Sql;
  read(
    db: Queryable,
    workspace_id: string,
    ids: readonly string[],
    limit_bytes: number,
  ): Promise<{ id: string; webhook: FanOutWebhook | null }[]>;
  drained(db: Queryable): Promise<void>;
}

/** Writes deliveries of these webhooks for one endpoint, as a recovery's; how many of them it wants. */
export type Replay = (
  tx: Tx,
  endpoint: Wanting,
  webhooks: readonly FanOutWebhook[],
  recovery_id: string,
) => Promise<number>;

/** What a step came to. */
export interface Progress {
  /** Made due. */
  done: number;
  /** Their bytes are gone. */
  skipped: number;
  /** Counted at first, and not for this endpoint after all. */
  unwanted: number;
  /** The last one dealt with; null: none was left. */
  position: string | null;
  ended: boolean;
}

const idsOf = ({ since, until }: Span, after: string | null = null): Sql => sql`
  id >= ${firstIdAt(since.getTime())} and id < ${firstIdAt(until.getTime())}
  and (${after}::uuid is null or id > ${after}::uuid)`;

/** Failed deliveries of the span; a test is not sent again. By delivery_log__state: 0.1 s for 100,000. */
const failed = ({ workspace_id, id }: Wanting, span: Span, after: string | null = null): Sql => sql`
  workspace_id = ${workspace_id} and endpoint_id = ${id} and state = 'failed' and kind <> 'test'
  and ${idsOf(span, after)}`;

export async function countFailed(db: Queryable, endpoint: Wanting, span: Span): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) from delivery_log where ${failed(endpoint, span)}`);
  return row!.count;
}

/** What waits for its next attempt, by delivery_queue__due. */
export async function countWaiting(db: Queryable, { workspace_id, id }: Wanting): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    select count(*) from delivery_queue
     where workspace_id = ${workspace_id} and endpoint_id = ${id} and state = 'pending'`);
  return row!.count;
}

/** CTEs that take rows of the log, locked by their keys in `locked`, back into the queue as a recovery's. */
const takenFromLog = (locked: Sql, recovery_id: string): Sql => sql`
    taken as (
      delete from delivery_log using (select * from ${locked}) locked where ${isSame("delivery_log", sql`locked`)}
      returning delivery_log.*
    ),
    again as (
      insert into delivery_queue (${MOVED})
      select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, attempts, last_status,
             last_error, last_error_code, last_error_class, created_at, ${DUE_AGAIN.state}, ${DUE_AGAIN.schedule_start},
             ${DUE_AGAIN.next_attempt_at}, ${DUE_AGAIN.lease}, ${recovery_id}::uuid
        from taken
    )`;

/** The next `limit` in the order of their ids, made due again. */
export async function resendFailed(
  tx: Tx,
  recovery_id: string,
  endpoint: Wanting,
  span: Span & { after: string | null },
  limit: number,
): Promise<Progress> {
  const rows = await tx.rows<{ id: string; kept: boolean }>(sql`
    with next as (
      select workspace_id, endpoint_id, id, ${isKept(sql`delivery_log`)} as kept from delivery_log
       where ${failed(endpoint, span, span.after)} order by id limit ${limit} for update
    ),
    ${takenFromLog(sql`next where kept`, recovery_id)}
    select id, kept from next order by id`);
  const done = rows.filter((row) => row.kept).length;
  return {
    done,
    skipped: rows.length - done,
    unwanted: 0,
    position: rows.at(-1)?.id ?? null,
    ended: rows.length < limit,
  };
}

/**
 * The next `limit` of those that were chosen, from the `place`th on, made due again. One that is being sent at this
 * moment, or was received since they were chosen, is left as it is and counts. By their keys.
 */
export async function resendChosen(
  tx: Tx,
  recovery: { workspace_id: string; endpoint_id: string; id: string },
  place: number,
  limit: number,
): Promise<Progress> {
  const { workspace_id, endpoint_id, id } = recovery;
  const which = sql`workspace_id = ${workspace_id} and endpoint_id = ${endpoint_id} and id in (select id from next)`;
  const row = await tx.first<{ chosen: number; done: number }>(sql`
    with next as materialized (
      select unnest(chosen[${place + 1}::int : ${place + limit}::int]) as id from recoveries
       where workspace_id = ${workspace_id} and id = ${id}
    ),
    waiting as (
      select workspace_id, endpoint_id, id, ${UNDER_WAY} as left_alone from delivery_queue
       where ${which} and ${isKept(sql`delivery_queue`)} order by id for update
    ),
    ended as (
      select workspace_id, endpoint_id, id,
             ${UNDER_WAY} or state = 'delivered' and completed_at >= (
               select created_at from recoveries where workspace_id = ${workspace_id} and id = ${id}) as left_alone from delivery_log
       where ${which} and ${isKept(sql`delivery_log`)} order by id for update
    ),
    at_once as (
      update delivery_queue set recovery_id = ${id},
             state = case when left_alone then state else ${DUE_AGAIN.state} end,
             schedule_start = case when left_alone then schedule_start else ${DUE_AGAIN.schedule_start} end,
             next_attempt_at = case when left_alone then next_attempt_at else ${DUE_AGAIN.next_attempt_at} end,
             lease = case when left_alone then lease else ${DUE_AGAIN.lease} end
        from waiting where ${isSame("delivery_queue", sql`waiting`)}
    ),
    as_it_is as (
      update delivery_log set recovery_id = ${id} from ended where ${isSame("delivery_log", sql`ended`)} and left_alone
    ),
    ${takenFromLog(sql`ended where not left_alone`, id)}
    select (select count(*) from next) as chosen,
           (select count(*) from waiting) + (select count(*) from ended) as done`);
  const { chosen, done } = row!;
  return { done, skipped: chosen - done, unwanted: 0, position: null, ended: chosen < limit };
}

const journalIds = ({ since, until }: Span) => ({
  from_id: firstIdAt(since.getTime()),
  to_id: firstIdAt(until.getTime()),
});

/**
 * Whether the endpoint has a delivery of the candidate. By the indexes by journal_id; the span is repeated for
 * reads all of it at once.
 */
const isKnown = (
  { workspace_id, id }: Wanting,
  { from_id, to_id }: { from_id: string; to_id: string },
): Sql => sql`
  exists (select 1 from deliveries
           where deliveries.journal_id = candidate.journal_id and deliveries.endpoint_id = ${id}
             and deliveries.workspace_id = ${workspace_id}
             and deliveries.journal_id >= ${from_id} and deliveries.journal_id < ${to_id})`;

/** 20 ms for 10,000 webhooks, 3 s for a million. */
export async function countMissing(
  db: Queryable,
  replays: Replays,
  endpoint: Wanting,
  span: Span,
): Promise<number> {
  const ids = journalIds(span);
  const row = await db.first<{ count: number }>(sql`
    select count(*) from (${replays.candidates(endpoint.workspace_id, ids, endpoint.events)}) candidate
     where not ${isKnown(endpoint, ids)}`);
  return row!.count;
}

/** How many webhooks one step looks at, and how many bytes it may hold. */
const LOOK = 5_000;
const HOLD_BYTES = 8 * 2 ** 20;

/** New deliveries of the next webhooks, `limit` at most, of which the endpoint has none. */
export async function replayMissing(
  tx: Tx,
  recovery_id: string,
  { replays, replay }: { replays: Replays; replay: Replay },
  endpoint: Wanting,
  span: Span & { after: string | null },
  limit: number,
): Promise<Progress> {
  const { workspace_id } = endpoint;
  const ids = journalIds(span);
  const candidates = replays.candidates(workspace_id, ids, endpoint.events);
  const looked = await tx.rows<{ id: string; known: boolean }>(sql`
    with candidate as materialized (
      select journal_id from (${candidates}) candidate
       where ${span.after}::uuid is null or journal_id > ${span.after}::uuid
       order by journal_id limit ${LOOK}
    )
    select journal_id as id, ${isKnown(endpoint, ids)} as known from candidate order by journal_id`);
  const missing = looked.flatMap(({ id, known }) => (known ? [] : id)).slice(0, limit);
  const read = await replays.read(tx, workspace_id, missing, HOLD_BYTES);
  const webhooks = read.flatMap(({ webhook }) => webhook ?? []);
  const done = await replay(tx, endpoint, webhooks, recovery_id);
  const all = missing.length < limit && read.length === missing.length;
  return {
    done,
    skipped: read.length - webhooks.length,
    unwanted: webhooks.length - done,
    position: (all ? looked.at(-1)?.id : read.at(-1)?.id) ?? null,
    ended: all && looked.length < LOOK,
  };
}
