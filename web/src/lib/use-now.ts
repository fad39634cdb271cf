import { useSyncExternalStore } from "react";

/** One clock for all that looks at it, which stands while no component does. */
function createClock(every_ms: number): () => number {
  const watchers = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  function watch(watcher: () => void) {
    watchers.add(watcher);
    if (timer === undefined) {
      now = Date.now();
      timer = setInterval(() => {
        now = Date.now();
        for (const each of watchers) each();
      }, every_ms);
    }
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }
  const read = () => now;
  return () => useSyncExternalStore(watch, read);
}

/** The time, moving on every 15 seconds: for ages and what is far ahead. */
export const useNow = createClock(15_000);
/** By the second, for what counts seconds. */
export const useSecond = createClock(1_000);
