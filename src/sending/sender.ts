import { setTimeout as sleep } from "node:timers/promises";
import { metrics, newId, startLoop, type Clock, type Logger, type StepLoop } from "../base/base.ts";
import type { Graphs } from "../connections/connections.ts";
import { sql, type Database } from "../db/db.ts";
import { claimGroups } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import type { Failed, Graph, OutgoingContent, Sent } from "../meta/meta.ts";
import { WAIT_MS } from "./apply.ts";
import {
  claim,
  giveBack,
  readNumbers,
  sweep,
  USE_MS,
  type Claimed,
  type NumberDue,
  type NumberKey,
} from "./claim.ts";
import { FOUND, refusalOf, type Refusal } from "./error.ts";
import {
  createNumberQueue,
  enqueue,
  isHungry,
  roomForPeople,
  roomOf,
  takeLate,
  type NumberQueue,
} from "./number-queue.ts";
import { askGroup, claimQuestions, writeAnswer, type NumberAsked } from "./learn.ts";
import { takeMarks } from "./marks.ts";
import { wireTo } from "./recipient.ts";
import { recordOutcomes, type SendOutcome } from "./record-outcomes.ts";

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

/** The files of a message as Meta names them; the media room has them. */
export interface MediaOfSends {
  /** Content with Meta's ids in place of ours; or what stands in the way, as if the message had not been sent. */
  resolve(
    send: { workspace_id: string; phone_number: string; graph: Graph; phone_number_id: string },
    content: OutgoingContent,
  ): Promise<{ outcome: "done"; value: OutgoingContent } | Failed>;
}

/** A request takes 40 s at most (graph.ts: to connect, and to answer), and begins within USE_MS of its claim. */
const LEASE_MS = 60_000;
/** Claimed and under way at once by one process. */
const WIDTH = 2_000;
const NUMBERS_A_STEP = 64;
/** Meta allows 200 calls an hour at first: groups that are new wait for one another. */
const GROUPS_A_SWEEP = 4;
const IDLE_MS = 500;
/** How often to look for what lapsed, and whether there is a number to ask about. */
const SWEEP_MS = 5_000;
const STOP_GRACE_MS = 5_000;

export function createSending(deps: {
  db: Database;
  /** That plans by index: see claim.ts. */
  own_db: Database;
  graphs: Pick<Graphs, "of">;
  log: Logger;
  clock: Clock;
  media?: MediaOfSends | null;
  /** For tests. */
  options?: { lease_ms?: number; wait_ms?: number };
}): Sending {
  const { db, own_db, graphs, log, clock, media = null } = deps;
  const lease_ms = deps.options?.lease_ms ?? LEASE_MS;
  const wait_ms = deps.options?.wait_ms ?? WAIT_MS;
  const queues = new Map<string, NumberQueue>();
  const me = newId();
  const under_way = new Set<Promise<void>>();
  let outcomes: SendOutcome[] = [];
  let writing: Promise<void> | null = null;
  let after: NumberKey | null = null;
  let swept_ms = Number.NEGATIVE_INFINITY;
  let loop: StepLoop | null = null;
  let stepping: Promise<number> | null = null;
  let stopped = false;

  const claimed = () =>
    [...queues.values()].reduce((sum, queue) => sum + queue.active + queue.claimed.length, 0);
  const isBusy = () => under_way.size > 0 || writing !== null || claimed() > 0;
  const track = (work: Promise<void>) => {
    const done = work.finally(() => under_way.delete(done));
    under_way.add(done);
  };

  const step = async (): Promise<number> => {
    const now_ms = clock.now();
    let found = 0;
    if (now_ms - swept_ms >= SWEEP_MS) {
      swept_ms = now_ms;
      found += await sweep(db, now_ms, wait_ms);
      for (const number of await claimQuestions(db, now_ms, NUMBERS_A_STEP)) track(learn(number));
      for (const group of await claimGroups(db, now_ms, GROUPS_A_SWEEP))
        track(
          askGroup({ db, graphs, now_ms }, group).catch((err: unknown) =>
            log.warn({ err }, "a group could not be asked about"),
          ),
        );
      await forgetPairs();
      forgetQueues();
    }
    found += await markRead();
    for (;;) {
      const from_start = after === null;
      const numbers: NumberDue[] = await readNumbers(own_db, after, NUMBERS_A_STEP, now_ms);
      const last = numbers.length === NUMBERS_A_STEP ? numbers.at(-1)! : null;
      after = last;
      for (const number of numbers) found += await fill(number, now_ms);
      if (last === null && (found > 0 || from_start)) return found;
    }
  };

  /** Claims for a number what can leave soon. Returns how many rows it looked at. */
  const fill = async (number: NumberDue, now_ms: number): Promise<number> => {
    const queue = queues.get(number.id) ?? createNumberQueue(number);
    queues.set(number.id, queue);
    returnLate(queue, performance.now());
    const people_only = !isHungry(queue);
    const slots = Math.min(people_only ? roomForPeople(queue) : roomOf(queue), WIDTH - claimed());
    if (stopped || slots <= 0 || (people_only && !number.people)) return 0;
    const use_until_ms = performance.now() + USE_MS;
    const result = await claim(own_db, number, { leased_by: me, slots, people_only, lease_ms, now_ms });
    if (result.rate_per_s === null) {
      await returnQueue(queue);
      return 0;
    }
    queue.rate_per_s = result.rate_per_s;
    enqueue(queue, result.claimed, use_until_ms);
    pump(queue);
    return result.found;
  };

  const returnQueue = (queue: NumberQueue) =>
    giveBack(
      db,
      queue.claimed.splice(0).map(({ send }) => send),
      clock.now(),
    );
  const returnLate = (queue: NumberQueue, now_ms: number): void => {
    const late = takeLate(queue, now_ms);
    if (late.length === 0) return;
    track(
      giveBack(db, late, clock.now()).catch((err: unknown) =>
        log.error({ err }, "claims could not be given back"),
      ),
    );
  };

  const pump = (queue: NumberQueue): void => {
    while (queue.claimed.length > 0 && !queue.waiting && !stopped) {
      const now_ms = performance.now();
      if (now_ms > queue.claimed[0]!.use_until_ms) {
        returnLate(queue, now_ms);
        continue;
      }
      const next_ms = queue.pace.next_ms(queue.rate_per_s, queue.delay.least_ms(now_ms));
      // As soon as one has surely been counted, it goes on.
      if (next_ms === Infinity) return;
      if (next_ms > now_ms) {
        queue.waiting = true;
        const timer = setTimeout(
          () => {
            const late_ms = performance.now() - next_ms;
            queue.delay.noteLate(late_ms, next_ms + late_ms);
            queue.waiting = false;
            pump(queue);
            if (isHungry(queue)) loop?.wake();
          },
          Math.ceil(next_ms - now_ms),
        );
        timer.unref?.();
        return;
      }
      track(go(queue, queue.claimed.shift()!.send, now_ms));
    }
    if (queue.claimed.length === 0) loop?.wake();
  };

  /** One message on its way. It keeps its place in the rate until it has ended: Meta may count it at any moment. */
  const go = async (queue: NumberQueue, send: Claimed, now_ms: number): Promise<void> => {
    const begun = queue.pace.go(now_ms, queue.rate_per_s);
    let asked_ms: number | null = null;
    queue.active++;
    try {
      await carryOut(queue.number, send, () => (asked_ms = performance.now()));
    } finally {
      queue.active--;
      const ended_ms = performance.now();
      if (asked_ms !== null) queue.delay.note(ended_ms - asked_ms, ended_ms);
      begun(ended_ms);
      pump(queue);
    }
  };

  const carryOut = async (number: NumberDue, send: Claimed, onAsk: () => void): Promise<void> => {
    const started_ms = performance.now();
    const outcome = await request(number, send, onAsk);
    metrics.sending_requests.inc({ outcome: outcome.state });
    metrics.sending_request_seconds.observe((performance.now() - started_ms) / 1_000);
    outcomes.push({ ...send, outcome });
    write();
  };

  /** Calls `onAsk` when nothing is left to do but to ask Meta. */
  const request = async (
    number: NumberDue,
    send: Claimed,
    onAsk: () => void,
  ): Promise<SendOutcome["outcome"]> => {
    const refused = (error: Refusal): SendOutcome["outcome"] => ({ state: "refused", error });
    try {
      const graph = await graphs.of(number.connection_id);
      if (graph === null) return refused(FOUND.no_token);
      const { phone_number_id } = number;
      const { workspace_id } = send;
      const resolved = media
        ? await media.resolve({ workspace_id, phone_number: number.id, graph, phone_number_id }, send.content)
        : ({ outcome: "done", value: send.content } as const);
      // Nothing of the message has left yet, whatever became of its file.
      if (resolved.outcome !== "done")
        return refused(
          resolved.outcome === "refused" ? refusalOf(resolved.error) : FOUND.not_reached(resolved.reason),
        );
      const to = wireTo({ kind: send.to_kind, value: send.to_value });
      onAsk();
      const answer = await graph.send(phone_number_id, {
        to,
        content: resolved.value,
        callback_data: send.id,
        ...(send.context_wamid === null ? {} : { context_wamid: send.context_wamid }),
      });
      return outcomeOf(answer);
    } catch (err) {
      // A mistake of ours: it may have happened after the request began.
      log.error({ err, send: send.id }, "a message could not be sent");
      return { state: "waiting", error: FOUND.unknown("An internal error stopped it.") };
    }
  };

  /** Writes all outcomes that there are, one transaction after another: while one is under way the next ones gather. */
  const write = () => {
    writing ??= (async () => {
      while (outcomes.length > 0) {
        const batch = outcomes;
        outcomes = [];
        try {
          await own_db.transaction(async (tx) => {
            await publish(tx, await recordOutcomes(tx, batch, { now_ms: clock.now(), wait_ms }));
          });
        } catch (err) {
          log.error({ err }, "outcomes could not be written; trying again");
          outcomes = [...batch, ...outcomes];
          if (stopped) return;
          await sleep(500);
        }
      }
    })().finally(() => {
      writing = null;
      // One may have come when the loop had just looked.
      if (outcomes.length > 0 && !stopped) write();
      loop?.wake();
    });
  };

  /** Asks Meta what a number may send. */
  const learn = async (number: NumberAsked): Promise<void> => {
    try {
      const graph = await graphs.of(number.connection_id);
      const answer = await graph?.phoneNumber(number.phone_number_id);
      await writeAnswer(db, number, answer ?? { outcome: "not_sent", reason: "no token" }, clock.now());
    } catch (err) {
      log.warn({ err }, "what a number may send could not be asked");
    }
  };

  const markRead = async (): Promise<number> => {
    const marks = stopped ? [] : await takeMarks(db, 50);
    for (const { connection_id, phone_number_id, wamid, typing } of marks)
      track(
        (async () => {
          const graph = await graphs.of(connection_id);
          await graph?.markRead(phone_number_id, wamid, { typing });
        })().catch((err: unknown) => log.warn({ err }, "a message could not be marked as read")),
      );
    return marks.length;
  };

  /** A queue that had nothing to do for longer than any rate looks back. */
  const forgetQueues = () => {
    for (const [id, queue] of queues)
      if (
        queue.active === 0 &&
        queue.claimed.length === 0 &&
        performance.now() - queue.use_until_ms > SWEEP_MS
      )
        queues.delete(id);
  };

  /** Pairs that are paid back, a few at a time, by pair_paces__paid_at. */
  const forgetPairs = () =>
    db.run(sql`
      delete from pair_paces where ctid in (
        select ctid from pair_paces where paid_at < now() - interval '1 hour' and coalesce(held_until < now() - interval '1 hour', true)
        limit 1000 for update skip locked)`);

  /** One at a time, however many ask. */
  const stepOnce = async (): Promise<number> => {
    while (stepping) await stepping.catch(() => {});
    stepping = step().finally(() => (stepping = null));
    return stepping;
  };

  return {
    step: stepOnce,
    wake: () => loop?.wake(),
    start() {
      loop ??= startLoop(stepOnce, {
        idle_ms: IDLE_MS,
        onError: (err) => log.error({ err }, "sending can't work; trying again"),
      });
    },
    async drain() {
      for (;;) {
        // What ends while a step looks may make more due.
        const was_busy = isBusy();
        const found = await stepOnce();
        const busy = [...under_way, ...(writing ? [writing] : [])];
        if (busy.length > 0) await Promise.race(busy);
        else if (isBusy()) await sleep(2);
        else if (found === 0 && !was_busy) return;
      }
    },
    async stop() {
      stopped = true;
      await loop?.stop();
      loop = null;
      await stepping?.catch(() => {});
      for (const queue of queues.values())
        await returnQueue(queue).catch((err: unknown) =>
          log.error({ err }, "claims could not be given back"),
        );
      const ended = (async () => {
        while (under_way.size > 0) await Promise.allSettled(under_way);
        while (writing) await writing;
      })();
      await Promise.race([ended, sleep(STOP_GRACE_MS, undefined, { ref: false })]);
    },
  };
}

function outcomeOf(answer: Sent | Failed): SendOutcome["outcome"] {
  switch (answer.outcome) {
    case "sent":
      return { state: "sent", wamid: answer.wamid, wa_id: answer.wa_id, user_id: answer.user_id };
    case "refused":
      return { state: "refused", error: refusalOf(answer.error) };
    case "not_sent":
      return { state: "refused", error: FOUND.not_reached(answer.reason) };
    case "unknown":
      return { state: "waiting", error: FOUND.unknown(answer.reason) };
  }
}
