import { claim, giveBack, USE_MS, type Claimed, type NumberDue } from "../claim/claim.ts";
import {
  createNumberQueue,
  enqueue,
  isHungry,
  roomForPeople,
  roomOf,
  takeLate,
  type NumberQueue,
} from "./number-queue.ts";
import { carryOut } from "./send-request.ts";
import { claimedBy, track, type Sender } from "./sender-state.ts";

/** Claimed and under way at once by one process. */
const WIDTH = 2_000;

/** Claims for a number what can leave soon. Returns how many rows it looked at. */
export async function fill(sender: Sender, number: NumberDue, now_ms: number): Promise<number> {
  const { own_db, lease_ms, listen } = sender;
  const queue = sender.queues.get(number.id) ?? createNumberQueue(number);
  sender.queues.set(number.id, queue);
  returnLate(sender, queue, performance.now());
  const people_only = !isHungry(queue);
  const slots = Math.min(people_only ? roomForPeople(queue) : roomOf(queue), WIDTH - claimedBy(sender));
  if (sender.stopped || slots <= 0 || (people_only && !number.people)) return 0;
  const use_until_ms = performance.now() + USE_MS;
  const how = { leased_by: sender.id, slots, people_only, lease_ms, now_ms, listen };
  const result = await claim(own_db, number, how);
  if (result.rate_per_s === null) {
    await returnQueue(sender, queue);
    return 0;
  }
  queue.rate_per_s = result.rate_per_s;
  enqueue(queue, result.claimed, use_until_ms);
  pump(sender, queue);
  return result.found;
}

/** Starts what may go by the rate of the number, and comes back when the next may. */
function pump(sender: Sender, queue: NumberQueue): void {
  while (queue.claimed.length > 0 && !queue.waiting && !sender.stopped) {
    const now_ms = performance.now();
    if (now_ms > queue.claimed[0]!.use_until_ms) {
      returnLate(sender, queue, now_ms);
      continue;
    }
    const next_ms = queue.pace.next_ms(queue.rate_per_s, queue.delay.least_ms(now_ms));
    // As soon as one has surely been counted, it goes on.
    if (next_ms === Infinity) return;
    if (next_ms > now_ms) return pumpAt(sender, queue, next_ms, now_ms);
    track(sender, go(sender, queue, queue.claimed.shift()!.send, now_ms));
  }
  if (queue.claimed.length === 0) sender.loop?.wake();
}

function pumpAt(sender: Sender, queue: NumberQueue, next_ms: number, now_ms: number): void {
  queue.waiting = true;
  const timer = setTimeout(
    () => {
      const late_ms = performance.now() - next_ms;
      queue.delay.noteLate(late_ms, next_ms + late_ms);
      queue.waiting = false;
      pump(sender, queue);
      if (isHungry(queue)) sender.loop?.wake();
    },
    Math.ceil(next_ms - now_ms),
  );
  timer.unref?.();
}

/** One message on its way. It keeps its place in the rate until it has ended: Meta may count it at any moment. */
async function go(sender: Sender, queue: NumberQueue, send: Claimed, now_ms: number): Promise<void> {
  const begun = queue.pace.go(now_ms, queue.rate_per_s);
  let asked_ms: number | null = null;
  queue.active++;
  try {
    await carryOut(sender, queue.number, send, () => (asked_ms = performance.now()));
  } finally {
    queue.active--;
    const ended_ms = performance.now();
    if (asked_ms !== null) queue.delay.note(ended_ms - asked_ms, ended_ms);
    begun(ended_ms);
    pump(sender, queue);
  }
}

/** Gives back what has not begun. */
export const returnQueue = ({ db, clock }: Sender, queue: NumberQueue): Promise<void> =>
  giveBack(
    db,
    queue.claimed.splice(0).map(({ send }) => send),
    clock.now(),
  );

function returnLate(sender: Sender, queue: NumberQueue, now_ms: number): void {
  const { db, clock, log } = sender;
  const late = takeLate(queue, now_ms);
  if (late.length === 0) return;
  const returned = giveBack(db, late, clock.now());
  track(
    sender,
    returned.catch((err: unknown) => log.error({ err }, "claims could not be given back")),
  );
}
