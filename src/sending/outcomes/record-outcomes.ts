import { appendTo } from "../../base/base.ts";
import { named, rowsOf, type Tx } from "../../db/db.ts";
import { nameOutgoing, recordAnswers, threadsOf, type Answers, type SendMove } from "../../inbox/inbox.ts";
import type { LiveChange } from "../../live/live.ts";
import { type Behaviour, retryDelay_ms } from "../../meta/meta.ts";
import { errorOf, movedErrorOf, type Refusal } from "../send-error.ts";
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
  /** That of campaigns: Meta's "not now" ends the message, as the campaign decides whether to ask again. */
  priority: number;
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

const CAMPAIGN = 2;

/** `once`: it is worth no second day, as the tests of a campaign. */
function nextOf(
  { outcome, tries, priority }: SendOutcome,
  once: boolean,
  now_ms: number,
  wait_ms: number,
): Next {
  if (outcome.state === "sent") return { state: "sent", at_ms: null, deferred: false, error: null };
  const { error } = outcome;
  const after = outcome.state === "waiting" ? "waiting" : AFTER[error.behaviour];
  if (after === "waiting") return { state: "waiting", at_ms: now_ms + wait_ms, deferred: false, error };
  if (after === "stays") return { state: "queued", at_ms: now_ms, deferred: false, error };
  const ends = (once || priority === CAMPAIGN) && error.behaviour === "not_now";
  const delay_ms = after === "again" && !ends ? retryDelay_ms(error, tries) : null;
  if (delay_ms === null) return { state: "failed", at_ms: null, deferred: false, error };
  return { state: "queued", at_ms: now_ms + delay_ms, deferred: error.behaviour === "not_now", error };
}

/** A message whose outcome is known, with the state that follows. */
type Ended = SendOutcome & { next: Next };

export interface RecordedOutcomes {
  changes: LiveChange[];
  /** What was made of the messages, for `publishMoves`; without what webhooks told. */
  moves: SendMove[];
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
    /** The pipeline's inbox has written and told what statuses say of people and messages. */
    told?: true;
  },
): Promise<RecordedOutcomes> {
  if (completed.length === 0) return { changes: [], moves: [] };
  const { now_ms } = how;
  const refused = completed.filter(isRefused);
  const answers = { ...refusalsOf(refused, now_ms), taken: takenOf(completed, now_ms) };
  const changes = await recordAnswers(tx, how.told ? { ...answers, stopped: [], closed: [] } : answers);

  const sorted = completed.toSorted((a, b) => (a.workspace_id + a.id < b.workspace_id + b.id ? -1 : 1));
  // A lost race for the row must not rename: the first to tell named it.
  const states = await lockHeld(tx, sorted);
  const rows = sorted.map((one): Ended => {
    const once = states.get(one.id)?.once === true;
    return { ...one, next: nextOf(one, once, now_ms, how.wait_ms) };
  });
  const names = rows.flatMap(({ workspace_id, id, number: phone_number, outcome }) =>
    states.has(id) && outcome.state === "sent"
      ? { workspace_id, id, phone_number, wamid: outcome.wamid }
      : [],
  );
  appendTo(changes, await nameOutgoing(tx, names));
  const written = await writeEnds(tx, rows, now_ms);
  const pauses = refused.map(({ outcome, ...one }) => ({ ...one, error: outcome.error }));
  appendTo(changes, await pauseQueues(tx, pauses, now_ms));
  appendTo(changes, await threadsOf(tx, written));
  const at = new Date(now_ms);
  const moves = written.flatMap((row) => moveOf(row, states.get(row.id)?.state, at, how.told ?? false));
  return { changes, moves };
}

/** Those that were written: their rows still had the claim. */
async function writeEnds(tx: Tx, rows: readonly Ended[], now_ms: number): Promise<Ended[]> {
  const given = rows.map(({ workspace_id, id, lease: held, next }) => {
    const { state, at_ms: at, deferred } = next;
    const error = next.error === null ? null : JSON.stringify(errorOf(next.error));
    return { workspace_id, id, held, state, at, deferred, error };
  });
  const columns = {
    workspace_id: "uuid",
    id: "uuid",
    held: "uuid",
    state: "text",
    at: "timestamptz",
    deferred: "boolean",
    error: "text",
  } as const;
  const written = await tx.rows<{ id: string }>(named("sending outcomes")`
    update sends d set state = given.state, next_attempt_at = given.at, deferred = given.deferred,
      lease = case when given.state = 'waiting' then given.held end, error = given.error::jsonb,
      completed_at = case when given.state in ('sent', 'failed') then ${new Date(now_ms)}::timestamptz end
    from ${rowsOf(given, columns, "given")}
    where d.workspace_id = given.workspace_id and d.id = given.id and (given.held is null or d.lease = given.held)
    returning d.id`);
  const ids = new Set(written.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id));
}

/** What those that follow messages are told; nothing while it is on its way, and nothing that a webhook has told. */
function moveOf(
  { workspace_id, id, next }: Ended,
  state_before: string | undefined,
  at: Date,
  told: boolean,
): SendMove[] {
  // An answer may come after the message was given up as unconfirmed; a failure that a webhook told may be tried again.
  const before = told ? "FAILED" : state_before === "unconfirmed" ? "UNCONFIRMED" : null;
  const move = { workspace_id, id, at, before, error: null } as const;
  const is_back = next.state === "queued" || next.state === "waiting";
  if (is_back) return before === null ? [] : [{ ...move, status: "QUEUED" }];
  if (told) return [];
  if (next.state === "sent") return [{ ...move, status: "ACCEPTED" }];
  return [{ ...move, status: "FAILED", error: next.error && movedErrorOf(next.error) }];
}

interface Held {
  state: string;
  once: boolean;
}

/** Those whose rows still have the claim, which are locked from here on; by id. */
async function lockHeld(tx: Tx, rows: readonly SendOutcome[]): Promise<Map<string, Held>> {
  const held = await tx.rows<Held & { id: string }>(named("sending still held")`
    select d.id, d.state, d.content ? 'once' as once from ${rowsOf(rows, { workspace_id: "uuid", id: "uuid", lease: "uuid" })}
    join sends d using (workspace_id, id)
    where due.lease is null or d.lease = due.lease
    order by d.workspace_id, d.id for update of d`);
  return new Map(held.map(({ id, ...row }) => [id, row]));
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
