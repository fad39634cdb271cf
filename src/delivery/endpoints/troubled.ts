import { sql, type Queryable } from "../../db/db.ts";

export interface TroubledEndpoint {
  workspace_id: string;
  id: string;
  url: string;
  state: "failing" | "disabled";
  reason: string | null;
  since: Date;
}

/** Endpoints of all workspaces that are meant to receive and don't: a control table, read whole. */
export const troubledEndpoints = (db: Queryable): Promise<TroubledEndpoint[]> =>
  db.rows(sql`
    select workspace_id, id, url, state, state_reason as reason, coalesce(disabled_at, failing_since, now()) as since
    from endpoints where enabled and state <> 'ok' and deleted_at is null`);
