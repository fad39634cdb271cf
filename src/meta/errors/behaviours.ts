/**
 * What an error of Meta's means for us. Meta asks to build on `code` and `error_data.details`: titles come and go.
 * The same codes come in answers to calls, in the statuses of messages, or in both.
 */
export interface Wait {
  /** Before the first try again. */
  base_ms: number;
  /** By how much each further wait is longer. */
  factor: number;
  cap_ms: number;
  /** How many tries after the first; null: as long as the message lives. */
  tries: number | null;
}

const minute_ms = 60_000;
const day_ms = 24 * 60 * minute_ms;

/** What is done about an error: one word for the sender, one sentence for people. */
export const BEHAVIOURS = {
  retry: {
    does: "Tries again by itself, waiting longer each time.",
    wait: { base_ms: 2_000, factor: 2, cap_ms: 10 * minute_ms, tries: 8 },
  },
  throttle_number: {
    does: "Slows the business number down and tries again; other numbers go on.",
    wait: { base_ms: 1_000, factor: 2, cap_ms: minute_ms, tries: null },
  },
  throttle_pair: {
    // 4^x seconds, as Meta advises.
    does: "Waits before it writes to this person again; everybody else goes on.",
    wait: { base_ms: 1_000, factor: 4, cap_ms: 30 * minute_ms, tries: null },
  },
  throttle_app: {
    does: "Makes no calls for the account for some minutes, then tries again.",
    wait: { base_ms: minute_ms, factor: 2, cap_ms: 60 * minute_ms, tries: null },
  },
  not_now: {
    does: "Does not send it again before a day has passed, and each time later.",
    wait: { base_ms: day_ms, factor: 2, cap_ms: 7 * day_ms, tries: null },
  },
  pause_number: { does: "Stops sending from this number until a person resumes it.", wait: null },
  pause_connection: {
    does: "Stops all sending by this connection until a person resumes it.",
    wait: null,
  },
  give_up: { does: "Gives up this message.", wait: null },
  unreachable: { does: "Gives up this message and marks the contact as not reachable.", wait: null },
  opted_out: { does: "Gives up this message and records that the person wants no marketing.", wait: null },
  close_window: { does: "Gives up this message and closes the conversation's 24 h window.", wait: null },
  fix_template: {
    does: "Gives up this message and does not use the template again until it is corrected.",
    wait: null,
  },
  ask: { does: "Waits for a person to decide.", wait: null },
  unknown_outcome: {
    does: "Sends nothing again: the message may be on its way. A status of Meta's tells, or a person decides.",
    wait: null,
  },
  note: { does: "Shows it: nothing of ours has failed.", wait: null },
} as const satisfies Record<string, { does: string; wait: Wait | null }>;

export type Behaviour = keyof typeof BEHAVIOURS;
