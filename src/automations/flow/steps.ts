import type { Known } from "./known.ts";
import type { Hearing, Inputs, Step, Visit } from "./step.ts";

/** What decided longer ago is taken as now: a run that stood still does not catch up what it missed. */
export const LATE_MS = 15 * 60_000;

export function pass(
  port: string | null,
  at_ms: number,
  visit: Visit,
  { now_ms }: Pick<Known, "now_ms">,
  inputs: Inputs = {},
): Extract<Step, { kind: "pass" }> {
  return {
    kind: "pass",
    status: "COMPLETED",
    port,
    reason: null,
    inputs,
    at_ms: believed(at_ms, visit, now_ms),
  };
}

export function end(
  state: "COMPLETED" | "FAILED" | "EXITED",
  reason: string | null,
  { now_ms }: Pick<Known, "now_ms">,
  inputs: Inputs = {},
): Extract<Step, { kind: "end" }> {
  const status = state === "FAILED" ? "FAILED" : state === "EXITED" ? "SKIPPED" : "COMPLETED";
  return { kind: "end", state, status, reason, stopped: false, inputs, at_ms: now_ms };
}

function believed(at_ms: number, { started_ms }: Visit, now_ms: number): number {
  const at = Math.min(Math.max(at_ms, started_ms), now_ms);
  return now_ms - at > LATE_MS ? now_ms : at;
}

export function rest(due_ms: number, wake_ms: number, hears: readonly Hearing[], inputs: Inputs): Step {
  return {
    kind: "rest",
    status: "SCHEDULED",
    due_ms,
    wake_ms: Math.min(wake_ms, due_ms),
    message_id: null,
    reason: null,
    hears,
    inputs,
  };
}
