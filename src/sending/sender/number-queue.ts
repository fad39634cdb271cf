import { createPace, type Pace } from "../../base/base.ts";
import type { Claimed, NumberDue } from "../claim/claim.ts";

/** So much of a number's rate is claimed ahead. */
const AHEAD_MS = 400;
const PEOPLE = 8;
/** When Meta counted a request is known to these, see `Delay`. */
const SLACK = { ms: 10, first_ms: 10 };

/** What one process has claimed of a number, and how it keeps the number's rate. */
export interface NumberQueue {
  number: NumberDue;
  rate_per_s: number;
  pace: Pace;
  delay: Delay;
  /** People's first, each in the order in which they were claimed. */
  claimed: Waiting[];
  /** Until when (of performance.now()) what was claimed last may begin. */
  use_until_ms: number;
  active: number;
  /** Looked at again when the next may go. */
  waiting: boolean;
}

interface Waiting {
  send: Claimed;
  /** Later than this it must not begin. */
  use_until_ms: number;
}

export function createNumberQueue(number: NumberDue): NumberQueue {
  return {
    number,
    rate_per_s: 80,
    pace: createPace(SLACK),
    delay: createDelay(),
    claimed: [],
    use_until_ms: 0,
    active: 0,
    waiting: false,
  };
}

const depthOf = ({ rate_per_s }: NumberQueue) => Math.max(1, Math.floor((rate_per_s * AHEAD_MS) / 1_000));
const isPersons = ({ send }: Waiting) => send.priority === 0;

/** Half of what may be claimed ahead is gone. */
export const isHungry = (queue: NumberQueue) => queue.claimed.length <= depthOf(queue) / 2;
export const roomOf = (queue: NumberQueue) => depthOf(queue) - queue.claimed.length;
/** For some of people's messages there is room even when enough of a campaign is claimed. */
export const roomForPeople = ({ claimed }: NumberQueue) => PEOPLE - claimed.filter(isPersons).length;

/** A person's message goes before all that is none, however long that has waited here. */
export function enqueue(queue: NumberQueue, claimed: readonly Claimed[], use_until_ms: number): void {
  queue.use_until_ms = use_until_ms;
  const waiting = claimed.map((send) => ({ send, use_until_ms }));
  const others = (one: (typeof waiting)[number]) => !isPersons(one);
  const found = queue.claimed.findIndex(others);
  const place = found < 0 ? queue.claimed.length : found;
  queue.claimed = [
    ...queue.claimed.slice(0, place),
    ...waiting.filter(isPersons),
    ...queue.claimed.slice(place),
    ...waiting.filter(others),
  ];
}

/** Those that must not begin any more. */
export function takeLate(queue: NumberQueue, now_ms: number): Claimed[] {
  const late = queue.claimed.filter(({ use_until_ms }) => now_ms > use_until_ms);
  if (late.length > 0) queue.claimed = queue.claimed.filter(({ use_until_ms }) => now_ms <= use_until_ms);
  return late.map(({ send }) => send);
}

/**
 * How long requests take, to know when Meta counted one: at the latest when its answer was on its way, and at the soonest
 * when the shortest way there is over. So a second has passed between two of them for Meta, too, when the second one
 * begins a second after the first one's answer, less the least that any takes.
 *
 * What a request takes because this machine is busy says nothing of the way: then nothing is taken off.
 */
interface Delay {
  note(took_ms: number, now_ms: number): void;
  /** A timer was so late. */
  noteLate(late_ms: number, now_ms: number): void;
  /** Of the last twenty seconds or so; 0 while too little is known. */
  least_ms(now_ms: number): number;
}

const SPAN_MS = 10_000;
/** Before these are over the least may be that of requests which had to connect first. */
const KNOWN = { requests: 32, ms: 2_000 };
const BUSY = { late_ms: 15, for_ms: 2_000 };

export function createDelay(): Delay {
  let requests = 0;
  let first_ms: number | null = null;
  let before_ms = Infinity;
  let current_ms = Infinity;
  let from_ms = Number.NEGATIVE_INFINITY;
  let busy_until_ms = Number.NEGATIVE_INFINITY;
  return {
    note(took_ms, now_ms) {
      requests++;
      first_ms ??= now_ms;
      if (now_ms - from_ms > SPAN_MS) {
        before_ms = now_ms - from_ms > 2 * SPAN_MS ? Infinity : current_ms;
        current_ms = Infinity;
        from_ms = now_ms;
      }
      current_ms = Math.min(current_ms, took_ms);
    },
    noteLate(late_ms, now_ms) {
      if (late_ms > BUSY.late_ms) busy_until_ms = now_ms + BUSY.for_ms;
    },
    least_ms(now_ms) {
      const isKnown = requests >= KNOWN.requests && now_ms - (first_ms ?? now_ms) >= KNOWN.ms;
      return isKnown && now_ms >= busy_until_ms ? Math.min(before_ms, current_ms) : 0;
    },
  };
}
