import type { z } from "zod";
import type { Reached } from "../../contract/automation-runs.ts";
import { sql, type Sql } from "../../db/db.ts";

/** How far the message of a row `w` of automation_messages came. */
export const REACHED: Record<z.infer<typeof Reached>, Sql> = {
  sent: sql`w.reached >= 1`,
  delivered: sql`w.reached >= 2`,
  read: sql`w.reached >= 3`,
  failed: sql`w.failed`,
  replied: sql`w.replied`,
};
