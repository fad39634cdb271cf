import { createPace, type Pace } from "../../base/base.ts";
import type { Attempt } from "../http/http.ts";
import type { Claimed } from "./delivery-claim.ts";
import type { Target } from "./targets.ts";

/** What one dispatcher has of one endpoint: a few tries under way, some more claimed to follow. */
export interface EndpointQueue {
  target: Target;
  url: URL;
  claimed: Claimed[];
  /** Deliveries that transactions under way hand over: room is kept for them. */
  reserved: number;
  active: number;
  /** Of those, with bodies too large to ride along with a claim. */
  large: number;
  /** What a try took of late; null before the first. */
  usual_ms: number | null;
  /** The most that it may have claimed, so that its workspace's others may have as much. */
  share: number;
  /** Tries that failed since the last success. */
  streak: number;
  /** Tries that tell the whole endpoint to rest and are not yet written to its row. */
  rests: Set<Attempt>;
  /** With a rate limit: the rate is ours until `use_until_ms` (of performance.now()), when it is to be claimed again. */
  turn: { pass: Date; use_until_ms: number } | null;
  pace: Pace;
  /** It is looked at again when the next may go. */
  waiting: boolean;
}

export const createEndpointQueue = (target: Target): EndpointQueue => ({
  target,
  url: new URL(target.url),
  claimed: [],
  reserved: 0,
  active: 0,
  large: 0,
  usual_ms: null,
  share: Infinity,
  streak: target.failures,
  rests: new Set(),
  turn: null,
  pace: createPace(),
  waiting: false,
});

/** What its endpoint says now, unless what it has was read later. */
export function takeOver(queue: EndpointQueue, target: Target): void {
  if (target.read_at < queue.target.read_at) return;
  if (target.url !== queue.target.url) queue.url = new URL(target.url);
  queue.target = target;
}

/**
 * Claimed at once for one endpoint, in multiples of its concurrency: what it gets through in half a second, so that a
 * fast one never waits for a claim, and a claim is worth its cost. Asked for again when half of it is gone.
 */
const DEPTH = { least: 4, most: 32, ahead_ms: 500 };
/** What an endpoint has under way that is not known to answer within QUICK_MS. */
const CAUTIOUS_WIDTH = 16;
const QUICK_MS = 250;
/** How much the newest try weighs in what a try takes. */
const WEIGHT = 0.1;

export const claimedOf = (queue: EndpointQueue) => queue.active + queue.claimed.length + queue.reserved;

/** Tries under way at once: few until it has shown that it answers quickly, one while it fails. */
export function widthOf(target: Target, usual_ms: number | null): number {
  if (target.state === "failing") return 1;
  return usual_ms !== null && usual_ms <= QUICK_MS
    ? target.concurrency
    : Math.min(CAUTIOUS_WIDTH, target.concurrency);
}

/** Claimed at once. One that fails gets no more than it can try at once. */
function depthOf(target: Target, usual_ms: number | null): number {
  const width = widthOf(target, usual_ms);
  if (target.failures > 0) return width;
  const turns = usual_ms === null ? DEPTH.least : DEPTH.ahead_ms / Math.max(1, usual_ms);
  return Math.ceil(width * Math.min(DEPTH.most, Math.max(DEPTH.least, turns)));
}

/** Waiting in the queue at once, where there is a rate limit: what may leave in a second. */
const queueOf = ({ rate_limit_per_s }: Target) => rate_limit_per_s ?? Infinity;

export function isHungry(queue: EndpointQueue): boolean {
  const { target, usual_ms, share, claimed } = queue;
  if (target.rate_limit_per_s !== null && queue.active >= widthOf(target, usual_ms)) return false;
  return (
    claimedOf(queue) <= Math.min(depthOf(target, usual_ms), share) / 2 &&
    claimed.length <= queueOf(target) / 2
  );
}

/** Nothing is to be sent now, as its row says, or a try that is not yet in its row. */
export const isResting = (target: Target, queue: EndpointQueue | undefined) =>
  target.closed || target.rests || (queue?.rests.size ?? 0) > 0;

/** What may still be claimed for an endpoint: nothing until half of its depth is free. */
export function wishOf(target: Target, queue: EndpointQueue | undefined): number {
  if (!queue) return Math.min(depthOf(target, null), queueOf(target));
  if (!isHungry(queue)) return 0;
  const depth = Math.min(depthOf(target, queue.usual_ms), queue.share);
  return Math.min(depth - claimedOf(queue), queueOf(target) - queue.claimed.length);
}

/** What it may be handed over: up to half of its depth, so that claims, which know retries too, have the other half. */
export function handOverRoom(target: Target, queue: EndpointQueue | undefined): number {
  const depth = Math.min(depthOf(target, queue?.usual_ms ?? null), queue?.share ?? Infinity);
  return Math.max(0, Math.floor(depth / 2) - (queue ? claimedOf(queue) : 0));
}

/** What a try took, into what one usually takes. A failure shows at most that it is slow, never that it is quick. */
export function noteDuration(queue: EndpointQueue, { duration_ms, error_code }: Attempt): void {
  if (error_code !== null && duration_ms <= (queue.usual_ms ?? Infinity)) return;
  queue.usual_ms =
    queue.usual_ms === null ? duration_ms : queue.usual_ms + (duration_ms - queue.usual_ms) * WEIGHT;
}
