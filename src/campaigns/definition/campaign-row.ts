import type { z } from "zod";
import type * as shapes from "../../contract/campaigns.ts";
import { found, sql, type Queryable, type Sql, type Tx } from "../../db/db.ts";

export type CampaignState = z.infer<typeof shapes.CampaignState>;

/** A campaign as it is kept. */
export interface CampaignRow {
  workspace_id: string;
  id: string;
  name: string;
  state: CampaignState;
  hold: shapes.Hold | null;
  state_at: Date;
  /** The row of phone_numbers. */
  phone_number_id: string | null;
  template_name: string | null;
  template_language: string | null;
  template_group_id: string | null;
  variables: shapes.CampaignVariables;
  audience: shapes.Audience;
  schedule: z.infer<typeof shapes.CampaignSchedule>;
  rate_per_min: number | null;
  canary: z.infer<typeof shapes.Canary> | null;
  breaker: z.infer<typeof shapes.Breaker> | null;
  limited_retry: z.infer<typeof shapes.LimitedRetry> | null;
  track_clicks: boolean;
  approval: Approval | null;
  user_id: string | null;
  archived_at: Date | null;
  starts_at: Date | null;
  started_at: Date | null;
  prepared_at: Date | null;
  progress_at: Date | null;
  stalled: string | null;
}

/** Ids of users; an API key is none. */
export interface Approval {
  requested_by: string | null;
  requested_at: string;
  approved_by: string | null;
  approved_at: string | null;
}

const rows = (db: Queryable, workspace_id: string, id: string, lock: Sql): Promise<CampaignRow | undefined> =>
  db.first<CampaignRow>(sql`
    select workspace_id, id, name, state, hold, state_at, phone_number_id, template_name, template_language, template_group_id,
      variables, audience, schedule, rate_per_min, canary, breaker, limited_retry, track_clicks, approval, user_id, archived_at,
      starts_at, started_at, prepared_at, progress_at, stalled
    from campaigns where workspace_id = ${workspace_id} and id = ${id} ${lock}`);

/** Throws NOT_FOUND. */
export const readRow = async (db: Queryable, workspace_id: string, id: string): Promise<CampaignRow> =>
  found(await rows(db, workspace_id, id, sql``));

/** Its row is locked for the rest of the transaction: before sends, recipients and counts. Throws NOT_FOUND. */
export const lockRow = async (tx: Tx, workspace_id: string, id: string): Promise<CampaignRow> =>
  found(await rows(tx, workspace_id, id, sql`for update`));
