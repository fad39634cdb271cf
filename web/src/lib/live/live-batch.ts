import { notifyManager } from "@tanstack/react-query";

/** A frame that draws what came has this long for it; the rest is the next one's. */
const BUDGET_MS = 8;
/** A page that isn't seen has no frames. */
const HIDDEN_MS = 100;

export type Later = (work: () => void) => void;

/** At the next frame, or soon where there are none. */
const nextFrame: Later = (work) => {
  if (document.visibilityState === "visible") requestAnimationFrame(work);
  else setTimeout(work, HIDDEN_MS);
};

/**
 * Collects live events, and applies those of one frame together: hundreds that come at once (a campaign, a line that
 * is back) are drawn a few times, not hundreds of times. `now` applies what is still waiting.
 */
export function createBatch<Event>(
  apply: (event: Event) => void,
  later: Later = nextFrame,
  clock: () => number = () => performance.now(),
): { add: (event: Event) => void; now: () => void } {
  let waiting: Event[] = [];
  let is_planned = false;
  const plan = () => {
    is_planned = true;
    later(() => {
      is_planned = false;
      run(clock() + BUDGET_MS);
      if (waiting.length > 0) plan();
    });
  };
  const run = (until_ms: number) => {
    let done = 0;
    notifyManager.batch(() => {
      while (done < waiting.length && (done === 0 || clock() < until_ms)) apply(waiting[done++]!);
    });
    waiting = waiting.slice(done);
  };
  return {
    add(event) {
      waiting.push(event);
      if (!is_planned) plan();
    },
    now: () => run(Infinity),
  };
}
