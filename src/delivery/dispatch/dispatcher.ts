import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import {
  appendTo,
  metrics,
  newId,
  startLoop,
  type Clock,
  type Logger,
  type SecretBox,
  type StepLoop,
} from "../../base/base.ts";
import type { Database } from "../../db/db.ts";
import { type Attempt, attemptError, createAttempter, type Guard } from "../http/http.ts";
import {
  claimDue,
  giveBack,
  PASS_USE_MS,
  readBody,
  readTargets,
  tracedAs,
  type Asked,
  type Claimed,
  type EndpointKey,
  type Target,
} from "./delivery-claim.ts";
import { clearRemoved, holdClosed } from "../endpoints/endpoints.ts";
import { judgeTimes } from "./endpoint-health.ts";
import { concernsEndpoint, FAILING_AFTER, isOverload, shareOut } from "../policy/policy.ts";
import {
  claimedOf,
  createEndpointQueue,
  isHungry,
  isResting,
  noteDuration,
  widthOf,
  wishOf,
  type EndpointQueue,
} from "./endpoint-queue.ts";
import { purge } from "../log/log.ts";
import { createWriter } from "./record-results.ts";
import { createSigner } from "../signing/signing.ts";

/**
 * Gets deliveries to their endpoints, at least once. Any number of dispatchers work on one database:
 *
 * - A claim takes due deliveries for a lease, in a statement of its own; no transaction is open during HTTP. What is
 *   without an outcome when the lease expires (a crash, a cut cable) is due again, and the old claim can no longer record one.
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
}

/** A lease outlasts the longest try (30 s, see the schema) and a wait in the queue before it. */
const LEASE_MS = 60_000;
const MARGIN_MS = 5_000;
/** Claimed at once by one dispatcher, and what one workspace may have of that. */
const CAPACITY = 3_072;
const WORKSPACE_CAPACITY = 2_048;
const CLAIM_LIMIT = 512;
const ENDPOINTS_A_CLAIM = 64;
/** Bodies too large to ride along with a claim that are in memory at once (3 MiB each at most), and of one endpoint. */
const LARGE_BODIES = 24;
const LARGE_BODIES_A_QUEUE = 4;
const IDLE_MS = 1_000;
const UPKEEP_MS = 30_000;
const STOP_GRACE_MS = 5_000;

export function createDispatcher(deps: {
  db: Database;
  /** Connections that only it uses, `by_index`: for what it says many times a second. Default: `db`. */
  own_db?: Database;
  box: SecretBox;
  guard: Guard;
  log: Logger;
  clock: Clock;
}): Dispatcher {
  const { db, own_db = db, log, clock } = deps;
  const signer = createSigner({ box: deps.box, log, clock });
  const attempter = createAttempter({ guard: deps.guard, clock, log });
  const queues = new Map<string, EndpointQueue>();
  const writer = createWriter({
    db,
    own_db,
    log,
    clock,
    onWritten(results) {
      // From here on the endpoint's row says it.
      for (const { attempt, target } of results) {
        const queue = queues.get(target.id);
        if (queue?.rests.delete(attempt)) sweepQueue(queue);
      }
    },
  });
  const under_way = new Set<Promise<void>>();
  let large = 0;
  let after: EndpointKey | null = null;
  /** An endpoint got less than it could take, because others hold so much. */
  let starved = false;
  /** The last claim took all that was due. */
  let exhausted = false;
  let loop: StepLoop | null = null;
  let purging: StepLoop | null = null;
  let judging: StepLoop | null = null;
  let clearing: StepLoop | null = null;
  let stepping: Promise<number> | null = null;
  let stopped = false;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);

  /** Nothing is to be sent now. */
  const rests = (target: Target, now_ms: number) =>
    !signer.canSign(target) || isResting(target, queues.get(target.id), now_ms);

  /** What each endpoint may claim now: a fair part for each workspace, and in it for each endpoint. */
  const divide = (targets: readonly Target[], now_ms: number): Asked[] => {
    const held = new Map<string, number>();
    for (const queue of queues.values())
      held.set(queue.target.workspace_id, (held.get(queue.target.workspace_id) ?? 0) + claimedOf(queue));
    const total = [...held.values()].reduce((sum, count) => sum + count, 0);
    const beside = new Map<string, number>();
    for (const { target } of queues.values())
      beside.set(target.workspace_id, (beside.get(target.workspace_id) ?? 0) + 1);
    for (const queue of queues.values())
      queue.share = Math.floor(WORKSPACE_CAPACITY / beside.get(queue.target.workspace_id)!);
    const byWorkspace = new Map<string, { target: Target; wish: number }[]>();
    for (const target of targets) {
      const wish = rests(target, now_ms) ? 0 : wishOf(target, queues.get(target.id));
      if (wish === 0) continue;
      const wishes = byWorkspace.get(target.workspace_id);
      if (wishes) wishes.push({ target, wish });
      else byWorkspace.set(target.workspace_id, [{ target, wish }]);
    }
    const groups = [...byWorkspace];
    const rooms = shareOut(
      groups.map(([workspace_id, wishes]) =>
        Math.min(
          wishes.reduce((sum, { wish }) => sum + wish, 0),
          Math.max(0, WORKSPACE_CAPACITY - (held.get(workspace_id) ?? 0)),
        ),
      ),
      Math.min(CLAIM_LIMIT, CAPACITY - total),
    );
    const wanted = groups.flatMap(([, wishes]) => wishes).reduce((sum, { wish }) => sum + wish, 0);
    starved ||= rooms.reduce((sum, room) => sum + room, 0) < wanted;
    return groups.flatMap(([, wishes], i) => {
      const shares = shareOut(
        wishes.map(({ wish }) => wish),
        rooms[i]!,
      );
      return wishes.flatMap(({ target: { workspace_id, id, updated_at } }, j) =>
        shares[j]! > 0
          ? { workspace_id, id, updated_at, slots: shares[j]!, pass: queues.get(id)?.turn?.pass ?? null }
          : [],
      );
    });
  };

  /** Takes over what endpoints say now; what waits in the queue of one that is closed or rests is given back. */
  const refresh = async (targets: readonly Target[], now_ms: number) => {
    const known = new Map(targets.map((target) => [target.id, target]));
    const returned: Claimed[] = [];
    for (const queue of queues.values()) {
      const target = known.get(queue.target.id);
      if (target && target.url !== queue.target.url) queue.url = new URL(target.url);
      if (target) queue.target = target;
      if (!target || rests(target, now_ms)) appendTo(returned, queue.claimed.splice(0));
      sweepQueue(queue);
    }
    await giveBack(own_db, returned, now_ms);
    for (const target of targets) if (target.closed) await holdClosed(db, target);
  };

  /** A queue that knows nothing any more is forgotten; one with a rate remembers what it sent while that is its own. */
  const sweepQueue = (queue: EndpointQueue) => {
    if (claimedOf(queue) > 0 || queue.rests.size > 0) return;
    if (queue.turn && performance.now() < queue.turn.use_until_ms) return;
    queues.delete(queue.target.id);
  };

  const claim = async (): Promise<number> => {
    // Once around the endpoints, going on from where the last claim stopped, until there is something to do.
    let around = after === null;
    const from_start = around;
    starved = false;
    for (;;) {
      const now_ms = clock.now();
      const busy = [...queues.values()].map(({ target: { workspace_id, id } }) => ({ workspace_id, id }));
      const { targets, last } = await readTargets(own_db, after, ENDPOINTS_A_CLAIM, busy);
      after = last;
      await refresh(targets, now_ms);
      const asked = stopped ? [] : divide(targets, now_ms);
      if (asked.length > 0) {
        const use_until_ms = performance.now() + PASS_USE_MS;
        const claims = await claimDue(own_db, asked, {
          lease: newId(),
          now_ms,
          until_ms: now_ms + LEASE_MS,
        });
        enqueue(claims, targets, use_until_ms);
        exhausted = !noteMore(asked, claims) && !starved && from_start && last === null;
        if (claims.length > 0) return claims.length;
      }
      if (last === null && around) return 0;
      if (last === null) around = true;
    }
  };

  /** Remembers who got all that was asked for, and so may have more waiting. Whether anybody did. */
  const noteMore = (asked: readonly Asked[], claims: readonly Claimed[]): boolean => {
    const got = new Map<string, number>();
    for (const { endpoint_id } of claims) got.set(endpoint_id, (got.get(endpoint_id) ?? 0) + 1);
    let any = false;
    for (const { id, slots } of asked) {
      const count = got.get(id) ?? 0;
      const queue = queues.get(id);
      // None at all for one with a rate: its row may just have been locked.
      const more = count >= slots || (count === 0 && Boolean(queue?.turn));
      if (queue) queue.more = more;
      any ||= more;
    }
    return any;
  };

  const enqueue = (claims: readonly Claimed[], targets: readonly Target[], use_until_ms: number) => {
    const known = new Map(targets.map((target) => [target.id, target]));
    const filled = new Set<EndpointQueue>();
    for (const delivery of claims) {
      const target = known.get(delivery.endpoint_id)!;
      let queue = queues.get(target.id);
      if (!queue) {
        queue = createEndpointQueue(target);
        queues.set(target.id, queue);
      }
      if (delivery.pass) queue.turn = { pass: delivery.pass, use_until_ms };
      queue.claimed.push(delivery);
      filled.add(queue);
    }
    for (const queue of filled) pump(queue);
  };

  /** Starts what the queue has room for, and with a rate limit, what may go now. */
  const pump = (queue: EndpointQueue) => {
    const hasRoom = () =>
      !stopped && queue.claimed.length > 0 && queue.active < widthOf(queue.target, queue.usual_ms);
    while (hasRoom() && mayGo(queue)) {
      const delivery = queue.claimed.shift()!;
      if (delivery.lease_until_ms - clock.now() < queue.target.timeout_ms + MARGIN_MS) {
        // Too late to be surely done before the lease expires.
        run(giveBack(own_db, [delivery], clock.now()));
      } else if (delivery.body === null && (large >= LARGE_BODIES || queue.large >= LARGE_BODIES_A_QUEUE)) {
        run(giveBack(own_db, [delivery], clock.now() + IDLE_MS));
      } else run(deliver(queue, delivery));
    }
    sweepQueue(queue);
  };

  /** Whether the rate lets one more go now; if not, the queue is looked at again when it does. */
  const mayGo = (queue: EndpointQueue): boolean => {
    const limit = queue.target.rate_limit_per_s;
    if (limit === null) return true;
    const now_ms = performance.now();
    if (!queue.turn || now_ms >= queue.turn.use_until_ms) {
      // Another dispatcher may be sending soon: these have to be claimed anew.
      run(giveBack(own_db, queue.claimed.splice(0), clock.now()).then(() => loop?.wake()));
      return false;
    }
    const wait_ms = queue.pace.next_ms(limit) - now_ms;
    // When the next waits for one that is connecting, that one calls.
    if (wait_ms > 0 && wait_ms < Infinity && !queue.waiting) {
      queue.waiting = true;
      const over = () => {
        queue.waiting = false;
        pump(queue);
      };
      run(pause(wait_ms, undefined, { signal: stopping.signal }).then(over, over));
    }
    return wait_ms <= 0;
  };

  /** Keeps track of what is under way, so that `drain` and `stop` can wait for it. */
  const run = (work: Promise<void>) => {
    const tracked: Promise<void> = work
      .catch((error: unknown) => log.error({ err: error }, "a delivery could not be worked on"))
      .finally(() => under_way.delete(tracked));
    under_way.add(tracked);
  };

  const deliver = async (queue: EndpointQueue, delivery: Claimed) => {
    const is_large = delivery.body === null;
    const limit = queue.target.rate_limit_per_s;
    const begun = limit === null ? null : queue.pace.go(performance.now(), limit);
    const onBegin = () => {
      begun?.(performance.now());
      if (begun && queue.claimed.length > 0) queueMicrotask(() => pump(queue));
    };
    queue.active++;
    if (is_large) {
      queue.large++;
      large++;
    }
    try {
      const body = delivery.body ?? (await readBody(db, delivery));
      const { target, url } = queue;
      const signed = body && signer.sign(target, { id: delivery.id, body });
      const attempt = signed
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
      if (attempt === null) return await giveBack(own_db, [delivery], clock.now());
      note(delivery, attempt);
      if (concernsEndpoint(attempt)) noteOutcome(queue, attempt);
      writer.add({ delivery, target, attempt, request_headers: signed && signed.logged });
    } finally {
      begun?.(performance.now());
      queue.active--;
      if (is_large) {
        queue.large--;
        large--;
      }
      pump(queue);
      if (isHungry(queue) && (queue.more || starved)) loop?.wake();
    }
  };

  /** What a try says of its endpoint, before that is in its row: when it is to rest, nothing more is begun. */
  const noteOutcome = (queue: EndpointQueue, attempt: Attempt) => {
    noteDuration(queue, attempt);
    queue.streak = attempt.error_code === null ? 0 : queue.streak + 1;
    if (attempt.error_code !== "gone" && !isOverload(attempt.status) && queue.streak < FAILING_AFTER) return;
    queue.rests.add(attempt);
    run(giveBack(own_db, queue.claimed.splice(0), clock.now()));
  };

  const note = (delivery: Claimed, attempt: Attempt) => {
    metrics.delivery_attempts.inc({ outcome: attempt.error_code ?? "delivered" });
    metrics.delivery_attempt_seconds.observe(attempt.duration_ms / 1000);
    if (attempt.error_code === null)
      metrics.delivery_lag_seconds.observe(Math.max(0, clock.now() - delivery.created_at.getTime()) / 1000);
  };

  const step = (): Promise<number> => {
    stepping ??= claim().finally(() => {
      stepping = null;
    });
    return stepping;
  };
  const drained = async () => {
    while (under_way.size > 0) await Promise.all(under_way);
    await writer.drain();
  };

  return {
    step,
    wake: () => loop?.wake(),
    start() {
      const onError = (error: unknown) => log.error({ err: error }, "deliveries could not be claimed");
      // What is due from now on is told by a notification, or found by the next look.
      loop ??= startLoop(async () => ((await step()) > 0 && !exhausted ? 1 : 0), {
        idle_ms: IDLE_MS,
        onError,
      });
      purging ??= startLoop(() => purge(db), { idle_ms: UPKEEP_MS, onError });
      judging ??= startLoop(() => judgeTimes(db, log, clock.now()), { idle_ms: UPKEEP_MS, onError });
      clearing ??= startLoop(() => clearRemoved(db, clock.now()), { idle_ms: UPKEEP_MS, onError });
    },
    async drain() {
      do await drained();
      while ((await step()) > 0);
    },
    async stop() {
      stopped = true;
      stopping.abort();
      await Promise.all([
        loop?.stop(),
        purging?.stop(),
        judging?.stop(),
        clearing?.stop(),
        stepping?.catch(() => 0),
      ]);
      const unsent = [...queues.values()].flatMap((queue) => queue.claimed.splice(0));
      await giveBack(own_db, unsent, clock.now()).catch((error: unknown) =>
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
    },
  };
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
