import type { StatusOf } from "./updates.ts";

type Status = StatusOf["status"];

/** The outcomes of messages, as shares of 1. */
export interface Odds {
  failed: number;
  /** Of those not failed. */
  delivered: number;
  /** Of the delivered. */
  read: number;
  /** Of the read: the person had the chat open, so no `delivered` comes. */
  read_at_once: number;
  /** Of the read voice messages. */
  played: number;
  /** Of the templates: Meta holds them to see how people take them. */
  held: number;
  /** Why those fail that fail, by weight. */
  codes: Readonly<Record<number, number>>;
}

export const USUAL_ODDS: Odds = {
  failed: 0.02,
  delivered: 0.97,
  read: 0.75,
  read_at_once: 0.1,
  played: 0.8,
  held: 0,
  codes: { 131026: 6, 131049: 3, 131000: 1 },
};

/** From each step to the next, at least and at most. */
export interface Timing {
  sent_ms: readonly [number, number];
  delivered_ms: readonly [number, number];
  read_ms: readonly [number, number];
  played_ms: readonly [number, number];
  held_ms: readonly [number, number];
  review_ms: readonly [number, number];
}

export const USUAL_TIMING: Timing = {
  sent_ms: [150, 600],
  delivered_ms: [200, 3_000],
  read_ms: [1_500, 90_000],
  played_ms: [2_000, 30_000],
  held_ms: [30_000, 600_000],
  review_ms: [5_000, 60_000],
};

/** One thing that a test or a demonstration asks for, for the next message. */
export type Fate =
  /** The call is answered with this error. */
  | { refuse: number }
  /** It is accepted, and a status says `failed` with this code. */
  | { fail: number }
  /** It goes the whole way: with these statuses. */
  | { go: readonly Status[] }
  /** Held for quality, then released, or failed as its template is paused. */
  | { held: "released" | "dropped" }
  /** It is taken, and the connection is closed without an answer. */
  | "lost_answer"
  /** Its statuses come before the answer to the call. */
  | "status_first"
  /** Something before Meta answers 502 with a page of HTML. */
  | "bad_gateway";

export interface Step {
  after_ms: number;
  status: Status;
  code: number | null;
}

export interface Plan {
  held: boolean;
  steps: Step[];
}

/** The statuses of one message, with how long each comes after the one before. */
export function planOf(
  about: { type: string; voice: boolean; isTemplate: boolean; isMarketing: boolean },
  how: { odds: Odds; timing: Timing; random: () => number; fate: Fate | null },
): Plan {
  const { odds, timing, random, fate } = how;
  const chance = (share: number) => random() < share;
  const between = ([low, high]: readonly [number, number]) => Math.round(low + random() * (high - low));
  const step = (status: Status, code: number | null = null): Step => ({
    after_ms: between(status === "failed" ? timing.sent_ms : timing[`${status}_ms`]),
    status,
    code,
  });
  const wait = between(timing.held_ms);
  const hold = (plan: Plan): Plan => ({
    held: true,
    steps: plan.steps.map((step, at) => (at === 0 ? { ...step, after_ms: step.after_ms + wait } : step)),
  });

  if (typeof fate === "object" && fate !== null) {
    if ("fail" in fate) return { held: false, steps: [step("failed", fate.fail)] };
    if ("go" in fate) return { held: false, steps: fate.go.map((status) => step(status)) };
    if ("held" in fate && fate.held === "dropped")
      return hold({ held: true, steps: [step("failed", 132015)] });
  }
  const held =
    (typeof fate === "object" && fate !== null && "held" in fate) || (about.isTemplate && chance(odds.held));
  const plan: Plan = {
    held: false,
    steps: chance(odds.failed) ? [step("failed", codeOf(about, odds, random))] : [step("sent")],
  };
  // Of a reaction nothing but `sent` is told.
  if (plan.steps[0]!.status === "sent" && about.type !== "reaction" && chance(odds.delivered)) {
    const isRead = chance(odds.read);
    const at_once = isRead && chance(odds.read_at_once);
    if (!at_once) plan.steps.push(step("delivered"));
    // In an open chat it is read as it arrives.
    if (isRead)
      plan.steps.push({ ...step("read"), ...(at_once ? { after_ms: between(timing.delivered_ms) } : {}) });
    if (isRead && about.voice && chance(odds.played)) plan.steps.push(step("played"));
  }
  return held ? hold(plan) : plan;
}

/** Meta holds marketing alone back for the sake of engagement. */
const OF_MARKETING = "131049";

function codeOf({ isMarketing }: { isMarketing: boolean }, { codes }: Odds, random: () => number): number {
  const entries = Object.entries(codes).filter(([code]) => isMarketing || code !== OF_MARKETING);
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [code, weight] of entries) {
    left -= weight;
    if (left < 0) return Number(code);
  }
  return 131000;
}
