import { appendTo, newId } from "../../base/base.ts";
import { named, rowsOf, sql, uuidArray, type Database, type Tx } from "../../db/db.ts";
import { threadsOf } from "../../inbox/inbox.ts";
import type { Listen } from "../../live/live.ts";
import { publishMoves } from "../publish-moves.ts";
import { errorOf, movedErrorOf, type Refusal } from "../send-error.ts";
import { readCandidates, type Candidate } from "./candidates.ts";
import { applyLimits, quieten } from "./marketing-limits.ts";
import { leaseNumber } from "./number-lease.ts";
import type { NumberKey } from "./numbers-due.ts";
import { obstacleOf } from "./obstacles.ts";
import { pacePairs, putOff } from "./pair-pace.ts";

export { recordExpiredLeases } from "./expired-leases.ts";
export { readNumbers, type NumberDue, type NumberKey } from "./numbers-due.ts";
export { isRefused, REFUSING } from "./obstacles.ts";

/*
 * What is here runs many times a second and takes few rows of a table that a campaign has just made large, of which
 * statistics know nothing yet. So it runs on a database that plans by index (`by_index`), by name, and names its rows so
 * that no plan can look at those that wait behind them: one claim of 400 among 8,000 took 14 seconds.
 */

/** A message that may go out; of its `tries` this one is the last. */
export interface Claimed extends Pick<
  Candidate,
  | "workspace_id"
  | "id"
  | "priority"
  | "to_kind"
  | "to_value"
  | "content"
  | "context_wamid"
  | "template_name"
  | "template_language"
  | "tries"
> {
  lease: string;
  /** The row of phone_numbers. */
  number: string;
}

/** Nothing of a claim is sent later than this after it, before the lease of the number is over. */
export const USE_MS = 2_000;

/** What a claim of one number brought. */
export interface Claim {
  /** Null: another process has its lease, or it is paused or held. */
  rate_per_s: number | null;
  claimed: Claimed[];
  /** Rows that were looked at: none means that nothing is left for now. */
  found: number;
}

/**
 * Takes up to `slots` due messages of a number, people's first, in one transaction that is on the disk before any request
 * begins. Here is decided whether each may still go: consent and the window as they are at this moment, the template,
 * its age, the workspace's marketing limits, and the pace of the pair. Of several to one person only the first is taken.
 *
 * Locks: the number, then the messages (skipping those that others hold), then people, then pairs; a number is leased by one claim at a time.
 */
export async function claim(
  db: Database,
  number: NumberKey,
  how: {
    leased_by: string;
    slots: number;
    people_only: boolean;
    lease_ms: number;
    now_ms: number;
    listen?: Listen | undefined;
  },
): Promise<Claim> {
  const now = new Date(how.now_ms);
  return db.transaction(async (tx) => {
    const leased = await leaseNumber(tx, number, how.leased_by, now);
    if (!leased) return { rate_per_s: null, claimed: [], found: 0 };
    const candidates = await readCandidates(tx, number, { ...how, ...leased }, now);
    const failed: FailedSend[] = [];
    const fit = candidates.filter((candidate) => {
      const error = obstacleOf(candidate, how.now_ms);
      if (error) failed.push({ id: candidate.id, error });
      return error === null;
    });
    const limited = await applyLimits(tx, number, leased.limits, fit, how.now_ms);
    appendTo(failed, limited.refused);
    const { now: going, later } = await pacePairs(tx, number, limited.allowed, how.now_ms);
    await limited.count(going);
    const lease = newId();
    await tx.run(named("sending claim")`
      update sends set state = 'sending', lease = ${lease}, attempts = attempts + 1, tries = tries + 1,
        next_attempt_at = ${new Date(how.now_ms + how.lease_ms)}
      where workspace_id = ${number.workspace_id} and id = any(${uuidArray(going.map(({ id }) => id))}::uuid[])`);
    await putOff(tx, number, later);
    await quieten(tx, number, limited.later);
    await giveUp(tx, number, { failed, quiet: limited.later }, now, how.listen);
    const claimed = going.map((candidate) => claimedOf(candidate, number, lease));
    return { rate_per_s: leased.rate_per_s, found: candidates.length, claimed };
  });
}

function claimedOf(candidate: Candidate, number: NumberKey, lease: string): Claimed {
  const { workspace_id, id, priority, to_kind, to_value, content, context_wamid } = candidate;
  const { template_name, template_language, tries } = candidate;
  const send = { workspace_id, id, priority, to_kind, to_value, content, context_wamid };
  return { ...send, template_name, template_language, tries: tries + 1, lease, number: number.id };
}

interface FailedSend {
  id: string;
  error: Refusal;
}

/** Those that must not go out any more have failed, and pages and listeners are told; pages also of those that wait. */
async function giveUp(
  tx: Tx,
  { workspace_id }: NumberKey,
  { failed, quiet }: { failed: readonly FailedSend[]; quiet: readonly FailedSend[] },
  at: Date,
  listen: Listen | undefined,
): Promise<void> {
  if (failed.length === 0 && quiet.length === 0) return;
  const due = failed.map(({ id, error }) => ({ id, error: JSON.stringify(errorOf(error)) }));
  await tx.run(sql`
    update sends d set state = 'failed', next_attempt_at = null, error = due.error::jsonb, completed_at = ${at}
    from ${rowsOf(due, { id: "uuid", error: "text" })}
    where d.workspace_id = ${workspace_id} and d.id = due.id
      and d.id = any(${uuidArray(failed.map(({ id }) => id))}::uuid[])`);
  const moves = failed.map(({ id, error }) => {
    return { workspace_id, id, status: "FAILED", before: null, at, error: movedErrorOf(error) } as const;
  });
  const told = [...moves, ...quiet.map(({ id }) => ({ workspace_id, id }))];
  await publishMoves(tx, { changes: await threadsOf(tx, told), moves }, listen);
}

/** Gives claims back whose requests have not begun. */
export async function giveBack(db: Database, claims: readonly Claimed[], now_ms: number): Promise<void> {
  if (claims.length === 0) return;
  await db.run(sql`
    update sends d set state = 'queued', lease = null, next_attempt_at = ${new Date(now_ms)},
      attempts = attempts - 1, tries = tries - 1
    from ${rowsOf(claims, { workspace_id: "uuid", id: "uuid", lease: "uuid" })}
    where d.workspace_id = due.workspace_id and d.id = due.id and d.lease = due.lease and d.state = 'sending'`);
}
