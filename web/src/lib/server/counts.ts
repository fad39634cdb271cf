import type { QueryClient } from "@tanstack/react-query";
import { countsQuery } from "./queries.ts";
import type { Conversation, ConversationCounts } from "../types.ts";

/** Between two questions for the counts while much happens; longer in a tab that is not looked at. */
const PAUSE_MS = 1_000;
const HIDDEN_PAUSE_MS = 10_000;

let again = false;
let asking: Promise<void> | null = null;

/** Asks for the counts at once, and then as long as more happens meanwhile: one question at a time, with pauses. */
export function refreshCounts(client: QueryClient): void {
  again = true;
  asking ??= ask(client).finally(() => {
    asking = null;
  });
}

async function ask(client: QueryClient): Promise<void> {
  while (again) {
    again = false;
    await client.invalidateQueries({ queryKey: countsQuery.queryKey });
    const hidden = typeof document !== "undefined" && document.visibilityState === "hidden";
    await new Promise((resolve) => setTimeout(resolve, hidden ? HIDDEN_PAUSE_MS : PAUSE_MS));
  }
}

type Counted = Pick<Conversation, "status" | "unread_count" | "failure">;

const FIELDS = { OPEN: "open", PENDING: "pending", RESOLVED: "resolved" } as const;

function add(counts: ConversationCounts, { status, unread_count, failure }: Counted, by: 1 | -1) {
  const unread = status === "OPEN" && unread_count > 0;
  counts[FIELDS[status]] += by;
  if (unread) counts.unread += by;
  if (failure !== null) counts.failed += by;
  if (failure !== null && unread) counts.failed_unread += by;
}

/** Whether the change of a conversation changes a count. */
export function isCountedAlike(a: Counted, b: Counted): boolean {
  return (
    a.status === b.status &&
    a.unread_count > 0 === b.unread_count > 0 &&
    (a.failure === null) === (b.failure === null)
  );
}

/** What a person did is counted at once; the server's word follows. */
export function countChange(client: QueryClient, before: Counted, after: Counted): void {
  if (isCountedAlike(before, after)) return;
  // An answer on its way was written before.
  void client.cancelQueries({ queryKey: countsQuery.queryKey });
  client.setQueryData(countsQuery.queryKey, (now) => {
    if (!now) return now;
    const next = { ...now };
    add(next, before, -1);
    add(next, after, 1);
    return next;
  });
}

/** Conversations that wait for an agent: unread, or with a message that failed. */
export const waitingOf = ({ unread, failed, failed_unread }: ConversationCounts): number =>
  unread + failed - failed_unread;
