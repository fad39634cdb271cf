import type { HandOff, JournalRow } from "../journal/journal.ts";

/**
 * Webhooks that this process has just stored, leased to it in the same commit: they go into a batch without a claim, a
 * wake-up or a second read. It has no room while older ones wait in the queue, so the order of arrival stays, and what
 * is more than a batch waits there and not in memory.
 */
export interface Handed extends HandOff {
  /** What is next, as much as a batch takes. Those whose lease may have ended are left to the queue. */
  next(): JournalRow[];
  size(): number;
  /** All of it; there is no room any more. */
  close(): JournalRow[];
  /** Whether the queue has rows that are older than what comes next. */
  setBacklog(is_there: boolean): void;
  /** It waits for a look that finds nothing in the queue: until then it has no room. */
  isBlocked(): boolean;
}

export function createHanded(deps: {
  batch: { webhooks: number; bytes: number };
  lease_ms: number;
  wake: () => void;
}): Handed {
  const { batch } = deps;
  let rows: JournalRow[] = [];
  let bytes = 0;
  /** When the oldest of them was handed over. */
  let since_ms = 0;
  let backlog = true;
  let closed = false;
  /** Nothing is ever handed over where intake is in another process. */
  let asked = false;

  const takeAll = (): JournalRow[] => {
    const all = rows;
    rows = [];
    bytes = 0;
    return all;
  };

  return {
    lease(count, more_bytes) {
      asked = true;
      if (backlog || closed) return null;
      if (rows.length > 0 && (rows.length + count > batch.webhooks || bytes + more_bytes > batch.bytes)) {
        // These go to the queue; what comes after them must not pass them by.
        backlog = true;
        return null;
      }
      return deps.lease_ms;
    },
    take(more) {
      if (rows.length === 0) since_ms = performance.now();
      for (const row of more) bytes += row.body.length;
      rows = rows.length === 0 ? [...more] : [...rows, ...more];
      deps.wake();
    },
    next() {
      const all = takeAll();
      return performance.now() - since_ms < deps.lease_ms / 2 ? all : [];
    },
    size: () => rows.length,
    close() {
      closed = true;
      return takeAll();
    },
    setBacklog(is_there) {
      backlog = is_there;
    },
    isBlocked: () => asked && backlog,
  };
}
