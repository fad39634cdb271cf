/**
 * The ladder of a message's status, as message_statuses.status numbers it. FAILED stands between SENT and DELIVERED,
 * so "never falls" and "a failure counts only at SENT or below" are both simply the greatest number.
 */
export const STATUSES = ["QUEUED", "ACCEPTED", "SENT", "FAILED", "DELIVERED", "READ", "PLAYED"] as const;
export type MessageStatus = (typeof STATUSES)[number];

export function numberOf(status: MessageStatus): number {
  return STATUSES.indexOf(status);
}

/** The status that a number of message_statuses.status means. */
export function statusOf(number: number): MessageStatus {
  const status = STATUSES[number];
  if (!status) throw new RangeError(`no message status has the number ${number}`);
  return status;
}

/** Meta's word; null for those that are no step of the ladder (`deleted`, `warning`, words to come). */
export function readStatus(word: string): MessageStatus | null {
  return STATUSES.find((status) => status === word.toUpperCase()) ?? null;
}

/** `history_context.status` has words of its own. */
export function readHistoryStatus(word: string): MessageStatus | null {
  const upper = word.toUpperCase();
  if (upper === "PENDING") return "QUEUED";
  return upper === "ERROR" ? "FAILED" : readStatus(upper);
}
