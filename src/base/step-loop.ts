/**
 * The timer around a `step()`: runs it again at once while it finds work, else after `idle_ms` or when woken.
 * A step that throws is reported and tried again after a backoff; the loop itself never ends by an error.
 */
export interface StepLoop {
  /** Something may have arrived: look now instead of at the next tick. */
  wake(): void;
  /** Ends after the step that is under way. */
  stop(): Promise<void>;
}

export function startLoop(
  step: () => Promise<number>,
  options: { idle_ms: number; onError: (error: unknown) => void; retry_ms?: number },
): StepLoop {
  let stopped = false;
  let woken = false;
  let wakeUp: (() => void) | null = null;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async () => {
    while (!stopped) {
      woken = false;
      let found = 0;
      let failed = false;
      try {
        found = await step();
      } catch (error) {
        failed = true;
        options.onError(error);
      }
      if (stopped) break;
      if (failed) await pause(options.retry_ms ?? 1_000);
      else if (found === 0 && !woken) await pause(options.idle_ms);
      wakeUp = null;
    }
  };
  const ended = run();

  return {
    wake() {
      woken = true;
      wakeUp?.();
    },
    async stop() {
      stopped = true;
      wakeUp?.();
      await ended;
    },
  };
}

/** Several loops of one step, woken and stopped together. */
export function startLoops(
  count: number,
  step: () => Promise<number>,
  options: Parameters<typeof startLoop>[1],
): StepLoop {
  const loops = Array.from({ length: count }, () => startLoop(step, options));
  return {
    wake() {
      for (const loop of loops) loop.wake();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
