/**
 * The change feed to browsers. A writer publishes each change in its transaction; a listener gets
 * each change once, in order, and after being away what it missed, or word that it must reload.
 */
import type { Logger } from "../base/base.ts";
import type { Database, Listener } from "../db/db.ts";
import { retain } from "./read.ts";
import type { LiveClient } from "./subscribers.ts";
import { createTail, type Tail } from "./tail.ts";

export type { Applied, BatchFacts, Heard, Listen, LiveChange, Moved, Origin, Stated } from "./change.ts";
export { publish } from "./publish.ts";
export { readEnd, type LiveRow } from "./read.ts";
export type { LiveClient };

export interface LiveReader {
  /**
   * Sends `client` what follows `after`, the last seq that it saw; null: what happens from now on.
   * Nothing is missing and nothing comes twice until `close` or `reload`.
   */
  subscribe(workspace_id: string, after: number | null, client: LiveClient): { stop(): void };
  /** Deletes events older than `hours`; who comes back later than that has to reload. Returns how many. */
  retain(hours: number): Promise<number>;
  /** Resolves when everything published so far has been handed to those who listen. */
  drain(): Promise<void>;
  /** Closes every client. */
  stop(): void;
}

export function createLiveReader(options: {
  db: Database;
  listener: Listener;
  log: Logger;
  /** Rows read at once: what a client's buffer must be able to take. */
  page?: number;
  retry_ms?: number;
}): LiveReader {
  const { db, listener, log, page = 500, retry_ms = 1_000 } = options;
  const tails = new Map<string, Tail>();

  const listening = listener.on("live", (workspace_id) => {
    if (workspace_id === null) for (const tail of tails.values()) tail.wake();
    else tails.get(workspace_id)?.wake();
  });

  const tailOf = (workspace_id: string): Tail => {
    const known = tails.get(workspace_id);
    if (known) return known;
    const onEmpty = () => {
      tails.delete(workspace_id);
      tail.stop();
    };
    const tail = createTail({ db, log, workspace_id, page, retry_ms, onEmpty });
    tails.set(workspace_id, tail);
    return tail;
  };

  return {
    subscribe: (workspace_id, after, client) => tailOf(workspace_id).add(after, client),
    retain: (hours) => retain(db, hours),
    async drain() {
      await Promise.all([...tails.values()].map((tail) => tail.drain()));
    },
    stop() {
      listening.stop();
      for (const tail of tails.values()) tail.stop();
      tails.clear();
    },
  };
}
