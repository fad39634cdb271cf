import { setTimeout as sleep } from "node:timers/promises";
import { startLoop } from "../../base/base.ts";
import { sql, type Database } from "../../db/db.ts";
import { claimGroups } from "../../inbox/inbox.ts";
import { readNumbers, recordExpiredLeases } from "../claim/claim.ts";
import { deleteOldPaces, fillLimits } from "../marketing-fills.ts";
import { takeMarks } from "../read-marks.ts";
import { askGroup, askNumber, claimQuestions } from "./graph-questions.ts";
import { fill, returnQueue } from "./number-pump.ts";
import { createSender, isBusy, track, type Sender, type SenderDeps } from "./sender-state.ts";

export type { MediaOfSends } from "./sender-state.ts";

/**
 * Sends what is queued, each message once, or not at all without a person's word. Any number of processes work on one
 * database:
 *
 * - A claim takes a few messages of a number, and is on the disk before the first request begins. A process that finds a claim
 *   that ran out does not repeat it: the message waits for its status, then a person decides.
 * - A number is one process' at a time, which keeps its rate by itself (pace.ts): no other starts before all that it
 *   claimed has left or was given back.
 * - Claims are small, less than half a second's worth, so a killed process leaves few messages in doubt; and a person's
 *   reply goes before what was claimed of a campaign.
 */
export interface Sending {
  /** Claims what is due and can go soon, and starts on it. Returns how much it found to do. */
  step(): Promise<number>;
  wake(): void;
  start(): void;
  /** Resolves when nothing is due and every outcome is written. */
  drain(): Promise<void>;
  /** Gives back what has not begun, waits for what has, and leaves what does not end in time to its lease. */
  stop(): Promise<void>;
}

const NUMBERS_A_STEP = 64;
/** Meta allows 200 calls an hour at first: groups that are new wait for one another. */
const GROUPS_A_SWEEP = 4;
const MARKS_A_STEP = 50;
const IDLE_MS = 500;
/** How often to look for what lapsed, and whether there is a number to ask about. */
const SWEEP_MS = 5_000;
const STOP_GRACE_MS = 5_000;

export function createSending(deps: SenderDeps): Sending {
  const sender = createSender(deps);
  const { log } = sender;
  const step = () => stepOnce(sender);
  return {
    step,
    wake: () => sender.loop?.wake(),
    start() {
      sender.loop ??= startLoop(step, {
        idle_ms: IDLE_MS,
        onError: (err) => log.error({ err }, "sending can't work; trying again"),
      });
    },
    drain: () => drain(sender),
    stop: () => stop(sender),
  };
}

/** One at a time, however many ask. */
async function stepOnce(sender: Sender): Promise<number> {
  while (sender.stepping) await sender.stepping.catch(() => {});
  sender.stepping = step(sender).finally(() => (sender.stepping = null));
  return sender.stepping;
}

async function step(sender: Sender): Promise<number> {
  const now_ms = sender.clock.now();
  let found = 0;
  if (now_ms - sender.swept_ms >= SWEEP_MS) {
    sender.swept_ms = now_ms;
    found += await sweep(sender, now_ms);
  }
  found += await markRead(sender);
  for (;;) {
    const from_start = sender.after === null;
    const numbers = await readNumbers(sender.own_db, sender.after, NUMBERS_A_STEP, now_ms);
    const last = numbers.length === NUMBERS_A_STEP ? numbers.at(-1)! : null;
    sender.after = last;
    for (const number of numbers) found += await fill(sender, number, now_ms);
    if (last === null && (found > 0 || from_start)) return found;
  }
}

/** What is done every few seconds: expired leases, questions to Meta, and what is to be forgotten. */
async function sweep(sender: Sender, now_ms: number): Promise<number> {
  const { db, graphs, log } = sender;
  const found = await recordExpiredLeases(db, { ...sender, now_ms });
  for (const number of await claimQuestions(db, now_ms, NUMBERS_A_STEP))
    track(
      sender,
      askNumber(sender, number).catch((err: unknown) =>
        log.warn({ err }, "what a number may send could not be asked"),
      ),
    );
  for (const group of await claimGroups(db, now_ms, GROUPS_A_SWEEP))
    track(
      sender,
      askGroup({ db, graphs, now_ms }, group).catch((err: unknown) =>
        log.warn({ err }, "a group could not be asked about"),
      ),
    );
  await deletePaidPairs(db);
  await deleteOldPaces(db);
  fillPolicies(sender);
  forgetQueues(sender);
  return found;
}

/** One at a time, beside the sending: what was sent before a policy may be much. */
function fillPolicies(sender: Sender): void {
  if (sender.filling) return;
  sender.filling = true;
  const fill = async () => {
    try {
      while (!sender.stopped && (await fillLimits(sender.db, sender.clock.now())) > 0);
    } catch (err) {
      sender.log.warn({ err }, "what was sent before could not be counted; it is tried again");
    } finally {
      sender.filling = false;
    }
  };
  track(sender, fill());
}

async function markRead(sender: Sender): Promise<number> {
  const { db, graphs, log } = sender;
  const marks = sender.stopped ? [] : await takeMarks(db, MARKS_A_STEP);
  for (const { connection_id, phone_number_id, wamid, typing } of marks) {
    const marked = graphs
      .of(connection_id)
      .then(async (graph) => void (await graph?.markRead(phone_number_id, wamid, { typing })));
    track(
      sender,
      marked.catch((err: unknown) => log.warn({ err }, "a message could not be marked as read")),
    );
  }
  return marks.length;
}

/** A queue that had nothing to do for longer than any rate looks back. */
function forgetQueues({ queues }: Sender): void {
  const before_ms = performance.now() - SWEEP_MS;
  for (const [id, { active, claimed, use_until_ms }] of queues)
    if (active === 0 && claimed.length === 0 && use_until_ms < before_ms) queues.delete(id);
}

/** Pairs that are paid back, a few at a time, by pair_paces__paid_at. */
const deletePaidPairs = (db: Database) =>
  db.run(sql`
    delete from pair_paces where ctid in (
      select ctid from pair_paces where paid_at < now() - interval '1 hour' and coalesce(held_until < now() - interval '1 hour', true)
      limit 1000 for update skip locked)`);

async function drain(sender: Sender): Promise<void> {
  for (;;) {
    // What ends while a step looks may make more due.
    const was_busy = isBusy(sender);
    const found = await stepOnce(sender);
    const busy = [...sender.under_way, ...(sender.writing ? [sender.writing] : [])];
    if (busy.length > 0) await Promise.race(busy);
    else if (isBusy(sender)) await sleep(2);
    else if (found === 0 && !was_busy) return;
  }
}

async function stop(sender: Sender): Promise<void> {
  sender.stopped = true;
  await sender.loop?.stop();
  sender.loop = null;
  await sender.stepping?.catch(() => {});
  for (const queue of sender.queues.values())
    await returnQueue(sender, queue).catch((err: unknown) =>
      sender.log.error({ err }, "claims could not be given back"),
    );
  const ended = (async () => {
    while (sender.under_way.size > 0) await Promise.allSettled(sender.under_way);
    while (sender.writing) await sender.writing;
  })();
  await Promise.race([ended, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
}
