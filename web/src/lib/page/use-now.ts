import { useSyncExternalStore } from "react";
import { serverNow } from "../words/clock.ts";

/** One clock for all that looks at it, which stands while no component does. */
function createClock(every_ms: number) {
  const watchers = new Set<() => void>();
  let now = serverNow();
  let timer: ReturnType<typeof setInterval> | undefined;

  function watch(watcher: () => void) {
    watchers.add(watcher);
    if (timer === undefined) {
      now = serverNow();
      timer = setInterval(() => {
        now = serverNow();
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
  return { watch, read: () => now };
}

const slow = createClock(15_000);
const fast = createClock(1_000);

/** The time, moving on every 15 seconds: for ages in minutes and what is far ahead. */
export const useNow = () => useSyncExternalStore(slow.watch, slow.read);
/** By the second, for what counts seconds. */
export const useSecond = () => useSyncExternalStore(fast.watch, fast.read);

/** An age is told in seconds below this. */
const IN_SECONDS_MS = 60_000;

/** The time for the age of `time`: by the second for as long as it is told in seconds. */
export function useAge(time: string): number {
  const now = useNow();
  const { watch, read } = now - Date.parse(time) < IN_SECONDS_MS ? fast : slow;
  return useSyncExternalStore(watch, read);
}
