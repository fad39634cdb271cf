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
} from "../base/base.ts";
import type { Database } from "../db/db.ts";
import { attemptError } from "./attempt-errors.ts";
import { createAttempter, type Attempt } from "./attempt.ts";
import {
  claimDue,
  giveBack,
  PASS_USE_MS,
  readBody,
  readTargets,
  type Asked,
  type Claimed,
  type EndpointKey,
  type Target,
} from "./claim.ts";
import { holdClosed } from "./holding.ts";
import type { Guard } from "./guard.ts";
import { judgeTimes } from "./health-rows.ts";
import { concernsEndpoint, FAILING_AFTER, isOverload } from "./health.ts";
import {
  claimedOf,
  createLane,
  isHungry,
  isResting,
  noteDuration,
  widthOf,
  wishOf,
  type Lane,
} from "./lane.ts";
import { purge } from "./purge.ts";
import { clearRemoved } from "./removed-headers.ts";
import { createWriter } from "./settle.ts";
import { shareOut } from "./share-out.ts";
import { createSigner } from "./signer.ts";

/**
 * Gets deliveries to their endpoints, at least once. Any number of dispatchers work on one database:
 *
 * - A claim takes due deliveries for a lease, in a statement of its own; no transaction is open during HTTP. What is
 *   not settled when the lease ends (a crash, a cut cable) is due again, and the old claim can no longer settle it.
 * - Each endpoint has a lane of its own: a few tries under way, some more claimed to follow. A dead or slow endpoint
 *   fills its lane and nothing else; one that fails, or says that it is too much, is left alone (health.ts).
 * - A rate limit is kept by one dispatcher at a time, which has a pass for it from the endpoint's row (claim.ts, pace.ts).
 * - `webhook-id` is the delivery's id, the same at every try; timestamp and signature are made anew each time.
 */
export interface Dispatcher {
  /** Claims what is due and free lanes can take, and starts on it. Returns how many were claimed. */
  step(): Promise<number>;
  /** Something may be due. */
  wake(): void;
  start(): void;
  /** Resolves when nothing is due and every result is written. */
  settle(): Promise<void>;
  /** Gives back what has not been started, waits a moment for what has, and gives that back too. */
  stop(): Promise<void>;
}

/** A lease outlasts the longest try (30 s, see the schema) and a wait in the lane before it. */
const LEASE_MS = 60_000;
const MARGIN_MS = 5_000;
/** Claimed at once by one dispatcher, and what one workspace may have of that. */
const CAPACITY = 3_072;
const WORKSPACE_CAPACITY = 2_048;
const CLAIM_LIMIT = 512;
const ENDPOINTS_A_CLAIM = 64;
/** Bodies too large to ride along with a claim that are in memory at once (3 MiB each at most), and of one endpoint. */
const LARGE_BODIES = 24;
const LARGE_BODIES_A_LANE = 4;
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
  const attempter = createAttempter({ guard: deps.guard, clock });
  const lanes = new Map<string, Lane>();
  const writer = createWriter({
    db,
    own_db,
    log,
    clock,
    onWritten(results) {
      // From here on the endpoint's row says it.
      for (const { attempt, target } of results) {
        const lane = lanes.get(target.id);
        if (lane?.rests.delete(attempt)) sweepLane(lane);
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
    !signer.canSign(target) || isResting(target, lanes.get(target.id), now_ms);

  /** What each endpoint may claim now: a fair part for each workspace, and in it for each endpoint. */
  const divide = (targets: readonly Target[], now_ms: number): Asked[] => {
    const held = new Map<string, number>();
    for (const lane of lanes.values())
      held.set(lane.target.workspace_id, (held.get(lane.target.workspace_id) ?? 0) + claimedOf(lane));
    const total = [...held.values()].reduce((sum, count) => sum + count, 0);
    const beside = new Map<string, number>();
    for (const { target } of lanes.values())
      beside.set(target.workspace_id, (beside.get(target.workspace_id) ?? 0) + 1);
    for (const lane of lanes.values())
      lane.share = Math.floor(WORKSPACE_CAPACITY / beside.get(lane.target.workspace_id)!);
    const byWorkspace = new Map<string, { target: Target; wish: number }[]>();
    for (const target of targets) {
      const wish = rests(target, now_ms) ? 0 : wishOf(target, lanes.get(target.id));
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
          ? { workspace_id, id, updated_at, slots: shares[j]!, pass: lanes.get(id)?.turn?.pass ?? null }
          : [],
      );
    });
  };

  /** Takes over what endpoints say now; what waits in the lane of one that is closed or rests is given back. */
  const refresh = async (targets: readonly Target[], now_ms: number) => {
    const known = new Map(targets.map((target) => [target.id, target]));
    const returned: Claimed[] = [];
    for (const lane of lanes.values()) {
      const target = known.get(lane.target.id);
      if (target && target.url !== lane.target.url) lane.url = new URL(target.url);
      if (target) lane.target = target;
      if (!target || rests(target, now_ms)) appendTo(returned, lane.queue.splice(0));
      sweepLane(lane);
    }
    await giveBack(own_db, returned, now_ms);
    for (const target of targets) if (target.closed) await holdClosed(db, target);
  };

  /** A lane that knows nothing any more is forgotten; one with a rate remembers what it sent while that is its own. */
  const sweepLane = (lane: Lane) => {
    if (claimedOf(lane) > 0 || lane.rests.size > 0) return;
    if (lane.turn && performance.now() < lane.turn.use_until_ms) return;
    lanes.delete(lane.target.id);
  };

  const claim = async (): Promise<number> => {
    // Once around the endpoints, going on from where the last claim stopped, until there is something to do.
    let around = after === null;
    const from_start = around;
    starved = false;
    for (;;) {
      const now_ms = clock.now();
      const busy = [...lanes.values()].map(({ target: { workspace_id, id } }) => ({ workspace_id, id }));
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
      const lane = lanes.get(id);
      // None at all for one with a rate: its row may just have been locked.
      const more = count >= slots || (count === 0 && Boolean(lane?.turn));
      if (lane) lane.more = more;
      any ||= more;
    }
    return any;
  };

  const enqueue = (claims: readonly Claimed[], targets: readonly Target[], use_until_ms: number) => {
    const known = new Map(targets.map((target) => [target.id, target]));
    const filled = new Set<Lane>();
    for (const delivery of claims) {
      const target = known.get(delivery.endpoint_id)!;
      let lane = lanes.get(target.id);
      if (!lane) {
        lane = createLane(target);
        lanes.set(target.id, lane);
      }
      if (delivery.pass) lane.turn = { pass: delivery.pass, use_until_ms };
      lane.queue.push(delivery);
      filled.add(lane);
    }
    for (const lane of filled) pump(lane);
  };

  /** Starts what the lane has room for, and with a rate limit, what may go now. */
  const pump = (lane: Lane) => {
    const hasRoom = () =>
      !stopped && lane.queue.length > 0 && lane.active < widthOf(lane.target, lane.usual_ms);
    while (hasRoom() && mayGo(lane)) {
      const delivery = lane.queue.shift()!;
      if (delivery.lease_until_ms - clock.now() < lane.target.timeout_ms + MARGIN_MS) {
        // Too late to be surely done before somebody else may begin.
        run(giveBack(own_db, [delivery], clock.now()));
      } else if (delivery.body === null && (large >= LARGE_BODIES || lane.large >= LARGE_BODIES_A_LANE)) {
        run(giveBack(own_db, [delivery], clock.now() + IDLE_MS));
      } else run(deliver(lane, delivery));
    }
    sweepLane(lane);
  };

  /** Whether the rate lets one more go now; if not, the lane is looked at again when it does. */
  const mayGo = (lane: Lane): boolean => {
    const limit = lane.target.rate_limit_per_s;
    if (limit === null) return true;
    const now_ms = performance.now();
    if (!lane.turn || now_ms >= lane.turn.use_until_ms) {
      // Another dispatcher may be sending soon: these have to be claimed anew.
      run(giveBack(own_db, lane.queue.splice(0), clock.now()).then(() => loop?.wake()));
      return false;
    }
    const wait_ms = lane.pace.next_ms(limit) - now_ms;
    // When the next waits for one that is connecting, that one calls.
    if (wait_ms > 0 && wait_ms < Infinity && !lane.waiting) {
      lane.waiting = true;
      const over = () => {
        lane.waiting = false;
        pump(lane);
      };
      run(pause(wait_ms, undefined, { signal: stopping.signal }).then(over, over));
    }
    return wait_ms <= 0;
  };

  /** Keeps track of what is under way, so that `settle` and `stop` can wait for it. */
  const run = (work: Promise<void>) => {
    const tracked: Promise<void> = work
      .catch((error: unknown) => log.error({ err: error }, "a delivery could not be worked on"))
      .finally(() => under_way.delete(tracked));
    under_way.add(tracked);
  };

  const deliver = async (lane: Lane, delivery: Claimed) => {
    const is_large = delivery.body === null;
    const limit = lane.target.rate_limit_per_s;
    const begun = limit === null ? null : lane.pace.go(performance.now(), limit);
    const onBegin = () => {
      begun?.(performance.now());
      if (begun && lane.queue.length > 0) queueMicrotask(() => pump(lane));
    };
    lane.active++;
    if (is_large) {
      lane.large++;
      large++;
    }
    try {
      const body = delivery.body ?? (await readBody(db, delivery));
      const { target, url } = lane;
      const signed = body && signer.sign(target, { id: delivery.id, body });
      const attempt = signed
        ? await attempter.attempt({
            url,
            body,
            headers: signed.headers,
            hidden: signed.hidden,
            timeout_ms: target.timeout_ms,
            onBegin,
          })
        : bodyGone(clock.now());
      if (attempt === null) return await giveBack(own_db, [delivery], clock.now());
      note(delivery, attempt);
      if (concernsEndpoint(attempt)) noteOutcome(lane, attempt);
      writer.add({ delivery, target, attempt, request_headers: signed && signed.logged });
    } finally {
      begun?.(performance.now());
      lane.active--;
      if (is_large) {
        lane.large--;
        large--;
      }
      pump(lane);
      if (isHungry(lane) && (lane.more || starved)) loop?.wake();
    }
  };

  /** What a try says of its endpoint, before that is in its row: when it is to rest, nothing more is begun. */
  const noteOutcome = (lane: Lane, attempt: Attempt) => {
    noteDuration(lane, attempt);
    lane.streak = attempt.error_code === null ? 0 : lane.streak + 1;
    if (attempt.error_code !== "gone" && !isOverload(attempt.status) && lane.streak < FAILING_AFTER) return;
    lane.rests.add(attempt);
    run(giveBack(own_db, lane.queue.splice(0), clock.now()));
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
    await writer.settle();
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
    async settle() {
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
      const unsent = [...lanes.values()].flatMap((lane) => lane.queue.splice(0));
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
