import { setMaxListeners } from "node:events";
import type { Clock, Logger, SecretBox } from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import { createAttempter, type Attempter, type Guard } from "../http/http.ts";
import { createSigner, type Signer } from "../signing/signing.ts";
import type { EndpointKey, Target } from "./targets.ts";
import { claimedOf, isResting, type EndpointQueue } from "./endpoint-queue.ts";
import { createWriter, type Writer } from "./record-results.ts";

export interface DispatcherDeps {
  db: Database;
  /** Connections that only it uses, `by_index`: for what it says many times a second. Default: `db`. */
  own_db?: Database;
  box: SecretBox;
  guard: Guard;
  log: Logger;
  clock: Clock;
}

/** All that a dispatcher knows while it runs. */
export interface Dispatching {
  readonly db: Database;
  readonly own_db: Database;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly attempter: Attempter;
  readonly writer: Writer;
  /** By endpoint; those of which there is nothing to know are swept. */
  readonly queues: Map<string, EndpointQueue>;
  /** Work that `drain` and `stop` wait for. */
  readonly under_way: Set<Promise<void>>;
  /** Attempts under way whose bodies are too large to ride along with a claim. */
  large: number;
  /** Where claims go on around the endpoints; null: from the first one. */
  after: EndpointKey | null;
  /** Once around since the start: every endpoint for which something waits has been looked at. */
  looked_around: boolean;
  /** Endpoints of which due deliveries may be left unclaimed. */
  readonly behind: Set<string>;
  /** An endpoint got less than it could take, because others hold so much. */
  starved: boolean;
  /** The last claim took all that was due. */
  exhausted: boolean;
  stopped: boolean;
  readonly stopping: AbortController;
  /** Looks for what is due soon; nothing while it is not started. */
  wake(): void;
}

export function createDispatching(deps: DispatcherDeps): Dispatching {
  const { db, own_db = db, box, guard, log, clock } = deps;
  const queues = new Map<string, EndpointQueue>();
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  return {
    db,
    own_db,
    log,
    clock,
    signer: createSigner({ box, log, clock }),
    attempter: createAttempter({ guard, clock, log }),
    writer: createWriter({
      db,
      own_db,
      log,
      clock,
      onWritten(results) {
        // From here on the endpoint's row says it.
        for (const { attempt, target } of results) {
          const queue = queues.get(target.id);
          if (queue?.rests.delete(attempt)) sweepQueue(queues, queue);
        }
      },
    }),
    queues,
    under_way: new Set(),
    large: 0,
    after: null,
    looked_around: false,
    behind: new Set(),
    starved: false,
    exhausted: false,
    stopped: false,
    stopping,
    wake: () => {},
  };
}

/** A queue that knows nothing any more is forgotten; one with a rate remembers what it sent while that is its own. */
export function sweepQueue(queues: Map<string, EndpointQueue>, queue: EndpointQueue): void {
  if (claimedOf(queue) > 0 || queue.rests.size > 0) return;
  if (queue.turn && performance.now() < queue.turn.use_until_ms) return;
  // A later one of the same endpoint may have taken its place.
  if (queues.get(queue.target.id) === queue) queues.delete(queue.target.id);
}

/** Nothing is to be sent now. */
export const rests = ({ signer, queues }: Dispatching, target: Target): boolean =>
  !signer.canSign(target) || isResting(target, queues.get(target.id));

/** Keeps track of what is under way, so that `drain` and `stop` can wait for it. */
export function run({ log, under_way }: Dispatching, work: Promise<void>): void {
  const tracked: Promise<void> = work
    .catch((error: unknown) => log.error({ err: error }, "a delivery could not be worked on"))
    .finally(() => under_way.delete(tracked));
  under_way.add(tracked);
}
