import type { Clock } from "../base/base.ts";
import { sql, type Sql } from "./sql.ts";

/**
 * Now, by the database's clock: for due times and leases, which all processes share however their own clocks go. It
 * is when the transaction began; a test's clock moves it.
 */
export const dueTime = (clock: Pick<Clock, "ahead_ms">): Sql =>
  sql`(now() + ${clock.ahead_ms ?? 0}::float8 * interval '1 ms')`;
