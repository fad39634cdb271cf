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

interface HandedDeps {
  batch: { webhooks: number; bytes: number };
  lease_ms: number;
  wake: () => void;
}

export const createHanded = (deps: HandedDeps): Handed => new Waiting(deps);

class Waiting implements Handed {
  readonly #deps: HandedDeps;
  #rows: JournalRow[] = [];
  /** Those that came while older ones may wait in the queue: they go when a look has found nothing there. */
  #behind: JournalRow[] = [];
  #bytes = 0;
  /** When the oldest of them was handed over. */
  #since_ms = 0;
  /** What comes now may be younger than what waits in the queue. */
  #backlog = true;
  /** While there is a backlog: the queue is nearly worked off, so that what comes now may wait here. */
  #room = true;
  /** Appends under way to the queue alone: no look sees them yet. */
  #queueing = 0;
  #refusals = 0;
  #closed = false;
  /** Nothing is ever handed over where intake is in another process. */
  #asked = false;

  constructor(deps: HandedDeps) {
    this.#deps = deps;
  }

  get #count(): number {
    return this.#rows.length + this.#behind.length;
  }

  lease(more: number, more_bytes: number): number | null {
    const { batch, lease_ms } = this.#deps;
    this.#asked = true;
    const fits =
      this.#count === 0 || (this.#count + more <= batch.webhooks && this.#bytes + more_bytes <= batch.bytes);
    if (this.#room && fits && !this.#closed) return lease_ms;
    // These go to the queue; what comes after them must not pass them by.
    this.#backlog = true;
    this.#room = false;
    this.#queueing++;
    this.#refusals++;
    return null;
  }

  queued(): void {
    this.#queueing--;
  }

  take(more: readonly JournalRow[]): void {
    if (this.#count === 0) this.#since_ms = performance.now();
    this.#bytes += sizeOf(more);
    if (this.#backlog) this.#behind = [...this.#behind, ...more];
    else this.#rows = [...this.#rows, ...more];
    this.#deps.wake();
  }

  next(): JournalRow[] {
    const all = this.#takeNext();
    return performance.now() - this.#since_ms < this.#deps.lease_ms / 2 ? all : [];
  }

  size(): number {
    return this.#rows.length;
  }

  close(): JournalRow[] {
    this.#closed = true;
    return [...this.#takeNext(), ...this.#takeBehind()];
  }

  look(): Look {
    const [sees_all, refused_before] = [this.#queueing === 0, this.#refusals];
    return ({ claimed, full }) => {
      if (claimed > 0) this.#backlog = true;
      else if (sees_all && this.#refusals === refused_before) {
        this.#backlog = false;
        this.#rows = [...this.#rows, ...this.#behind];
        this.#behind = [];
      }
      this.#room = !full;
      return full ? this.#takeBehind() : [];
    };
  }

  isBlocked(): boolean {
    return this.#asked && this.#backlog;
  }

  #takeNext(): JournalRow[] {
    const all = this.#rows;
    this.#rows = [];
    this.#bytes = sizeOf(this.#behind);
    return all;
  }

  #takeBehind(): JournalRow[] {
    const all = this.#behind;
    this.#behind = [];
    this.#bytes = sizeOf(this.#rows);
    return all;
  }
}

const sizeOf = (rows: readonly JournalRow[]) => rows.reduce((sum, { body }) => sum + body.length, 0);
