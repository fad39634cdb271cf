import { sql, type Sql } from "../db/db.ts";
import type { QuietHours } from "./quiet-hours.ts";

/** The marketing limits of a workspace, as a claim applies them. */
export interface MarketingLimits {
  cap: { messages: number; days: number } | null;
  quiet: QuietHours | null;
  /** For people without a known zone or country. */
  time_zone: string;
  /** What agents and the API send counts, and is limited, too. */
  people: boolean;
  /** The version: counts of what was sent before it are those of this one. */
  changed_at: string;
}

/** The limits of a workspace as `MarketingLimits`, by marketing_policies' key; null where it has none. */
export const limitsOf = (workspace_id: Sql): Sql => sql`(
  select json_build_object(
    'cap', case when p.cap_messages is not null then json_build_object('messages', p.cap_messages, 'days', p.cap_days) end,
    'quiet', p.quiet, 'time_zone', p.time_zone, 'people', p.people, 'changed_at', p.changed_at::text)
  from marketing_policies p
  where p.workspace_id = ${workspace_id} and (p.cap_messages is not null or p.quiet is not null))`;
