import { tableOf } from "../../base/base.ts";
import type { Moved } from "../../live/live.ts";
import { explainFailure } from "../../meta/meta.ts";
import { stateNumber } from "../counts/counts.ts";

/** What a message's statuses change of its recipient. */
export interface Outcome {
  state: number;
  skip_reason: string | null;
  /** When they are served: at once, when they were to be before, or not at all. */
  due_at: "now" | "kept" | null;
  submitted_at: Date | null;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  played_at: Date | null;
  failed_at: Date | null;
  error_code: number | null;
  error: { title: string; details: string | null } | null;
}

const WAITING = stateNumber("WAITING");
const SKIPPED = stateNumber("SKIPPED");
const QUEUED = stateNumber("QUEUED");
const SUBMITTED = stateNumber("SUBMITTED");
const SENT = stateNumber("SENT");
const PLAYED = stateNumber("PLAYED");
const FAILED = stateNumber("FAILED");
const LIMITED = stateNumber("LIMITED");
const UNCONFIRMED = stateNumber("UNCONFIRMED");

/** Meta chose not to deliver a marketing message. */
const LIMIT_CODE = 131049;
/** What Wharf itself keeps back when a message is claimed: nothing was sent. */
const KEPT_BACK = tableOf<string>({
  MARKETING_REFUSED: "consent",
  FREQUENCY_CAP: "frequency_cap",
  QUIET_HOURS: "quiet_hours",
});

/** In the order in which a message passes through them: who was read was delivered, and so on. */
const STEPS = [
  ["ACCEPTED", "submitted_at"],
  ["SENT", "sent_at"],
  ["DELIVERED", "delivered_at"],
  ["READ", "read_at"],
  ["PLAYED", "played_at"],
] as const;

const begun = { submitted_at: null, sent_at: null, delivered_at: null, read_at: null, played_at: null };
const unfailed = { failed_at: null, error_code: null, error: null, skip_reason: null };

/** Whether a failure is the template's: what was refused for it reached no one, and waits until the template is sendable. */
export const isOfTemplate = (error: Moved["error"]): boolean =>
  error !== null && error.code !== null && explainFailure(failureOf(error)).behaviour === "fix_template";

const failureOf = ({ code, title, message, details, href }: NonNullable<Moved["error"]>) => {
  return { code, title, message, details, href };
};

/**
 * How a recipient stands after a move of their message. Who waits and has a message was refused for its template: it is kept
 * until they are served again, so that what is told of it later finds them. In a campaign that `has_ended` no one waits.
 */
export function nextOutcome(
  before: Outcome,
  { status, at, error }: Moved,
  now: Date,
  has_ended: boolean,
): Outcome {
  const time = at ?? now;
  const step = STEPS.findIndex(([name]) => name === status);
  if (step >= 0) return passed(before, step, time);
  if (status === "QUEUED") return { ...begun, ...unfailed, state: QUEUED, due_at: null };
  // What went farther has not failed, and what Meta took is not unconfirmed or cancelled.
  if (status === "FAILED")
    return before.state > SENT && before.state <= PLAYED ? before : failed(before, error, time, has_ended);
  if (before.state === WAITING || (before.state >= SUBMITTED && before.state <= LIMITED)) return before;
  return {
    ...before,
    due_at: null,
    state: status === "UNCONFIRMED" ? UNCONFIRMED : stateNumber("CANCELLED"),
  };
}

function passed(before: Outcome, step: number, time: Date): Outcome {
  const reached = SUBMITTED + step;
  const is_refused = before.state === WAITING;
  const has_failed = is_refused || before.state === FAILED || before.state === LIMITED;
  // A failure that came later stands, unless the message arrived.
  const stays = has_failed ? reached <= SENT : before.state >= reached && before.state <= PLAYED;
  if (stays && is_refused) return before;
  const after = { ...before };
  for (const [, column] of STEPS.slice(0, step + 1)) after[column] ??= time;
  return stays ? after : { ...after, ...unfailed, state: reached, due_at: null };
}

function failed(before: Outcome, error: Moved["error"], time: Date, has_ended: boolean): Outcome {
  if (isOfTemplate(error) && before.state === WAITING) return before;
  if (isOfTemplate(error) && !has_ended) return { ...begun, ...unfailed, state: WAITING, due_at: "now" };
  const skip_reason = KEPT_BACK[error?.symbol ?? ""];
  if (skip_reason !== undefined) return { ...begun, ...unfailed, state: SKIPPED, skip_reason, due_at: null };
  const limited = error?.code === LIMIT_CODE;
  const title = error?.title ?? error?.message ?? "Meta refused it without saying why.";
  return {
    ...before,
    skip_reason: null,
    due_at: null,
    state: limited ? LIMITED : FAILED,
    failed_at: time,
    error_code: error?.code ?? 0,
    error: { title, details: error?.details ?? null },
  };
}
