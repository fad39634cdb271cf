/** The time, as an argument: tests hand in a clock that they move by hand. */
export interface Clock {
  now(): number;
  /**
   * How far a test has moved it. Due times and leases, which processes share, are the database's (`dueTime` in db/):
   * so that a test can move these too.
   */
  readonly ahead_ms?: number;
}

export const systemClock: Clock = { now: () => Date.now() };
