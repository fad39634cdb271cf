/**
 * Keeps one process' requests to one receiver within a rate: never more than `limit` of them begin in any second,
 * and hardly fewer. All of it is arithmetic: times are handed in, from a clock that never goes back.
 *
 * The promise is kept by looking back: a request may go when the one `limit` before it began a second ago, and a little
 * longer (the slack), as two requests are not equally long on their way. Being late costs only its own lateness, once:
 * it shifts nothing but the request one second on. Looking back alone would send all of a second's requests at its
 * start, so they are also spaced out evenly, and may catch up a little after a pause of ours (CATCH_UP_MS).
 *
 * What counts is when a request begins to leave: one that is still connecting may leave at any moment, so it takes its
 * place all along.
 */
export interface Pace {
  /**
   * From when on the next request may go; Infinity: not before one that is connecting has begun. `sooner_ms`: by how
   * much what was told of the others is later than it was, at least.
   */
  next_ms(limit: number, sooner_ms?: number): number;
  /** One goes. To be told when it begins to leave, or has ended without; told again, it changes nothing. */
  go(now_ms: number, limit: number): (now_ms: number) => void;
}

const SECOND_MS = 1_000;
/** For callers that know when a request left. The first ones may be longer on their way: both sides are just waking up. */
const SLACK = { ms: 30, first_ms: 130 };
const CATCH_UP_MS = 250;

export function createPace(slack = SLACK): Pace {
  /** For the last ones, oldest first: when each has been a second ago. */
  let past: number[] = [];
  let gone = 0;
  let connecting = 0;
  let due_ms: number | null = null;
  return {
    next_ms(limit, sooner_ms = 0) {
      const places = limit - connecting;
      if (places <= 0) return Infinity;
      return Math.max(due_ms ?? 0, (past.at(-places) ?? 0) - sooner_ms);
    },
    go(now_ms, limit) {
      due_ms = Math.max(due_ms ?? now_ms, now_ms - CATCH_UP_MS) + (SECOND_MS + slack.ms) / limit;
      const slack_ms = gone++ < limit ? slack.first_ms : slack.ms;
      connecting++;
      let told = false;
      return (begun_ms) => {
        if (told) return;
        told = true;
        connecting--;
        past.push(begun_ms + SECOND_MS + slack_ms);
        if (past.length > 2 * limit) past = past.slice(-limit);
      };
    },
  };
}
