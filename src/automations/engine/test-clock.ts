/**
 * The clock of a test's run. Waits are skipped by setting it ahead; what happened before a skip keeps its time, and what
 * happens after it is later by what was skipped. So a reply after a skipped day is a reply a day later.
 */
export interface TestClock {
  /** It stops before each node. */
  by_steps: boolean;
  skips: readonly { at_ms: number; by_ms: number }[];
}

/** How far it is ahead in all. */
export const aheadOf = (test: TestClock | null): number =>
  (test?.skips ?? []).reduce((sum, { by_ms }) => sum + by_ms, 0);

/** A real moment as the test tells it. */
export const testTime = (test: TestClock | null, at_ms: number): number =>
  (test?.skips ?? []).reduce((time, skip) => (skip.at_ms <= at_ms ? time + skip.by_ms : time), at_ms);

export const testTimeOrNull = (test: TestClock | null, at_ms: number | null): number | null =>
  at_ms === null ? null : testTime(test, at_ms);
