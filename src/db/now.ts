import { systemClock, type Clock } from "../base/base.ts";
import { sql, type Sql } from "./sql.ts";

/**
 * The moment by which due times and leases are compared: the database's own, as processes on several machines share
 * them and their clocks differ. A test's clock takes its place, in the same text: a statement that is named has one.
 */
export function nowOf(clock: Clock): Sql {
  return sql`coalesce(${clock === systemClock ? null : new Date(clock.now())}::timestamptz, now())`;
}
