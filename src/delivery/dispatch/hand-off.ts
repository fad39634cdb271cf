import { newId } from "../../base/base.ts";
import type { Sql, Tx } from "../../db/db.ts";
import {
  CAPACITY,
  heldByWorkspace,
  LEASE_MS,
  queueOf,
  shareQueues,
  WORKSPACE_CAPACITY,
} from "./claim-round.ts";
import { giveBack, RIDING_BYTES, type Claimed } from "./delivery-claim.ts";
import { elapsed_ms, targetColumns, theseTargets, type Target } from "./targets.ts";
import { rests, run, sweepQueue, type Dispatching } from "./dispatching.ts";
import { handOverRoom, takeOver } from "./endpoint-queue.ts";
import { pump } from "./send-claimed.ts";

/**
 * What a transaction of this process writes for an endpoint that has room is born leased to this process' dispatcher,
 * and sent as soon as it is committed: no claim, no notification, and the bytes are at hand. Decision record 0018 says
 * what keeps fairness, limits, breakers and edits as they are.
 */
export interface HandOff {
  /** What it must know of endpoints, of `endpoints`. */
  readonly columns: () => Sql;
  /**
   * Keeps room for as many of these deliveries as may be handed over, the first ones of each endpoint, until `tx` has
   * ended.
   */
  offer(tx: Tx, deliveries: readonly NewDelivery[], targets: ReadonlyMap<string, Target>): Offer;
}

export interface NewDelivery {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  journal_id: string;
  /** Null: the webhook's own bytes. */
  body: Buffer | null;
  /** What is sent. */
  bytes: Buffer;
  state: "pending" | "held";
}

export interface Offer {
  lease: string;
  lease_ms: number;
  /** Of deliveries that are to be born leased. */
  readonly ids: ReadonlySet<string>;
}

/** What is handed over fills half of what claims may hold: the other half is given out in fair parts. */
const HAND_OVER_SHARE = 2;

export function createHandOff(dispatching: Dispatching): HandOff {
  return {
    columns: () => targetColumns(dispatching.clock),
    offer(tx, deliveries, targets) {
      const offered = choose(dispatching, deliveries, targets);
      const lease = newId();
      const claims = offered.map((delivery) =>
        claimedFrom(delivery, {
          lease,
          lease_until_ms: elapsed_ms(dispatching.clock) + LEASE_MS,
          created_at: new Date(dispatching.clock.now()),
        }),
      );
      for (const { endpoint_id } of claims) queueOf(dispatching, targets.get(endpoint_id)!).reserved++;
      const asked = claims.length > 0 ? tx.behindCommit<Target>(targetsOf(dispatching, claims)) : null;
      tx.onEnd((committed) => {
        if (committed) noteLeft(dispatching, deliveries, claims);
        if (asked)
          run(dispatching, committed ? accept(dispatching, claims, asked) : release(dispatching, claims));
      });
      return { lease, lease_ms: LEASE_MS, ids: new Set(offered.map(({ id }) => id)) };
    },
  };
}

/** In the order given, as far as each endpoint, its workspace and this process have room. */
function choose(
  dispatching: Dispatching,
  deliveries: readonly NewDelivery[],
  targets: ReadonlyMap<string, Target>,
): NewDelivery[] {
  const { queues, stopped, looked_around, starved } = dispatching;
  if (stopped || !looked_around || starved) return [];
  shareQueues(queues);
  const held = heldByWorkspace(queues);
  let room = CAPACITY / HAND_OVER_SHARE - [...held.values()].reduce((sum, count) => sum + count, 0);
  const rooms = new Map<string, number>();
  return deliveries.filter(({ endpoint_id, workspace_id, state, bytes }) => {
    const target = targets.get(endpoint_id);
    if (!target || state !== "pending" || bytes.length > RIDING_BYTES) return false;
    const of_endpoint = rooms.get(endpoint_id) ?? roomOf(dispatching, target);
    const of_workspace = WORKSPACE_CAPACITY / HAND_OVER_SHARE - (held.get(workspace_id) ?? 0);
    const fits = of_endpoint > 0 && of_workspace > 0 && room > 0;
    // The first that does not fit is claimed, and so are those after it: none overtakes it here.
    rooms.set(endpoint_id, fits ? of_endpoint - 1 : 0);
    if (!fits) return false;
    held.set(workspace_id, (held.get(workspace_id) ?? 0) + 1);
    room--;
    return true;
  });
}

const isSteady = ({ state, rate_limit_per_s }: Target) => state === "ok" && rate_limit_per_s === null;

/** None where a claim has to decide: of rates, of probes, and of what waits already. */
function roomOf(dispatching: Dispatching, target: Target): number {
  if (!isSteady(target)) return 0;
  if (dispatching.behind.has(target.id) || rests(dispatching, target)) return 0;
  return handOverRoom(target, dispatching.queues.get(target.id));
}

const claimedFrom = (
  { workspace_id, id, endpoint_id, journal_id, body, bytes }: NewDelivery,
  lease: Pick<Claimed, "lease" | "lease_until_ms" | "created_at">,
): Claimed => ({
  workspace_id,
  id,
  endpoint_id,
  ...lease,
  attempts: 0,
  schedule_start: 0,
  probe: false,
  pass: null,
  webhook_id: journal_id,
  journal_id: body === null ? journal_id : null,
  body: bytes,
});

async function release({ queues }: Dispatching, claims: readonly Claimed[]): Promise<void> {
  for (const { endpoint_id } of claims) {
    const queue = queues.get(endpoint_id)!;
    queue.reserved--;
    sweepQueue(queues, queue);
  }
}

/** Their endpoints, as they are when this is asked. */
function targetsOf({ clock }: Dispatching, claims: readonly Claimed[]): Sql {
  const keys = new Map(claims.map(({ workspace_id, endpoint_id: id }) => [id, { workspace_id, id }]));
  return theseTargets(clock, [...keys.values()]);
}

/**
 * They are committed: sent as their endpoints say now. Endpoints are read again behind the commit, so that nothing goes by
 * settings that were replaced, and that change answered, before the deliveries were there.
 */
async function accept(
  dispatching: Dispatching,
  claims: readonly Claimed[],
  asked: Promise<Target[] | null>,
): Promise<void> {
  const { own_db, clock, queues, behind } = dispatching;
  const filled = new Set(claims.map(({ endpoint_id }) => queues.get(endpoint_id)!));
  try {
    const targets = (await asked) ?? (await own_db.rows<Target>(targetsOf(dispatching, claims)));
    for (const target of targets) takeOver(queues.get(target.id)!, target);
    for (const claim of claims) queues.get(claim.endpoint_id)!.claimed.push(claim);
  } finally {
    await release(dispatching, claims);
  }
  for (const queue of filled) {
    const { target } = queue;
    if (!dispatching.stopped && isSteady(target) && !rests(dispatching, target)) {
      pump(dispatching, queue);
      continue;
    }
    // A claim has to decide.
    behind.add(target.id);
    await giveBack(own_db, queue.claimed.splice(0), clock);
    sweepQueue(queues, queue);
    dispatching.wake();
  }
}

/** Endpoints of which something was written and is left to a claim. */
function noteLeft(
  { behind }: Dispatching,
  deliveries: readonly NewDelivery[],
  kept: readonly Claimed[],
): void {
  const ids = new Set(kept.map(({ id }) => id));
  for (const { id, endpoint_id } of deliveries) if (!ids.has(id)) behind.add(endpoint_id);
}
