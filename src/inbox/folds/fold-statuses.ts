import {
  int4Array,
  named,
  sql,
  textArray,
  timestamptzArray,
  uuidArray,
  type Sql,
  type Tx,
} from "../../db/db.ts";
import type { Failure } from "../../meta/events.ts";
import { compare, numberOf, type StatusStep } from "../facts/facts.ts";

/** A message by its wamid's hash. */
export interface MessageKey {
  workspace_id: string;
  wamid_hash: string;
}

/** Where a message stands on the ladder of ladder.ts, as told. */
export interface ToldStatus extends MessageKey {
  status: number;
  /** Null: Meta doesn't say when it got there. */
  at: Date | null;
  /** Why it failed. */
  error: Failure[] | null;
}

/** A row of message_statuses as a ToldStatus, but for its key. */
export const toldStatus = (s: Sql): Sql => sql`${s}.status, (array[null::timestamptz, ${s}.accepted_at,
  ${s}.sent_at, ${s}.failed_at, ${s}.delivered_at, ${s}.read_at, ${s}.played_at])[${s}.status + 1] as at,
  case when ${s}.status = ${numberOf("FAILED")} then ${s}.error end as error`;

/** What tells it from every other message. */
export const messageName = ({ workspace_id, wamid_hash }: MessageKey): string =>
  `${workspace_id} ${wamid_hash}`;

/** With the status before the fold; null: there was none. */
export type FoldedStatus = ToldStatus & { status_before: number | null };

interface Fold extends MessageKey {
  status: number;
  /** By the number of the status. */
  times: (number | null)[];
  failed_event: string | null;
  error: string | null;
  pricing_status: number | null;
  pricing_event: string | null;
  pricing: string | null;
  conversation_status: number | null;
  conversation_event: string | null;
  conversation: string | null;
}

/**
 * Folds statuses into message_statuses, whether or not the message is known; one upsert of what the batch adds up to.
 * In a group a message is as far as its farthest reader. Answers the rows that have changed, each with the status that
 * it had before, which the lock of the row keeps true whatever others write meanwhile.
 */
export async function foldStatuses(tx: Tx, steps: readonly StatusStep[]): Promise<FoldedStatus[]> {
  if (steps.length === 0) return [];
  const folds = merge(steps).toSorted(byKey);
  const times = (status: Parameters<typeof numberOf>[0]) =>
    timestamptzArray(folds.map((fold) => fold.times[numberOf(status)] ?? null));
  return tx.rows<FoldedStatus>(named("fold statuses")`
    insert into message_statuses as s (workspace_id, wamid_hash, status, accepted_at, sent_at, delivered_at, read_at,
      played_at, failed_at, failed_event, error, pricing_status, pricing_event, pricing, conversation_status,
      conversation_event, conversation)
    select workspace_id, wamid_hash, status, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at,
      failed_event, error::jsonb, pricing_status, pricing_event, pricing::jsonb, conversation_status,
      conversation_event, conversation::jsonb
    from unnest(
      ${uuidArray(folds.map((fold) => fold.workspace_id))}::uuid[], ${uuidArray(folds.map((fold) => fold.wamid_hash))}::uuid[],
      ${int4Array(folds.map((fold) => fold.status))}::integer[], ${times("ACCEPTED")}::timestamptz[], ${times("SENT")}::timestamptz[],
      ${times("DELIVERED")}::timestamptz[], ${times("READ")}::timestamptz[], ${times("PLAYED")}::timestamptz[],
      ${times("FAILED")}::timestamptz[], ${uuidArray(folds.map((fold) => fold.failed_event))}::uuid[],
      ${textArray(folds.map((fold) => fold.error))}::text[], ${int4Array(folds.map((fold) => fold.pricing_status))}::integer[],
      ${uuidArray(folds.map((fold) => fold.pricing_event))}::uuid[], ${textArray(folds.map((fold) => fold.pricing))}::text[],
      ${int4Array(folds.map((fold) => fold.conversation_status))}::integer[],
      ${uuidArray(folds.map((fold) => fold.conversation_event))}::uuid[], ${textArray(folds.map((fold) => fold.conversation))}::text[]
    ) as fold (workspace_id, wamid_hash, status, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at,
      failed_event, error, pricing_status, pricing_event, pricing, conversation_status, conversation_event, conversation)
    on conflict (workspace_id, wamid_hash) do update set
      status_before = s.status,
      status = greatest(s.status, excluded.status),
      accepted_at = least(s.accepted_at, excluded.accepted_at),
      sent_at = least(s.sent_at, excluded.sent_at),
      delivered_at = least(s.delivered_at, excluded.delivered_at),
      read_at = least(s.read_at, excluded.read_at),
      played_at = least(s.played_at, excluded.played_at),
      failed_at = least(s.failed_at, excluded.failed_at),
      failed_event = case when ${firstFailure} then excluded.failed_event else s.failed_event end,
      error = case when ${firstFailure} then excluded.error else s.error end,
      pricing_status = case when ${betterPricing} then excluded.pricing_status else s.pricing_status end,
      pricing_event = case when ${betterPricing} then excluded.pricing_event else s.pricing_event end,
      pricing = case when ${betterPricing} then excluded.pricing else s.pricing end,
      conversation_status = case when ${betterConversation} then excluded.conversation_status else s.conversation_status end,
      conversation_event = case when ${betterConversation} then excluded.conversation_event else s.conversation_event end,
      conversation = case when ${betterConversation} then excluded.conversation else s.conversation end
    where excluded.status > s.status
      or least(s.accepted_at, excluded.accepted_at) is distinct from s.accepted_at
      or least(s.sent_at, excluded.sent_at) is distinct from s.sent_at
      or least(s.delivered_at, excluded.delivered_at) is distinct from s.delivered_at
      or least(s.read_at, excluded.read_at) is distinct from s.read_at
      or least(s.played_at, excluded.played_at) is distinct from s.played_at
      or ${firstFailure} or ${betterPricing} or ${betterConversation}
    returning s.workspace_id, s.wamid_hash, s.status_before, ${toldStatus(sql`s`)}`);
}

const firstFailure = sql`(excluded.failed_event is not null and (s.failed_event is null
  or (coalesce(excluded.failed_at, 'infinity'), excluded.failed_event) < (coalesce(s.failed_at, 'infinity'), s.failed_event)))`;
const betterPricing = sql`(excluded.pricing_event is not null and (s.pricing_event is null
  or excluded.pricing_status > s.pricing_status
  or (excluded.pricing_status = s.pricing_status and excluded.pricing_event < s.pricing_event)))`;
const betterConversation = sql`(excluded.conversation_event is not null and (s.conversation_event is null
  or (excluded.conversation_status, excluded.conversation_event) < (s.conversation_status, s.conversation_event)))`;

function merge(steps: readonly StatusStep[]): Fold[] {
  const folds = new Map<string, Fold>();
  for (const step of steps) {
    const key = messageName(step);
    const fold = folds.get(key);
    if (fold) mergeInto(fold, foldOf(step));
    else folds.set(key, foldOf(step));
  }
  return [...folds.values()];
}

function foldOf(step: StatusStep): Fold {
  const status = numberOf(step.status);
  const failed = step.status === "FAILED";
  const times: (number | null)[] = [];
  times[status] = step.at_ms;
  return {
    workspace_id: step.workspace_id,
    wamid_hash: step.wamid_hash,
    status,
    times,
    failed_event: failed ? step.event_id : null,
    error: step.failures.length > 0 ? JSON.stringify(step.failures) : null,
    pricing_status: step.pricing ? status : null,
    pricing_event: step.pricing ? step.event_id : null,
    pricing: step.pricing ? JSON.stringify(step.pricing) : null,
    conversation_status: step.conversation ? status : null,
    conversation_event: step.conversation ? step.event_id : null,
    conversation: step.conversation ? JSON.stringify(step.conversation) : null,
  };
}

function mergeInto(fold: Fold, other: Fold): void {
  const failed = numberOf("FAILED");
  if (other.failed_event !== null && (fold.failed_event === null || failsEarlier(other, fold, failed))) {
    fold.failed_event = other.failed_event;
    fold.error = other.error;
  }
  if (other.pricing_event !== null && (fold.pricing_event === null || pricesBetter(other, fold))) {
    fold.pricing_status = other.pricing_status;
    fold.pricing_event = other.pricing_event;
    fold.pricing = other.pricing;
  }
  if (other.conversation_event !== null && (fold.conversation_event === null || tellsSooner(other, fold))) {
    fold.conversation_status = other.conversation_status;
    fold.conversation_event = other.conversation_event;
    fold.conversation = other.conversation;
  }
  fold.status = Math.max(fold.status, other.status);
  for (const [status, at_ms] of other.times.entries()) {
    const known = fold.times[status] ?? null;
    if (typeof at_ms === "number" && (known === null || at_ms < known)) fold.times[status] = at_ms;
  }
}

/** In the order in which every batch locks: by the bytes of the ids, which their text follows. */
function byKey(a: MessageKey, b: MessageKey): number {
  return compare(a.workspace_id, b.workspace_id) || compare(a.wamid_hash, b.wamid_hash);
}

function failsEarlier(a: Fold, b: Fold, failed: number): boolean {
  const [left, right] = [a.times[failed] ?? Infinity, b.times[failed] ?? Infinity];
  return left < right || (left === right && compare(a.failed_event!, b.failed_event!) < 0);
}

function pricesBetter(a: Fold, b: Fold): boolean {
  const by_status = a.pricing_status! - b.pricing_status!;
  return by_status > 0 || (by_status === 0 && compare(a.pricing_event!, b.pricing_event!) < 0);
}

function tellsSooner(a: Fold, b: Fold): boolean {
  const by_status = a.conversation_status! - b.conversation_status!;
  return by_status < 0 || (by_status === 0 && compare(a.conversation_event!, b.conversation_event!) < 0);
}
