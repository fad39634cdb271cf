import { sql, type Database, type Tx } from "../db/db.ts";
import type { Clock } from "../base/base.ts";
import { publish, type LiveChange } from "../live/live.ts";
import type { Account } from "./listing.ts";
import { ASKED_AHEAD_MS, CALL_MS, isAccount, type ListError } from "./syncs.ts";

/** A page takes 40 s at most (graph.ts: to connect, and to answer). */
const LEASE_MS = 60_000;
/** How often each list is read. */
export const EACH_MS = 60 * 60_000;
/** By how much calls may be ahead of their minutes when no one asked, or gave another token. */
const AHEAD_MS = 2 * CALL_MS;

/** An account whose list is due, under the lease that it was claimed by. */
export interface DueAccount extends AccountRow {
  lease: string;
}

interface AccountRow extends Account {
  connection_id: string;
  read_at: Date | null;
  attempts: number;
}

export interface ClaimDeps {
  db: Database;
  clock: Clock;
}

export interface Failure {
  error: ListError;
  /** Before the next attempt; null: as if it had been read. */
  wait_ms: number | null;
  /** No one may ask sooner. */
  held: boolean;
}

const nowPlus = ({ clock }: ClaimDeps, ms: number) => new Date(clock.now() + ms);
/** So that processes and accounts don't ask all at once: ±10 %. */
const jittered = (ms: number) => Math.round(ms * (0.9 + Math.random() / 5));
const held = ({ workspace_id, waba_id, lease }: DueAccount) =>
  sql`workspace_id = ${workspace_id} and waba_id = ${waba_id} and lease = ${lease}`;
/** Asked for again since this try began. */
const stillAsked = sql`case when asked_at > tried_at then asked_at end`;

/** The account that is due first, claimed; accounts that are new are due. */
export function claimAccount(deps: ClaimDeps, lease: string): Promise<DueAccount | undefined> {
  return deps.db.transaction(async (tx) => {
    await tx.run(sql`
      insert into template_syncs (workspace_id, waba_id, next_at)
      select a.workspace_id, a.waba_id, ${nowPlus(deps, 0)} from accounts a
      where ${isAccount(sql`a`)} and not exists (
        select from template_syncs s where s.workspace_id = a.workspace_id and s.waba_id = a.waba_id)
      order by 1, 2
      on conflict do nothing`);
    const now = sql`${nowPlus(deps, 0)}::timestamptz`;
    const row = await tx.first<AccountRow>(sql`
      with due as (
        select s.workspace_id, s.waba_id, c.id as connection_id, c.updated_at
        from template_syncs s
        join accounts a on a.workspace_id = s.workspace_id and a.waba_id = s.waba_id
        join connections c on c.id = a.connection_id
        where c.access_token is not null
          and coalesce(s.lease_until <= ${now}, true) and coalesce(s.held_until <= ${now}, true)
          and (s.next_at <= ${now} or s.asked_at is not null or s.lease is not null
            or s.connection_at is distinct from c.updated_at)
          and coalesce(s.paid_at <= case
            when s.asked_at is null and s.connection_at = c.updated_at then ${nowPlus(deps, AHEAD_MS)}::timestamptz
            else ${nowPlus(deps, ASKED_AHEAD_MS)}::timestamptz end, true)
        order by s.asked_at nulls last, s.next_at limit 1 for update of s skip locked)
      update template_syncs s set lease = ${lease}, lease_until = ${nowPlus(deps, LEASE_MS)}, tried_at = ${now},
        next_at = ${nowPlus(deps, jittered(EACH_MS))}, connection_at = due.updated_at
      from due where s.workspace_id = due.workspace_id and s.waba_id = due.waba_id
      returning s.workspace_id, s.waba_id, s.read_at, s.attempts, due.connection_id`);
    return row && { ...row, lease };
  });
}

/** Writes under the claim, for so many calls to Meta; false: it is no longer ours, and nothing was written. */
export function underClaim(
  deps: ClaimDeps,
  account: DueAccount,
  calls: 0 | 1,
  write: (tx: Tx) => Promise<LiveChange[]>,
): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const is_held = await tx.run(sql`
      update template_syncs set lease_until = ${nowPlus(deps, LEASE_MS)},
        paid_at = greatest(paid_at, ${nowPlus(deps, 0)}) + ${calls * CALL_MS} * interval '1 ms'
      where ${held(account)}`);
    if (is_held > 0) await publish(tx, await write(tx));
    return is_held > 0;
  });
}

/** The list was read to its end, and so many templates have changed by it. */
export async function endClaim(tx: Tx, account: DueAccount, changed: number): Promise<void> {
  await tx.run(sql`
    update template_syncs set lease = null, lease_until = null, held_until = null, error = null, attempts = 0,
      changed = ${changed}, asked_at = ${stillAsked}
    where ${held(account)}`);
}

/** The list could not be read; it costs `calls` calls to Meta. */
export async function failClaim(
  deps: ClaimDeps,
  account: DueAccount,
  { error, wait_ms, held: is_held }: Failure,
  calls: 0 | 1,
): Promise<void> {
  const next_at = nowPlus(deps, wait_ms ?? jittered(EACH_MS));
  await underClaim(deps, account, calls, async (tx) => {
    await tx.run(sql`
      update template_syncs set lease = null, lease_until = null, held_until = ${is_held ? next_at : null},
        next_at = ${next_at}, error = ${JSON.stringify(error)}, attempts = least(attempts + 1, 1000),
        asked_at = ${stillAsked}
      where ${held(account)}`);
    return [];
  });
}

/** It begins anew, in whichever process. */
export async function giveBack(deps: ClaimDeps, account: DueAccount): Promise<void> {
  await deps.db.run(sql`
    update template_syncs set lease = null, lease_until = null, next_at = ${nowPlus(deps, 0)}
    where ${held(account)}`);
}
