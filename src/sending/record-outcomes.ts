import { appendTo } from "../base/base.ts";
import { int4Array, named, textArray, timestamptzArray, uuidArray, type Tx } from "../db/db.ts";
import { nameOutgoing, recordAnswers, threadsOf, type Answers } from "../inbox/inbox.ts";
import type { LiveChange } from "../live/live.ts";
import { type Behaviour, retryDelay_ms } from "../meta/meta.ts";
import { errorOf, type Refusal } from "./error.ts";
import { pauseQueues } from "./pauses.ts";

/** What is known of a message when its try ended, or when Meta said later how it ended. */
export interface SendOutcome {
  workspace_id: string;
  id: string;
  /** The row of phone_numbers. */
  number: string;
  to_kind: "wa_id" | "bsuid" | "group";
  to_value: string;
  template_name: string | null;
  template_language: string | null;
  tries: number;
  /** The claim under which it was tried; null: a status told, under any lease. */
  lease: string | null;
  outcome:
    /** With what Meta knows the contact by, as far as it said. */
    | { state: "sent"; wamid: string; wa_id: string | null; user_id: string | null }
    | { state: "waiting"; error: Refusal }
    /** Not taken, or failed afterwards: what is done about it follows from the error's behaviour. */
    | { state: "refused"; error: Refusal };
}

type Refused = SendOutcome & { outcome: { state: "refused"; error: Refusal } };
const isRefused = (one: SendOutcome): one is Refused => one.outcome.state === "refused";

/** What each behaviour makes of the message itself; what else it does is in `recordOutcomes`. */
const AFTER: Record<Behaviour, "again" | "stays" | "failed" | "waiting"> = {
  retry: "again",
  throttle_number: "again",
  throttle_pair: "again",
  throttle_app: "again",
  not_now: "again",
  // It goes out when the number is resumed.
  pause_number: "stays",
  pause_connection: "stays",
  give_up: "failed",
  unreachable: "failed",
  opted_out: "failed",
  close_window: "failed",
  fix_template: "failed",
  ask: "failed",
  unknown_outcome: "waiting",
  note: "failed",
};

interface Next {
  state: "sent" | "queued" | "waiting" | "failed";
  at_ms: number | null;
  deferred: boolean;
  error: Refusal | null;
}

function nextOf({ outcome, tries }: SendOutcome, now_ms: number, wait_ms: number): Next {
  if (outcome.state === "sent") return { state: "sent", at_ms: null, deferred: false, error: null };
  const { error } = outcome;
  const after = outcome.state === "waiting" ? "waiting" : AFTER[error.behaviour];
  if (after === "waiting") return { state: "waiting", at_ms: now_ms + wait_ms, deferred: false, error };
  if (after === "stays") return { state: "queued", at_ms: now_ms, deferred: false, error };
  const delay_ms = after === "again" ? retryDelay_ms(error, tries) : null;
  if (delay_ms === null) return { state: "failed", at_ms: null, deferred: false, error };
  return { state: "queued", at_ms: now_ms + delay_ms, deferred: error.behaviour === "not_now", error };
}

/**
 * Writes what became of messages, and everything that follows from it: names and states, consent, windows, pauses. One
 * transaction, which locks sends, then contacts and messages, then number queues, pairs, connections, templates.
 * An outcome under a claim counts only while the row still has that claim: a status may have told before.
 */
export async function recordOutcomes(
  tx: Tx,
  completed: readonly SendOutcome[],
  how: {
    now_ms: number;
    wait_ms: number;
    /** The pipeline's inbox has written what statuses say of people. */ told?: true;
  },
): Promise<LiveChange[]> {
  if (completed.length === 0) return [];
  const { now_ms } = how;
  const refused = completed.filter(isRefused);
  const answers = { ...refusalsOf(refused, now_ms), taken: takenOf(completed, now_ms) };
  const changes = await recordAnswers(tx, how.told ? { ...answers, stopped: [], closed: [] } : answers);

  const rows = completed
    .map((one) => ({ ...one, next: nextOf(one, now_ms, how.wait_ms) }))
    .toSorted((a, b) => (a.workspace_id + a.id < b.workspace_id + b.id ? -1 : 1));
  // A lost race for the row must not rename: the first to tell named it.
  const names = (await stillHeld(tx, rows)).flatMap(({ workspace_id, id, number: phone_number, outcome }) =>
    outcome.state === "sent" ? { workspace_id, id, phone_number, wamid: outcome.wamid } : [],
  );
  appendTo(changes, await nameOutgoing(tx, names));
  const written = await tx.rows<{ workspace_id: string; id: string }>(named("sending outcomes")`
    update sends d set state = due.state, next_attempt_at = due.at, deferred = due.deferred, lease = due.lease,
      error = due.error::jsonb, completed_at = case when due.state in ('sent', 'failed') then ${new Date(now_ms)}::timestamptz end
    from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.id))}::uuid[],
      ${textArray(rows.map((row) => row.next.state))}::text[], ${timestamptzArray(rows.map((row) => row.next.at_ms))}::timestamptz[],
      ${int4Array(rows.map((row) => Number(row.next.deferred)))}::integer[], ${uuidArray(rows.map((row) => row.lease))}::uuid[],
      ${textArray(rows.map((row) => (row.next.error === null ? null : JSON.stringify(errorOf(row.next.error)))))}::text[]
    ) as given (workspace_id, id, state, at, deferred, held, error)
    cross join lateral (select given.state, given.at, given.deferred = 1 as deferred, given.error,
      case when given.state = 'waiting' then given.held end as lease) due
    where d.workspace_id = given.workspace_id and d.id = given.id and (given.held is null or d.lease = given.held)
    returning d.workspace_id, d.id`);

  appendTo(
    changes,
    await pauseQueues(
      tx,
      refused.map(({ outcome, ...one }) => ({ ...one, error: outcome.error })),
      now_ms,
    ),
  );
  appendTo(changes, await threadsOf(tx, written));
  return changes;
}

/** Those whose rows still have the claim, which are locked from here on. */
async function stillHeld<Row extends SendOutcome>(tx: Tx, rows: readonly Row[]): Promise<Row[]> {
  const held = await tx.rows<{ id: string }>(named("sending still held")`
    select d.id from unnest(
      ${uuidArray(rows.map((row) => row.workspace_id))}::uuid[], ${uuidArray(rows.map((row) => row.id))}::uuid[],
      ${uuidArray(rows.map((row) => row.lease))}::uuid[]) as due (workspace_id, id, held)
    join sends d using (workspace_id, id)
    where due.held is null or d.lease = due.held
    order by d.workspace_id, d.id for update of d`);
  const ids = new Set(held.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id));
}

function takenOf(completed: readonly SendOutcome[], now_ms: number): Answers["taken"] {
  return completed.flatMap(({ workspace_id, to_kind: kind, to_value: value, outcome }) =>
    // A group's answer names the group, not a number.
    outcome.state === "sent" && kind !== "group"
      ? [{ workspace_id, to: { kind, value }, wa_id: outcome.wa_id, user_id: outcome.user_id, at_ms: now_ms }]
      : [],
  );
}

function refusalsOf(refused: readonly Refused[], now_ms: number): Omit<Answers, "taken"> {
  const of = (behaviour: Behaviour) => refused.filter(({ outcome }) => outcome.error.behaviour === behaviour);
  const about = ({ workspace_id, to_kind, to_value }: Refused) => ({
    workspace_id,
    identity: { kind: to_kind, value: to_value },
    at_ms: now_ms,
  });
  return {
    stopped: of("opted_out").map((one) => ({
      ...about(one),
      message_id: one.id,
      evidence: one.outcome.error.details ?? one.outcome.error.says,
    })),
    unreachable: of("unreachable").map(about),
    closed: of("close_window").map((one) => ({ ...about(one), phone_number: one.number })),
  };
}
