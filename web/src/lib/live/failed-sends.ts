import { serverNow } from "../words/clock.ts";
import type { Message } from "../types.ts";

/** A message of an agent's that the customer did not get. */
export interface FailedSend {
  conversation_id: string;
  /** Null: the server never took it. */
  message_id: string | null;
  reason: string;
  /** The person in front of this page sent it, or sent it again last. */
  mine: boolean;
}

/** A failure that is told again (an edit, a reaction, a page that comes back) is no news after that time. */
const NEWS_MS = 10 * 60_000;

const watchers = new Set<(failed: FailedSend) => void>();
const told = new Set<string>();

/** Calls `watcher` for each message that fails from now on; returns how to end that. */
export function watchFailedSends(watcher: (failed: FailedSend) => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function tellFailedSend(failed: FailedSend): void {
  for (const watcher of watchers) watcher(failed);
}

/** Tells of a message that has just failed, once for each time that it fails. */
export function noteStatus(
  { id, conversation_id, source, status, failed_at, error, send }: Message,
  user_id: string | undefined,
): void {
  if (source !== "AGENT" || status !== "FAILED" || failed_at === null) return;
  const key = `${id} ${failed_at}`;
  if (told.has(key) || serverNow() - Date.parse(failed_at) > NEWS_MS) return;
  told.add(key);
  const mine = user_id !== undefined && send?.user_id === user_id;
  tellFailedSend({ conversation_id, message_id: id, reason: error?.title ?? "", mine });
}
