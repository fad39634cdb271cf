import { sql, type Queryable } from "../db/db.ts";
import type { MetaFinding } from "./check-meta.ts";
import { isManagedBy } from "./management.ts";

export interface SilentNumber {
  workspace_id: string;
  id: string;
  display_phone_number: string | null;
  last_webhook_at: Date;
  silence_after_s: number;
}

/** Numbers that heard nothing for longer than they were set to; few have an alarm, and a workspace has few numbers. */
export const silentNumbers = (db: Queryable, now_ms: number): Promise<SilentNumber[]> =>
  db.rows(sql`
    select workspace_id, id, display_phone_number, last_webhook_at, silence_after_s from phone_numbers
    where silence_after_s is not null
      and last_webhook_at < ${new Date(now_ms)}::timestamptz - make_interval(secs => silence_after_s)`);

export interface WatchedConnection {
  id: string;
  /** Whose owners manage it. */
  workspace_id: string;
  name: string;
  app_id: string | null;
  checked_at: Date | null;
  findings: MetaFinding[] | null;
  waba_ids: string[];
}

/** Those with a token, of all workspaces; without the environment's in the sandbox, which only a simulator answers. */
export const watchedConnections = (db: Queryable, mode: "sandbox" | "live"): Promise<WatchedConnection[]> =>
  db.rows(sql`
    select c.id, coalesce(c.workspace_id, c.managed_by) as workspace_id, c.name, c.app_id, c.checked_at, c.findings,
      array(select distinct a.waba_id from accounts a where a.connection_id = c.id order by a.waba_id) as waba_ids
    from connections c
    where c.access_token is not null and c.app_secret is not null and (${mode === "live"} or not c.from_environment)
      and coalesce(c.workspace_id, c.managed_by) is not null
    order by c.created_at, c.id`);

export interface Rejects {
  connection_id: string;
  requests: number;
  last_at: Date;
}

/** Wrong signatures since then, of connections that the workspace manages; by webhook_rejects' primary key. */
export const listRejects = (db: Queryable, workspace_id: string, since: Date): Promise<Rejects[]> =>
  db.rows(sql`
    select r.connection_id, sum(r.requests)::integer as requests, max(r.last_at) as last_at
    from webhook_rejects r join connections on connections.id = r.connection_id and ${isManagedBy(workspace_id)}
    where r.last_at >= ${since} group by r.connection_id order by max(r.last_at) desc`);
