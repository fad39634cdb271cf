import { setTimeout as pause } from "node:timers/promises";
import { metrics } from "../../base/base.ts";
import { type Attempt, attemptError } from "../http/http.ts";
import { concernsEndpoint, FAILING_AFTER, isOverload } from "../policy/policy.ts";
import { giveBack, readBody, tracedAs, type Claimed } from "./delivery-claim.ts";
import { elapsed_ms } from "./targets.ts";
import { run, sweepQueue, type Dispatching } from "./dispatching.ts";
import { isHungry, noteDuration, widthOf, type EndpointQueue } from "./endpoint-queue.ts";

/** A delivery is begun while its lease outlasts the longest attempt by this. */
const MARGIN_MS = 5_000;
/** Bodies too large to ride along with a claim that are in memory at once (3 MiB each at most), and of one endpoint. */
const LARGE_BODIES = 24;
const LARGE_BODIES_A_QUEUE = 4;
const LARGE_WAIT_MS = 1_000;

/** Starts what the queue has room for, and with a rate limit, what may go now. */
export function pump(dispatching: Dispatching, queue: EndpointQueue): void {
  const { own_db, clock } = dispatching;
  const hasRoom = () =>
    !dispatching.stopped && queue.claimed.length > 0 && queue.active < widthOf(queue.target, queue.usual_ms);
  while (hasRoom() && mayGo(dispatching, queue)) {
    const delivery = queue.claimed.shift()!;
    if (delivery.lease_until_ms - elapsed_ms(clock) < queue.target.timeout_ms + MARGIN_MS) {
      // Too late to be surely done before the lease expires.
      run(dispatching, giveBack(own_db, [delivery], clock));
    } else if (
      delivery.body === null &&
      (dispatching.large >= LARGE_BODIES || queue.large >= LARGE_BODIES_A_QUEUE)
    ) {
      run(dispatching, giveBack(own_db, [delivery], clock, LARGE_WAIT_MS));
    } else run(dispatching, deliver(dispatching, queue, delivery));
  }
  sweepQueue(dispatching.queues, queue);
}

/** Whether the rate lets one more go now; if not, the queue is looked at again when it does. */
function mayGo(dispatching: Dispatching, queue: EndpointQueue): boolean {
  const limit = queue.target.rate_limit_per_s;
  if (limit === null) return true;
  const now_ms = performance.now();
  if (!queue.turn || now_ms >= queue.turn.use_until_ms) {
    // Another dispatcher may be sending soon: these have to be claimed anew.
    run(
      dispatching,
      giveBack(dispatching.own_db, queue.claimed.splice(0), dispatching.clock).then(() => dispatching.wake()),
    );
    return false;
  }
  const wait_ms = queue.pace.next_ms(limit) - now_ms;
  // When the next waits for one that is connecting, that one calls.
  if (wait_ms > 0 && wait_ms < Infinity && !queue.waiting) {
    queue.waiting = true;
    const over = () => {
      queue.waiting = false;
      pump(dispatching, queue);
    };
    run(dispatching, pause(wait_ms, undefined, { signal: dispatching.stopping.signal }).then(over, over));
  }
  return wait_ms <= 0;
}

/** One attempt, and then the next of the queue. */
async function deliver(dispatching: Dispatching, queue: EndpointQueue, delivery: Claimed): Promise<void> {
  const is_large = delivery.body === null;
  const limit = queue.target.rate_limit_per_s;
  const begun = limit === null ? null : queue.pace.go(performance.now(), limit);
  const onBegin = () => {
    begun?.(performance.now());
    if (begun && queue.claimed.length > 0) queueMicrotask(() => pump(dispatching, queue));
  };
  queue.active++;
  if (is_large) {
    queue.large++;
    dispatching.large++;
  }
  try {
    await attempt(dispatching, queue, delivery, onBegin);
  } finally {
    begun?.(performance.now());
    queue.active--;
    if (is_large) {
      queue.large--;
      dispatching.large--;
    }
    pump(dispatching, queue);
    if (isHungry(queue) && (dispatching.behind.has(queue.target.id) || dispatching.starved))
      dispatching.wake();
  }
}

async function attempt(
  dispatching: Dispatching,
  queue: EndpointQueue,
  delivery: Claimed,
  onBegin: () => void,
): Promise<void> {
  const { db, own_db, clock, signer, attempter, writer } = dispatching;
  const body = delivery.body ?? (await readBody(db, delivery));
  const { target, url } = queue;
  const signed = body && signer.sign(target, { id: delivery.id, body });
  const made = signed
    ? await attempter.attempt({
        url,
        body,
        headers: signed.headers,
        hidden: signed.hidden,
        timeout_ms: target.timeout_ms,
        onBegin,
        traced: () => tracedAs(delivery),
      })
    : bodyGone(clock.now());
  if (made === null) return giveBack(own_db, [delivery], clock);
  metrics.delivery_attempts.inc({ outcome: made.error_code ?? "delivered" });
  metrics.delivery_attempt_seconds.observe(made.duration_ms / 1000);
  if (made.error_code === null)
    metrics.delivery_lag_seconds.observe(Math.max(0, clock.now() - delivery.created_at.getTime()) / 1000);
  if (concernsEndpoint(made)) noteOutcome(dispatching, queue, made);
  writer.add({ delivery, target, attempt: made, request_headers: signed && signed.logged });
}

/** What an attempt says of its endpoint, before that is in its row: when it is to rest, nothing more is begun. */
function noteOutcome(dispatching: Dispatching, queue: EndpointQueue, made: Attempt): void {
  noteDuration(queue, made);
  queue.streak = made.error_code === null ? 0 : queue.streak + 1;
  if (made.error_code !== "gone" && !isOverload(made.status) && queue.streak < FAILING_AFTER) return;
  queue.rests.add(made);
  run(dispatching, giveBack(dispatching.own_db, queue.claimed.splice(0), dispatching.clock));
}

const bodyGone = (now_ms: number): Attempt => ({
  started_at_ms: now_ms,
  duration_ms: 0,
  status: null,
  ...attemptError("body_gone"),
  response_excerpt: null,
  response_truncated: false,
  retry_after_ms: null,
});
