import { blockOf } from "../accounts/accounts.ts";
import { firstIdAt, newId } from "../base/base.ts";
import { named, sql, textArray, timestamptzArray, uuidArray, type Database, type Tx } from "../db/db.ts";
import { marketingStateOf, threadsOf, windowExpiresAt } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import type { OutgoingContent } from "../meta/meta.ts";
import { errorOf, FOUND, type Refusal, type SendError } from "./error.ts";
import { PAIR } from "./pairs.ts";
import { pausedConnection, stillRefused } from "./views.ts";

export interface NumberKey {
  workspace_id: string;
  /** The row of phone_numbers. */
  id: string;
}

/** A business number that has something to send. */
export interface NumberDue extends NumberKey {
  phone_number_id: string;
  connection_id: string;
  /** Some of it is people's. */
  people: boolean;
}

export interface Claimed {
  workspace_id: string;
  id: string;
  lease: string;
  /** The row of phone_numbers. */
  number: string;
  priority: number;
  to_kind: "wa_id" | "bsuid" | "group";
  to_value: string;
  content: OutgoingContent;
  context_wamid: string | null;
  template_name: string | null;
  template_language: string | null;
  /** Requests begun since a person last asked for it, this one included. */
  tries: number;
}

/** Nothing of a claim is sent later than USE_MS after it, and no other process gets the number before LEASE_MS are over. */
const LEASE_MS = 3_500;
export const USE_MS = 2_000;
/** After these a message is no longer worth sending. */
const LIFE_MS = 3 * 86_400_000;
/** Who said no to marketing in one way or another. */
const REFUSING = ["UNSUBSCRIBED", "NOT_SUBSCRIBED", "INVALID", "REDACTED"];

/*
 * What is here runs many times a second and takes few rows of a table that a campaign has just made large, of which
 * statistics know nothing yet. So it runs on a database that plans by index (`by_index`), by name, and names its rows so
 * that no plan can look at those that wait behind them: one claim of 400 among 8,000 took 14 seconds.
 */

/**
 * The next `limit` numbers after `after` for which something is due. Skips through sends__due, one probe a number and
 * priority, so its cost is that of the numbers and not of what waits.
 */
export async function readNumbers(
  db: Database,
  after: NumberKey | null,
  limit: number,
  now_ms: number,
): Promise<NumberDue[]> {
  const first = firstIdAt(0);
  return db.rows<NumberDue>(named("sending numbers due")`
    with recursive waiting as (
      (select workspace_id, phone_number_id, 1 as place from sends
        where state = 'queued' and (workspace_id, phone_number_id) > (${after?.workspace_id ?? first}, ${after?.id ?? first})
        order by workspace_id, phone_number_id limit 1)
      union all
      select next.workspace_id, next.phone_number_id, waiting.place + 1
      from waiting cross join lateral (
        select workspace_id, phone_number_id from sends
        where state = 'queued' and (workspace_id, phone_number_id) > (waiting.workspace_id, waiting.phone_number_id)
        order by workspace_id, phone_number_id limit 1) next
      where waiting.place < ${limit})
    select n.workspace_id, n.id, n.phone_number_id, n.connection_id, due.level = 0 as people
    from waiting
    join phone_numbers n on n.workspace_id = waiting.workspace_id and n.id = waiting.phone_number_id
    cross join lateral (
      select level from generate_series(0, 2) as level cross join lateral (
        select from sends d where d.workspace_id = n.workspace_id and d.phone_number_id = n.id and d.state = 'queued'
          and d.priority = level and d.next_attempt_at <= ${new Date(now_ms)} limit 1) one
      order by level limit 1) due
    order by waiting.place`);
}

/** What a claim of one number brought. */
export interface Claim {
  /** Null: another process has its lease, or it is paused or held. */
  rate_per_s: number | null;
  claimed: Claimed[];
  /** Rows that were looked at: none means that nothing is left for now. */
  found: number;
}

type Candidate = Omit<Claimed, "lease" | "number"> & {
  marketing_state: string | null;
  window_expires_at: Date | null;
  /** Of a template: null when Wharf does not know it. */
  category: string | null;
  refusal: SendError | null;
  asked_at: Date;
};

/**
 * Takes up to `slots` due messages of a number, people's first, in one transaction that is on the disk before any request
 * begins. Here is decided whether each may still go: consent and the window as they are at this moment, the template,
 * its age, and the pace of the pair. Of several to one person only the first is taken.
 *
 * Locks: the number, then the messages (skipping those that others hold), then pairs; a number is leased by one claim at a time.
 */
export async function claim(
  db: Database,
  number: NumberKey,
  how: { leased_by: string; slots: number; people_only: boolean; lease_ms: number; now_ms: number },
): Promise<Claim> {
  const now = new Date(how.now_ms);
  return db.transaction(async (tx) => {
    const leased = await leaseNumber(tx, number, how.leased_by, now);
    if (!leased) return { rate_per_s: null, claimed: [], found: 0 };
    const candidates = await readCandidates(tx, number, { ...how, ...leased }, now);
    const lease = newId();
    const failed: { id: string; error: Refusal }[] = [];
    const fit = candidates.filter((candidate) => {
      const error = obstacleOf(candidate, how.now_ms);
      if (error) failed.push({ id: candidate.id, error });
      return error === null;
    });
    const { now: going, later } = await pacePairs(tx, number, fit, how.now_ms);
    await tx.run(named("sending claim")`
      update sends set state = 'sending', lease = ${lease}, attempts = attempts + 1, tries = tries + 1,
        next_attempt_at = ${new Date(how.now_ms + how.lease_ms)}
      where workspace_id = ${number.workspace_id} and id = any(${uuidArray(going.map(({ id }) => id))}::uuid[])`);
    await putOff(tx, number, later);
    await giveUp(tx, number, failed, now);
    const { workspace_id } = number;
    await publish(
      tx,
      await threadsOf(
        tx,
        failed.map(({ id }) => ({ workspace_id, id })),
      ),
    );
    return {
      rate_per_s: leased.rate_per_s,
      found: candidates.length,
      claimed: going.map(
        ({
          marketing_state: _state,
          window_expires_at: _window,
          category: _category,
          refusal: _refusal,
          asked_at: _asked,
          ...send
        }) => ({ ...send, lease, number: number.id, tries: send.tries + 1 }),
      ),
    };
  });
}

/** Not before their pairs are paid back. */
async function putOff(
  tx: Tx,
  number: NumberKey,
  later: readonly { id: string; at_ms: number }[],
): Promise<void> {
  if (later.length === 0) return;
  const ids = uuidArray(later.map(({ id }) => id));
  await tx.run(sql`
    update sends d set next_attempt_at = due.at
    from unnest(${ids}::uuid[], ${timestamptzArray(later.map(({ at_ms }) => at_ms))}::timestamptz[]) as due (id, at)
    where d.workspace_id = ${number.workspace_id} and d.id = due.id and d.id = any(${ids}::uuid[])`);
}

async function giveUp(
  tx: Tx,
  number: NumberKey,
  failed: readonly { id: string; error: Refusal }[],
  now: Date,
): Promise<void> {
  if (failed.length === 0) return;
  const ids = uuidArray(failed.map(({ id }) => id));
  const errors = textArray(failed.map(({ error }) => JSON.stringify(errorOf(error))));
  await tx.run(sql`
    update sends d set state = 'failed', next_attempt_at = null, error = due.error::jsonb, completed_at = ${now}
    from unnest(${ids}::uuid[], ${errors}::text[]) as due (id, error)
    where d.workspace_id = ${number.workspace_id} and d.id = due.id and d.id = any(${ids}::uuid[])`);
}

/**
 * The rate of the number, and whether Meta lets it send no templates, when its lease is ours. The rate doubles back up
 * each minute in which Meta was content.
 */
async function leaseNumber(tx: Tx, number: NumberKey, leased_by: string, now: Date) {
  return tx.first<{ rate_per_s: number; holds_templates: boolean }>(named("lease number")`
    with free as (
      select l.*, coalesce(l.slowed_at < ${now}::timestamptz - interval '1 minute', false) as quiet
      from number_queues l
      where l.workspace_id = ${number.workspace_id} and l.phone_number_id = ${number.id}
        and (l.leased_by = ${leased_by} or coalesce(l.leased_until <= now(), true))
        and l.paused_at is null and coalesce(l.held_until <= ${now}, true)
        and not exists (
          select from phone_numbers n cross join lateral (${blockOf(sql`n`, sql`l.resumed_at`, sql`${now}::timestamptz`)}) block
          where n.workspace_id = l.workspace_id and n.id = l.phone_number_id and block.blocks = 'all')
        and not exists (
          select from phone_numbers n join connections c on c.id = n.connection_id
          join connection_pauses p on ${pausedConnection(sql`n`, sql`c`, sql`p`, sql`${now}::timestamptz`)}
          where n.workspace_id = l.workspace_id and n.id = l.phone_number_id)
      for no key update of l)
    update number_queues l set leased_by = ${leased_by}, leased_until = now() + ${LEASE_MS} * interval '1 ms',
      slowed_per_s = case when free.quiet then nullif(least(l.slowed_per_s * 2, l.throughput_per_s), l.throughput_per_s)
        else l.slowed_per_s end,
      slowed_at = case when not free.quiet then l.slowed_at when l.slowed_per_s * 2 < l.throughput_per_s then ${now}::timestamptz end,
      slowed_times = case when free.quiet then 0 else l.slowed_times end
    from free where l.workspace_id = free.workspace_id and l.phone_number_id = free.phone_number_id
    returning coalesce(l.slowed_per_s, l.throughput_per_s) as rate_per_s, exists (
      select from phone_numbers n cross join lateral (${blockOf(sql`n`, sql`l.resumed_at`, sql`${now}::timestamptz`)}) block
      where n.workspace_id = l.workspace_id and n.id = l.phone_number_id and block.blocks = 'templates') as holds_templates`);
}

/**
 * By sends__due. Of the messages to one person the first alone: one that is being sent, one that was queued before it with
 * its priority, and one of a higher priority that is due go first. A template that is held goes before none.
 */
function readCandidates(
  tx: Tx,
  number: NumberKey,
  how: { slots: number; people_only: boolean; holds_templates: boolean },
  now: Date,
): Promise<Candidate[]> {
  const { slots, people_only, holds_templates } = how;
  const due = (level: number) => sql`(
    select d.* from sends d
    where d.workspace_id = ${number.workspace_id} and d.phone_number_id = ${number.id} and d.state = 'queued'
      and d.priority = ${level} and d.next_attempt_at <= ${now} and (d.template_name is null or not ${holds_templates}::boolean)
      and not exists (
        select from sends e
        where e.workspace_id = d.workspace_id and e.phone_number_id = d.phone_number_id and e.to_value = d.to_value
          and e.state in ('queued', 'sending') and e.id <> d.id
          and (e.state = 'sending' or not e.deferred and (e.template_name is null or not ${holds_templates}::boolean) and (
            e.priority = d.priority and e.id < d.id
            or e.priority < d.priority and e.next_attempt_at <= ${now}))
        -- Asked row by row: joined, it would be planned by what statistics say of the queue.
        offset 0)
    order by d.next_attempt_at, d.id limit ${slots} for update of d skip locked)`;
  return tx.rows<Candidate>(named(people_only ? "sending people" : "sending candidates")`
    with due as materialized (select * from (
      select * from ${due(0)} people ${
        people_only
          ? sql``
          : sql`union all select * from ${due(1)} automations union all select * from ${due(2)} campaigns`
      }
    ) every order by priority, next_attempt_at, id limit ${slots})
    select distinct on (d.priority, d.next_attempt_at, d.id) d.workspace_id, d.id, d.priority, d.to_kind, d.to_value, d.content,
      d.context_wamid, d.template_name, d.template_language, d.tries, d.asked_at,
      case when d.to_kind = 'group' then ${marketingStateOf(sql`ct`)} else ct.marketing_state end as marketing_state,
      ${windowExpiresAt(sql`v`)} as window_expires_at, t.category, r.error as refusal
    from due d
    join phone_numbers n on n.workspace_id = d.workspace_id and n.id = d.phone_number_id
    left join contact_identities i on i.workspace_id = d.workspace_id and i.kind = d.to_kind and i.value = d.to_value
    left join contacts ct on ct.workspace_id = i.workspace_id and ct.id = i.contact_id
    left join conversations v on v.workspace_id = ct.workspace_id and v.contact_id = ct.id
      and v.phone_number_id = d.phone_number_id
    left join templates t on t.workspace_id = d.workspace_id and t.name = d.template_name
      and t.language = d.template_language and t.waba_id = n.waba_id and t.status <> 'DELETED'
    left join template_refusals r on r.workspace_id = d.workspace_id and r.waba_id = n.waba_id
      and r.name = d.template_name and r.language = d.template_language
      and ${stillRefused(sql`r`, sql`t`)}
    order by d.priority, d.next_attempt_at, d.id`);
}

/** Why it can't go any more; null: it may. A template of a category that Wharf does not know may be marketing. */
function obstacleOf(send: Candidate, now_ms: number): Refusal | null {
  if (send.asked_at.getTime() < now_ms - LIFE_MS) return FOUND.expired;
  if (send.template_name === null)
    return (send.window_expires_at?.getTime() ?? 0) > now_ms ? null : FOUND.window_closed;
  if (send.refusal !== null) return { ...send.refusal, wait: null, retry_after_ms: null };
  return isRefused(send.category, send.marketing_state) ? FOUND.marketing_refused : null;
}

/** Whether a template of this category must not go to a contact with this marketing state. */
export function isRefused(category: string | null, marketing_state: string | null): boolean {
  const isMarketing = category === null || category.toUpperCase() === "MARKETING";
  return isMarketing && marketing_state !== null && REFUSING.includes(marketing_state);
}

/** Which may go now by the pace of their pairs, and when the others. Each is counted as it is taken. */
async function pacePairs(
  tx: Tx,
  number: NumberKey,
  sends: readonly Candidate[],
  now_ms: number,
): Promise<{ now: Candidate[]; later: { id: string; at_ms: number }[] }> {
  if (sends.length === 0) return { now: [], later: [] };
  const rows = await tx.rows<{
    to_kind: string;
    to_value: string;
    paid_at: Date;
    held_until: Date | null;
  }>(named("sending pairs")`
    select to_kind, to_value, paid_at, held_until from pair_paces
    where workspace_id = ${number.workspace_id} and phone_number_id = ${number.id}
      and to_kind = any('{wa_id,bsuid,group}') and to_value = any(${textArray(sends.map((send) => send.to_value))}::text[])
    order by to_kind, to_value for update`);
  const paces = new Map(rows.map((row) => [`${row.to_kind} ${row.to_value}`, row]));
  const paid = new Map<string, { to_kind: string; to_value: string; paid_at_ms: number }>();
  const result: { now: Candidate[]; later: { id: string; at_ms: number }[] } = { now: [], later: [] };
  for (const send of sends) {
    const key = `${send.to_kind} ${send.to_value}`;
    const known = paces.get(key);
    const before_ms = Math.max(paid.get(key)?.paid_at_ms ?? known?.paid_at.getTime() ?? 0, now_ms);
    const free_at_ms = Math.max(
      known?.held_until?.getTime() ?? 0,
      before_ms + PAIR.each_ms - PAIR.burst * PAIR.each_ms,
    );
    if (free_at_ms > now_ms) result.later.push({ id: send.id, at_ms: free_at_ms });
    else {
      paid.set(key, {
        to_kind: send.to_kind,
        to_value: send.to_value,
        paid_at_ms: before_ms + PAIR.each_ms,
      });
      result.now.push(send);
    }
  }
  const counted = [...paid.values()];
  await tx.run(named("sending pairs paid")`
    insert into pair_paces as p (workspace_id, phone_number_id, to_kind, to_value, paid_at)
    select ${number.workspace_id}, ${number.id}, * from unnest(
      ${textArray(counted.map((row) => row.to_kind))}::text[], ${textArray(counted.map((row) => row.to_value))}::text[],
      ${timestamptzArray(counted.map((row) => row.paid_at_ms))}::timestamptz[])
    on conflict (workspace_id, phone_number_id, to_kind, to_value) do update set paid_at = excluded.paid_at`);
  return result;
}

/** Gives claims back whose requests have not begun. */
export async function giveBack(db: Database, claims: readonly Claimed[], now_ms: number): Promise<void> {
  if (claims.length === 0) return;
  await db.run(sql`
    update sends d set state = 'queued', lease = null, next_attempt_at = ${new Date(now_ms)},
      attempts = attempts - 1, tries = tries - 1
    from unnest(
      ${uuidArray(claims.map((send) => send.workspace_id))}::uuid[], ${uuidArray(claims.map((send) => send.id))}::uuid[],
      ${uuidArray(claims.map((send) => send.lease))}::uuid[]) as due (workspace_id, id, lease)
    where d.workspace_id = due.workspace_id and d.id = due.id and d.lease = due.lease and d.state = 'sending'`);
}

/**
 * Expired leases: their process died, and it is unknown whether their requests were sent. Then those of which no
 * status has told within `wait_ms`: a person decides. By sends__lapsed.
 */
export async function sweep(db: Database, now_ms: number, wait_ms: number): Promise<number> {
  const now = new Date(now_ms);
  const move = (from: string, to: string, until: Date | null) =>
    db.transaction(async (tx) => {
      const rows = await tx.rows<{ workspace_id: string; id: string }>(sql`
        with lapsed as (
          select workspace_id, id from sends where state in ('sending', 'waiting') and state = ${from} and next_attempt_at <= ${now}
          order by workspace_id, id limit 500 for update skip locked)
        update sends d set state = ${to}, next_attempt_at = ${until} from lapsed
        where d.workspace_id = lapsed.workspace_id and d.id = lapsed.id returning d.workspace_id, d.id`);
      await publish(tx, await threadsOf(tx, rows));
      return rows.length;
    });
  const lapsed = await move("sending", "waiting", new Date(now_ms + wait_ms));
  return lapsed + (await move("waiting", "unconfirmed", null));
}
