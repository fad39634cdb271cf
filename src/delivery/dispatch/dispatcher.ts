import { startLoop, type StepLoop } from "../../base/base.ts";
import { clearRemoved } from "../endpoints/endpoints.ts";
import { purge } from "../log/log.ts";
import { claimRound } from "./claim-round.ts";
import { giveBack } from "./delivery-claim.ts";
import { createDispatching, type DispatcherDeps, type Dispatching } from "./dispatching.ts";
import { judgeTimes } from "./endpoint-health.ts";
import { createHandOff, type HandOff } from "./hand-off.ts";

/**
 * Gets deliveries to their endpoints, at least once. Any number of dispatchers work on one database:
 *
 * - A claim takes due deliveries for a lease, in a statement of its own; no transaction is open during HTTP. What is
 *   without an outcome when the lease expires (a crash, a cut cable) is due again, and the old claim can no longer record one.
 * - What this process has just written for an endpoint with room is born with such a lease, and is sent without a claim
 *   (hand-off.ts).
 * - Each endpoint has a queue of its own: a few tries under way, some more claimed to follow. A dead or slow endpoint
 *   fills its queue and nothing else; one that fails, or says that it is too much, is left alone (policy/breaker.ts).
 * - A rate limit is kept by one dispatcher at a time, which has a pass for it from the endpoint's row (delivery-claim.ts).
 * - `webhook-id` is the delivery's id, the same at every try; timestamp and signature are made anew each time.
 */
export interface Dispatcher {
  /** Claims what is due and free queues can take, and starts on it. Returns how many were claimed. */
  step(): Promise<number>;
  /** Something may be due. */
  wake(): void;
  start(): void;
  /** Resolves when nothing is due and every result is written. */
  drain(): Promise<void>;
  /** Gives back what has not been started, waits a moment for what has, and gives that back too. */
  stop(): Promise<void>;
  /** For a fan-out in this process. */
  readonly hand_off: HandOff;
}

const IDLE_MS = 1_000;
const UPKEEP_MS = 30_000;
const STOP_GRACE_MS = 5_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const dispatching = createDispatching(deps);
  const { log } = dispatching;
  let loop: StepLoop | null = null;
  let upkeep: StepLoop[] = [];
  let stepping: Promise<number> | null = null;

  const step = (): Promise<number> => {
    stepping ??= claimRound(dispatching).finally(() => {
      stepping = null;
    });
    return stepping;
  };

  return {
    step,
    wake: () => loop?.wake(),
    start() {
      const onError = (error: unknown) => log.error({ err: error }, "deliveries could not be claimed");
      // What is due from now on is told by a notification, or found by the next look.
      loop ??= startLoop(async () => ((await step()) > 0 && !dispatching.exhausted ? 1 : 0), {
        idle_ms: IDLE_MS,
        onError,
      });
      dispatching.wake = () => loop?.wake();
      if (upkeep.length === 0) upkeep = startUpkeep(dispatching, onError);
    },
    async drain() {
      do await drainUnderWay(dispatching);
      while ((await step()) > 0);
    },
    async stop() {
      dispatching.stopped = true;
      dispatching.stopping.abort();
      await Promise.all([loop?.stop(), ...upkeep.map((each) => each.stop()), stepping?.catch(() => 0)]);
      await stopSending(dispatching);
    },
    hand_off: createHandOff(dispatching),
  };
}

/** What has to be looked at now and then, whatever is sent. */
function startUpkeep({ db, log, clock }: Dispatching, onError: (error: unknown) => void): StepLoop[] {
  return [() => purge(db), () => judgeTimes(db, log, clock), () => clearRemoved(db, clock.now())].map(
    (chore) => startLoop(chore, { idle_ms: UPKEEP_MS, onError }),
  );
}

async function drainUnderWay({ under_way, writer }: Dispatching): Promise<void> {
  while (under_way.size > 0) await Promise.all(under_way);
  await writer.drain();
}

async function stopSending({ queues, own_db, clock, log, attempter, under_way, writer }: Dispatching) {
  const unsent = [...queues.values()].flatMap((queue) => queue.claimed.splice(0));
  await giveBack(own_db, unsent, clock).catch((error: unknown) =>
    log.error(
      { err: error },
      "claimed deliveries could not be given back; they are due when their lease ends",
    ),
  );
  const patience = setTimeout(() => attempter.abort(), STOP_GRACE_MS);
  while (under_way.size > 0) await Promise.all(under_way);
  clearTimeout(patience);
  await writer.stop();
  await attempter.stop();
}
