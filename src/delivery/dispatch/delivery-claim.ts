import type { Clock, Traced } from "../../base/base.ts";
import { dueTime, int8Array, named, sql, timestamptzArray, uuidArray, type Database } from "../../db/db.ts";
import { elapsed_ms, type EndpointKey } from "./targets.ts";

export interface Claimed {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  lease: string;
  /** By `elapsed_ms`; the database's own end of it comes no sooner. */
  lease_until_ms: number;
  /** Tries so far, and those of them made before the schedule that runs now. */
  attempts: number;
  schedule_start: number;
  created_at: Date;
  /** The one try that is let through to an endpoint that fails. */
  probe: boolean;
  /** With a rate limit: until when the rate is ours. Handed in with the next claim, it is the proof of that. */
  pass: Date | null;
  /**
   * Of the journal: the webhook that it is of (of an event of our own, the delivery), and the same where its very bytes are
   * sent; null for a body of its own.
   */
  webhook_id: string;
  journal_id: string | null;
  /** Null when it is too large to travel with its claim: `readBody`. */
  body: Buffer | null;
}

/** What a trace says of an attempt of it. */
export const tracedAs = ({ webhook_id, id, workspace_id, endpoint_id, attempts }: Claimed): Traced => ({
  webhook_id,
  attributes: {
    "wharf.delivery.id": id,
    "wharf.workspace.id": workspace_id,
    "wharf.endpoint.id": endpoint_id,
    "wharf.attempt": attempts + 1,
  },
});

/** What rides along with a claim; a larger body is read when it is its turn. */
export const RIDING_BYTES = 64 * 1024;

/**
 * What is asked for one endpoint, as it was when it was read: `updated_at`. `pass`: that of the last claim, where there
 * is a rate limit.
 */
export interface Asked extends EndpointKey {
  slots: number;
  updated_at: Date;
  pass?: Date | null;
}

/**
 * For how long a claim has the whole rate of an endpoint. What it claims has to leave within PASS_USE_MS, so that its
 * last request and the first of the next one are more than a second apart.
 */
const PASS_MS = 3_500;
export const PASS_USE_MS = 2_000;
/** A probe that was never heard of again is followed by the next after its endpoint's timeout and this. */
export const PROBE_MARGIN_MS = 5_000;

/**
 * Takes up to `slots` due deliveries of each endpoint for `lease_ms`: no other claim sees them before. Those never
 * tried and those to be tried again take turns, so a mountain of either does not bury the other.
 * delivery_queue__due serves each half in order; rows that another dispatcher is just taking are skipped.
 *
 * An endpoint counts as it is at this moment, not as it was when it was read; one that its user changed in between is
 * left to the next claim, so that nothing goes to an old URL, or is signed by an old secret, once a change has been
 * answered and the delivery was written after that. Of one that fails a single claim gets a
 * single delivery, the probe; one with a rate limit is one dispatcher's at a time. Both are noted in its row, which is
 * why that is locked; a row that is being written is passed over, so that no claim waits here.
 *
 * Deliveries are written where they were found (`ctid`): whatever statistics say of a queue that was empty a moment ago, no
 * plan looks for them among those that wait. One that changed between look and lock is left to the next claim.
 */
export async function claimDue(
  db: Database,
  asked: readonly Asked[],
  claim: { lease: string; clock: Clock; lease_ms: number },
): Promise<Claimed[]> {
  const due = dueTime(claim.clock);
  const lease_until_ms = elapsed_ms(claim.clock) + claim.lease_ms;
  const backlog = (tried: 0 | 1) => sql`(
      select ctid as place_on_disk, workspace_id, id, endpoint_id, next_attempt_at, ${tried}::int as tried, journal_id,
             body is null as whole
        from delivery_queue
       where workspace_id = ready.workspace_id and endpoint_id = ready.endpoint_id and state = 'pending'
         and delivery_turn(attempts) = ${tried} and next_attempt_at <= (select due from moment)
       order by next_attempt_at, id limit ready.slots for update skip locked)`;
  // To the millisecond, as JavaScript read it.
  const unchanged = sql`date_trunc('milliseconds', endpoints.updated_at) = asked.updated_at`;
  const rows = await db.rows<Omit<Claimed, "lease" | "lease_until_ms">>(named("delivery claim")`
    with moment as materialized (
      -- A claim that a crash of the server forgets is due again at once: nothing to wait for the disk for.
      select ${due} as due, set_config('synchronous_commit', 'off', true) as unflushed
    ),
    asked as (
      select * from unnest(
        ${uuidArray(asked.map((key) => key.workspace_id))}::uuid[],
        ${uuidArray(asked.map((key) => key.id))}::uuid[],
        ${int8Array(asked.map((key) => key.slots))}::int8[],
        ${timestamptzArray(asked.map((key) => key.updated_at.getTime()))}::timestamptz[],
        ${timestamptzArray(asked.map((key) => key.pass?.getTime() ?? null))}::timestamptz[]
      ) as asked (workspace_id, endpoint_id, slots, updated_at, pass)
    ),
    noted as materialized (
      select endpoints.workspace_id, endpoints.id as endpoint_id, asked.slots, state = 'failing' as probe,
             case when rate_limit_per_s is not null then date_trunc('milliseconds', now()) + ${PASS_MS} * interval '1 ms' end as pass
        from asked join endpoints on endpoints.workspace_id = asked.workspace_id and endpoints.id = asked.endpoint_id
       where enabled and deleted_at is null and coalesce(held_until <= ${due}, true) and ${unchanged}
         and (state = 'failing' and coalesce(probe_at <= ${due}, true) or state = 'ok' and rate_limit_per_s is not null)
         and (rate_limit_per_s is null or coalesce(rate_next_at <= now(), true) or rate_next_at = asked.pass)
         for no key update of endpoints skip locked
    ),
    ready as (
      select workspace_id, endpoint_id, case when probe then 1 else slots end as slots, probe, pass from noted
      union all
      select asked.workspace_id, asked.endpoint_id, asked.slots, false, null
        from asked join endpoints on endpoints.workspace_id = asked.workspace_id and endpoints.id = asked.endpoint_id
       where enabled and deleted_at is null and coalesce(held_until <= ${due}, true) and ${unchanged}
         and state = 'ok' and rate_limit_per_s is null
    ),
    due as (
      select delivery.*, ready.slots, ready.probe, ready.pass,
             row_number() over (partition by delivery.endpoint_id, tried order by next_attempt_at, delivery.id) as place
        from ready cross join lateral (
          select * from ${backlog(0)} fresh union all select * from ${backlog(1)} again) delivery
    ),
    chosen as (
      -- A webhook's bytes travel once, however many endpoints it goes to.
      select place_on_disk, endpoint_id, probe, pass,
             row_number() over (partition by journal_id, whole order by id) = 1 as carries from (
        select *, row_number() over (partition by endpoint_id order by place, tried) as turn from due) in_turn
       where turn <= slots
    ),
    note as (
      update endpoints set
             probe_at = case when noted.probe then ${due} + (timeout_ms + ${PROBE_MARGIN_MS}) * interval '1 ms' end,
             rate_next_at = coalesce(noted.pass, rate_next_at)
        from noted
       where endpoints.workspace_id = noted.workspace_id and endpoints.id = noted.endpoint_id
         and exists (select 1 from chosen where chosen.endpoint_id = noted.endpoint_id)
    )
    update delivery_queue set lease = ${claim.lease}, next_attempt_at = ${due} + ${claim.lease_ms}::float8 * interval '1 ms'
      from chosen
     where delivery_queue.ctid = chosen.place_on_disk
    returning delivery_queue.workspace_id, delivery_queue.id, delivery_queue.endpoint_id, attempts,
              schedule_start, created_at, chosen.probe, chosen.pass, coalesce(journal_id, delivery_queue.id) as webhook_id,
              case when body is null then journal_id end as journal_id,
              case when body is null then case when chosen.carries then
                     (select journal.body from journal
                       where journal.id = delivery_queue.journal_id and octet_length(journal.body) <= ${RIDING_BYTES}) end
                   when octet_length(body) <= ${RIDING_BYTES} then body end as body`);
  return withBodies(rows).map((row) => ({ ...row, lease: claim.lease, lease_until_ms }));
}

/** In the order of their ids, each with its webhook's bytes, which travelled once. */
function withBodies<Row extends Pick<Claimed, "id" | "journal_id" | "body">>(rows: readonly Row[]): Row[] {
  const bodies = new Map<string, Buffer>();
  for (const { journal_id, body } of rows)
    if (journal_id !== null && body !== null) bodies.set(journal_id, body);
  return rows
    .map((row) => ({
      ...row,
      body: row.body ?? (row.journal_id === null ? null : (bodies.get(row.journal_id) ?? null)),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The bytes of a delivery whose body did not ride along. Null when they are no longer kept. */
export async function readBody(db: Database, delivery: Claimed): Promise<Buffer | null> {
  const row = await db.first<{ body: Buffer | null }>(
    delivery.journal_id === null
      ? sql`
          select body from deliveries
           where workspace_id = ${delivery.workspace_id} and endpoint_id = ${delivery.endpoint_id} and id = ${delivery.id}`
      : sql`select body from journal where id = ${delivery.journal_id}`,
  );
  return row?.body ?? null;
}

/** Gives claims back untried, due in `wait_ms`. What another claim holds by now is left to it. */
export async function giveBack(
  db: Database,
  claims: readonly Claimed[],
  clock: Clock,
  wait_ms = 0,
): Promise<void> {
  if (claims.length === 0) return;
  await db.run(named("delivery give back")`
    with given as (
      select * from unnest(
        ${uuidArray(claims.map((claim) => claim.workspace_id))}::uuid[],
        ${uuidArray(claims.map((claim) => claim.endpoint_id))}::uuid[],
        ${uuidArray(claims.map((claim) => claim.id))}::uuid[],
        ${uuidArray(claims.map((claim) => claim.lease))}::uuid[]) as given (workspace_id, endpoint_id, id, lease)
    )
    update delivery_queue set lease = null, next_attempt_at = ${dueTime(clock)} + ${wait_ms}::float8 * interval '1 ms'
      from given
     where delivery_queue.workspace_id = given.workspace_id and delivery_queue.endpoint_id = given.endpoint_id
       and delivery_queue.id = given.id and delivery_queue.lease = given.lease`);
}
