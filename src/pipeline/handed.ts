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
  /** A look into the queue begins; what it found is told when it ends. */
  look(): Look;
  /** It waits for a look that finds nothing in the queue: until then what it holds stays. */
  isBlocked(): boolean;
}

/** `claimed`: rows that it found; `full`: there may be more. */
type Look = (found: { claimed: number; full: boolean }) => void;

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
  /** Older ones may wait in the queue: none of these goes before a look has found nothing there. */
  let backlog = true;
  /** While there is a backlog: the queue is nearly worked off, so that what comes now waits here. */
  let room = true;
  /** Appends under way to the queue alone: no look sees them yet. */
  let queueing = 0;
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
      const fits =
        rows.length === 0 || (rows.length + count <= batch.webhooks && bytes + more_bytes <= batch.bytes);
      if (room && fits && !closed) return deps.lease_ms;
      // These go to the queue; what comes after them must not pass them by.
      backlog = true;
      room = false;
      queueing++;
      return null;
    },
    queued() {
      queueing--;
    },
    take(more) {
      if (rows.length === 0) since_ms = performance.now();
      for (const row of more) bytes += row.body.length;
      rows = rows.length === 0 ? [...more] : [...rows, ...more];
      deps.wake();
    },
    next() {
      if (backlog && performance.now() - since_ms < deps.lease_ms / 2) return [];
      const all = takeAll();
      return performance.now() - since_ms < deps.lease_ms / 2 ? all : [];
    },
    size: () => rows.length,
    close() {
      closed = true;
      return takeAll();
    },
    look() {
      const sees_all = queueing === 0;
      return ({ claimed, full }) => {
        if (claimed === 0 && sees_all && (room || queueing === 0)) backlog = !room;
        if (!full) room = true;
        else backlog = true;
      };
    },
    isBlocked: () => asked && backlog,
  };
}
