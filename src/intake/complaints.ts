import type { Clock, Logger } from "../base/base.ts";

export type Complain = (error: unknown, text: string) => void;

const EVERY_MS = 5_000;

/** An outage of PostgreSQL is a few lines in the log, not one for each of thousands of webhooks. */
export function createComplaints(log: Logger, clock: Clock): Complain {
  let last_ms = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (error, text) => {
    if (clock.now() - last_ms < EVERY_MS) {
      unsaid++;
      return;
    }
    log.error({ err: error, ...(unsaid > 0 ? { more_since_last: unsaid } : {}) }, text);
    last_ms = clock.now();
    unsaid = 0;
  };
}
