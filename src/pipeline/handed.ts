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

/** `claimed`: rows that it found; `full`: there may be more. Returns those that have to go to the queue, behind these. */
type Look = (found: { claimed: number; full: boolean }) => JournalRow[];

export function createHanded(deps: {
  batch: { webhooks: number; bytes: number };
  lease_ms: number;
  wake: () => void;
}): Handed {
  const { batch } = deps;
  let rows: JournalRow[] = [];
  /** Those that came while older ones may wait in the queue: they go when a look has found nothing there. */
  let behind: JournalRow[] = [];
  let bytes = 0;
  /** When the oldest of them was handed over. */
  let since_ms = 0;
  /** What comes now may be younger than what waits in the queue. */
  let backlog = true;
  /** While there is a backlog: the queue is nearly worked off, so that what comes now may wait here. */
  let room = true;
  /** Appends under way to the queue alone: no look sees them yet. */
  let queueing = 0;
  let refusals = 0;
  let closed = false;
  /** Nothing is ever handed over where intake is in another process. */
  let asked = false;

  const count = () => rows.length + behind.length;
  const sizeOf = (some: readonly JournalRow[]) => some.reduce((sum, { body }) => sum + body.length, 0);
  const takeNext = (): JournalRow[] => {
    const all = rows;
    rows = [];
    bytes = sizeOf(behind);
    return all;
  };
  const takeBehind = (): JournalRow[] => {
    const all = behind;
    behind = [];
    bytes = sizeOf(rows);
    return all;
  };

  return {
    lease(more, more_bytes) {
      asked = true;
      const fits = count() === 0 || (count() + more <= batch.webhooks && bytes + more_bytes <= batch.bytes);
      if (room && fits && !closed) return deps.lease_ms;
      // These go to the queue; what comes after them must not pass them by.
      backlog = true;
      room = false;
      queueing++;
      refusals++;
      return null;
    },
    queued() {
      queueing--;
    },
    take(more) {
      if (count() === 0) since_ms = performance.now();
      bytes += sizeOf(more);
      if (backlog) behind = [...behind, ...more];
      else rows = rows.length === 0 ? [...more] : [...rows, ...more];
      deps.wake();
    },
    next() {
      const all = takeNext();
      return performance.now() - since_ms < deps.lease_ms / 2 ? all : [];
    },
    size: () => rows.length,
    close() {
      closed = true;
      return [...takeNext(), ...takeBehind()];
    },
    look() {
      const [sees_all, refused_before] = [queueing === 0, refusals];
      return ({ claimed, full }) => {
        if (claimed > 0) backlog = true;
        else if (sees_all && refusals === refused_before) {
          backlog = false;
          rows = [...rows, ...behind];
          behind = [];
        }
        room = !full;
        return full ? takeBehind() : [];
      };
    },
    isBlocked: () => asked && backlog,
  };
}
