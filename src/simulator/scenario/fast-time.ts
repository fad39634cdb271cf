import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Time that runs faster than life, at a speed that may change while a step waits. */
export interface FastTime {
  /** Milliseconds of this time since it began. */
  elapsed_ms: () => number;
  speed: () => number;
  run: (speed: number) => void;
  /** Waits so long by this time. Rejects when the signal aborts. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Longer than this no timer of Node's waits. */
const LONGEST_MS = 2 ** 31 - 1;

export function createFastTime(speed = 1): FastTime {
  let now_speed = speed;
  let since_ms = performance.now();
  let before_ms = 0;
  // As many wait as are on their way.
  const bell = () => {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    return controller;
  };
  let changed = bell();
  const elapsed_ms = () => before_ms + (performance.now() - since_ms) * now_speed;
  return {
    elapsed_ms,
    speed: () => now_speed,
    run(next) {
      before_ms = elapsed_ms();
      since_ms = performance.now();
      now_speed = next;
      const before = changed;
      changed = bell();
      before.abort();
    },
    pause: async (ms, signal) => {
      const until_ms = elapsed_ms() + ms;
      for (;;) {
        signal.throwIfAborted();
        const left_ms = (until_ms - elapsed_ms()) / now_speed;
        if (left_ms <= 0) return;
        await sleepUntil(Math.min(left_ms, LONGEST_MS), [signal, changed.signal]);
      }
    },
  };
}

/** So long, or until one of them aborts. */
async function sleepUntil(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  const woken = new AbortController();
  const wake = () => woken.abort();
  for (const signal of signals) signal.addEventListener("abort", wake, { once: true });
  try {
    await sleep(ms, undefined, { signal: woken.signal });
  } catch {
    // What waits looks at its time again.
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", wake);
  }
}
