import type { Limits } from "./intake-deps.ts";

/** One body and what it holds of the memory that all of them share. */
export interface Holder {
  readonly since_ms: number;
  held_bytes: number;
  /** It has to give back what it holds, now. */
  evict(): void;
}

export interface Held {
  /** It holds this much by now. Makes room when that is too much together: maybe by evicting this very one. */
  hold(holder: Holder, held_bytes: number): void;
  /** It is complete: what it holds counts on, and is no longer taken from it. */
  keep(holder: Holder): void;
  release(holder: Holder): void;
}

/**
 * The memory of bodies that are being read or wait for their commit. The last to come is not to blame that it is
 * full: room is made by the one that has held much for long, so a webhook that comes in one go passes strangers who send
 * slowly. Small bodies have a part of it that large ones can't use up.
 */
export function createHeld(
  limits: Pick<Limits, "held_bytes" | "small_body_bytes" | "small_bodies_bytes">,
): Held {
  const reading = new Set<Holder>();
  const total = { all: 0, large: 0, reading: 0 };
  const isLarge = (held_bytes: number) => held_bytes > limits.small_body_bytes;

  const count = (holder: Holder, held_bytes: number) => {
    const before = holder.held_bytes;
    holder.held_bytes = held_bytes;
    total.all += held_bytes - before;
    total.large += (isLarge(held_bytes) ? held_bytes : 0) - (isLarge(before) ? before : 0);
    if (reading.has(holder)) total.reading += held_bytes - before;
  };

  /** An eighth more than needed, so that a flood doesn't sort everything for each piece of it. */
  const makeRoom = (over_bytes: number, among: Holder[]) => {
    const now_ms = performance.now();
    const score = (holder: Holder) => holder.held_bytes * (now_ms - holder.since_ms + 1);
    let needed_bytes = over_bytes + total.reading / 8;
    for (const holder of among.toSorted((a, b) => score(b) - score(a))) {
      if (needed_bytes <= 0) return;
      needed_bytes -= holder.held_bytes;
      holder.evict();
    }
  };

  return {
    hold(holder, held_bytes) {
      if (!reading.has(holder)) reading.add(holder);
      count(holder, held_bytes);
      const over_large = total.large - (limits.held_bytes - limits.small_bodies_bytes);
      if (over_large > 0)
        makeRoom(
          over_large,
          [...reading].filter((one) => isLarge(one.held_bytes)),
        );
      const over = total.all - limits.held_bytes;
      if (over > 0) makeRoom(over, [...reading]);
    },
    keep(holder) {
      if (reading.delete(holder)) total.reading -= holder.held_bytes;
    },
    release(holder) {
      count(holder, 0);
      reading.delete(holder);
    },
  };
}
