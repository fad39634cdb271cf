import { appendTo, newId } from "../../base/base.ts";
import { holdClosed } from "../endpoints/endpoints.ts";
import { shareOut } from "../policy/policy.ts";
import { claimDue, giveBack, PASS_USE_MS, type Asked, type Claimed } from "./delivery-claim.ts";
import { readTargets, type Target } from "./targets.ts";
import { rests, sweepQueue, type Dispatching } from "./dispatching.ts";
import { claimedOf, createEndpointQueue, takeOver, wishOf, type EndpointQueue } from "./endpoint-queue.ts";
import { pump } from "./send-claimed.ts";

/** A lease outlasts the longest attempt (30 s, see the schema) and a wait in the queue before it. */
export const LEASE_MS = 60_000;
/** Claimed at once by one dispatcher, and what one workspace may have of that. */
export const CAPACITY = 3_072;
export const WORKSPACE_CAPACITY = 2_048;
const CLAIM_LIMIT = 512;
const ENDPOINTS_A_CLAIM = 64;

/** Claims what is due and free queues can take, and starts on it. Returns how many were claimed. */
export async function claimRound(dispatching: Dispatching): Promise<number> {
  const { own_db, clock, queues } = dispatching;
  // Once around the endpoints, going on from where the last claim stopped, until there is something to do.
  let around = dispatching.after === null;
  const from_start = around;
  dispatching.starved = false;
  for (;;) {
    const busy = [...queues.values()];
    const { targets, last } = await readTargets(
      own_db,
      clock,
      dispatching.after,
      ENDPOINTS_A_CLAIM,
      busy.map(({ target: { workspace_id, id } }) => ({ workspace_id, id })),
    );
    dispatching.after = last;
    await refresh(dispatching, busy, targets);
    if (from_start && last === null) forgetIdle(dispatching, targets);
    const asked = dispatching.stopped ? [] : divide(dispatching, targets);
    let count = 0;
    if (asked.length > 0) {
      const use_until_ms = performance.now() + PASS_USE_MS;
      const claims = await claimDue(own_db, asked, { lease: newId(), clock, lease_ms: LEASE_MS });
      enqueue(dispatching, claims, targets, use_until_ms);
      const more = noteMore(dispatching, asked, claims);
      dispatching.exhausted = !more && !dispatching.starved && from_start && last === null;
      count = claims.length;
    }
    if (last === null) dispatching.looked_around = true;
    if (count > 0) return count;
    if (last === null && around) return 0;
    if (last === null) around = true;
  }
}

/** What each endpoint may claim now: a fair part for each workspace, and in it for each endpoint. */
function divide(dispatching: Dispatching, targets: readonly Target[]): Asked[] {
  const { queues, behind } = dispatching;
  const held = heldByWorkspace(queues);
  const total = [...held.values()].reduce((sum, count) => sum + count, 0);
  shareQueues(queues);
  const byWorkspace = new Map<string, { target: Target; wish: number }[]>();
  for (const target of targets) {
    const wish = rests(dispatching, target) ? 0 : wishOf(target, queues.get(target.id));
    if (wish === 0) {
      // What waits for it is not looked at.
      behind.add(target.id);
      continue;
    }
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
  dispatching.starved ||= rooms.reduce((sum, room) => sum + room, 0) < wanted;
  return groups.flatMap(([, wishes], i) => {
    const shares = shareOut(
      wishes.map(({ wish }) => wish),
      rooms[i]!,
    );
    return wishes.flatMap(({ target: { workspace_id, id, updated_at } }, j) => {
      if (shares[j]! > 0)
        return { workspace_id, id, updated_at, slots: shares[j]!, pass: queues.get(id)?.turn?.pass ?? null };
      behind.add(id);
      return [];
    });
  });
}

/** For those that were not met on the way around nothing waits. */
function forgetIdle({ behind }: Dispatching, met: readonly Target[]): void {
  const ids = new Set(met.map(({ id }) => id));
  for (const id of behind) if (!ids.has(id)) behind.delete(id);
}

/** What each workspace has claimed, and is handed over. */
export function heldByWorkspace(queues: ReadonlyMap<string, EndpointQueue>): Map<string, number> {
  const held = new Map<string, number>();
  for (const queue of queues.values())
    held.set(queue.target.workspace_id, (held.get(queue.target.workspace_id) ?? 0) + claimedOf(queue));
  return held;
}

/** A workspace's endpoints that are at work may have as much as each other. */
export function shareQueues(queues: ReadonlyMap<string, EndpointQueue>): void {
  const beside = new Map<string, number>();
  for (const { target } of queues.values())
    beside.set(target.workspace_id, (beside.get(target.workspace_id) ?? 0) + 1);
  for (const queue of queues.values())
    queue.share = Math.floor(WORKSPACE_CAPACITY / beside.get(queue.target.workspace_id)!);
}

/** Takes over what endpoints say now; what waits in the queue of one that is closed or rests is given back. */
async function refresh(
  dispatching: Dispatching,
  busy: readonly EndpointQueue[],
  targets: readonly Target[],
): Promise<void> {
  const { db, own_db, clock, queues } = dispatching;
  const known = new Map(targets.map((target) => [target.id, target]));
  const returned: Claimed[] = [];
  for (const queue of busy) {
    const target = known.get(queue.target.id);
    if (target) takeOver(queue, target);
    if (!target || rests(dispatching, target)) appendTo(returned, queue.claimed.splice(0));
    sweepQueue(queues, queue);
  }
  await giveBack(own_db, returned, clock);
  for (const target of targets) if (target.closed) await holdClosed(db, target);
}

/** Remembers which endpoints got all that was asked for, and so may have more waiting. Whether any did. */
function noteMore({ queues, behind }: Dispatching, asked: readonly Asked[], claims: readonly Claimed[]) {
  const got = new Map<string, number>();
  for (const { endpoint_id } of claims) got.set(endpoint_id, (got.get(endpoint_id) ?? 0) + 1);
  let any = false;
  for (const { id, slots } of asked) {
    const count = got.get(id) ?? 0;
    // None at all for one with a rate: its row may just have been locked.
    const more = count >= slots || (count === 0 && Boolean(queues.get(id)?.turn));
    if (more) behind.add(id);
    else behind.delete(id);
    any ||= more;
  }
  return any;
}

function enqueue(
  dispatching: Dispatching,
  claims: readonly Claimed[],
  targets: readonly Target[],
  use_until_ms: number,
): void {
  const known = new Map(targets.map((target) => [target.id, target]));
  const filled = new Set<EndpointQueue>();
  for (const delivery of claims) {
    const queue = queueOf(dispatching, known.get(delivery.endpoint_id)!);
    if (delivery.pass) queue.turn = { pass: delivery.pass, use_until_ms };
    queue.claimed.push(delivery);
    filled.add(queue);
  }
  for (const queue of filled) pump(dispatching, queue);
}

export function queueOf({ queues }: Dispatching, target: Target): EndpointQueue {
  let queue = queues.get(target.id);
  if (!queue) {
    queue = createEndpointQueue(target);
    queues.set(target.id, queue);
  }
  return queue;
}
