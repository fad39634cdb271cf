import { systemClock, type Clock } from "../base/base.ts";
import { sql, type Sql } from "./sql.ts";

/**
 * The moment by which due times and leases are compared: the database's own, as processes on several machines share
 * them and their clocks differ. A test's clock takes its place.
 */
export function nowOf(clock: Clock): Sql {
  return clock === systemClock ? sql`now()` : sql`${new Date(clock.now())}::timestamptz`;
}
