import type { Reached, RecipientState, SkipReason } from "../../contract/campaigns.ts";
import { and, sql, type Sql } from "../../db/db.ts";
import { stateNumber } from "../counts/counts.ts";

/** What is asked of a campaign's people; nothing: all of them. */
export interface RecipientFilter {
  state?: RecipientState | undefined;
  reached?: keyof Reached | undefined;
  skip_reason?: SkipReason | undefined;
  error_code?: number | undefined;
  country?: string | undefined;
  search?: string | undefined;
}

const inState = (state: RecipientState): Sql => sql`r.state = ${stateNumber(state)}`;
/** campaign_recipients__skip_reason has them. */
const SKIPPED = sql`${inState("SKIPPED")} and r.skip_reason is not null`;

/** Each count of the analytics: those who have a time of it, or are in its state. */
const COUNTS: Readonly<Record<keyof Reached, Sql>> = {
  audience: sql`true`,
  skipped: SKIPPED,
  queued: sql`r.queued_at is not null`,
  submitted: sql`r.submitted_at is not null`,
  sent: sql`r.sent_at is not null`,
  delivered: sql`r.delivered_at is not null`,
  read: sql`r.read_at is not null`,
  played: sql`r.played_at is not null`,
  // By campaign_recipients__replied and its like.
  replied: sql`r.replied_at is not null`,
  clicked: sql`r.clicked_at is not null`,
  opted_out: sql`r.opted_out_at is not null`,
  failed: inState("FAILED"),
  limited: inState("LIMITED"),
};

/** The people of a filter, among campaign_recipients `r`. */
export function conditionOf({ state, reached, skip_reason, error_code, country }: RecipientFilter): Sql {
  return and(
    ...(state === undefined ? [] : [state === "SKIPPED" ? SKIPPED : inState(state)]),
    ...(reached === undefined ? [] : [COUNTS[reached]]),
    ...(skip_reason === undefined ? [] : [sql`${inState("SKIPPED")} and r.skip_reason = ${skip_reason}`]),
    ...(error_code === undefined ? [] : [failedBy(error_code)]),
    // Where the country is not known: `country.ZZ` in the counts.
    ...(country === undefined ? [] : [sql`coalesce(r.country, 'ZZ') = ${country.toUpperCase()}`]),
  );
}

/** By campaign_recipients__error_code; 0 is what Wharf itself found. */
const failedBy = (code: number): Sql => {
  const has_code = code === 0 ? sql`coalesce(r.error_code, 0) = 0` : sql`r.error_code = ${code}`;
  return sql`r.state in (${stateNumber("FAILED")}, ${stateNumber("LIMITED")}) and ${has_code}`;
};
