import { sql, type Sql } from "../db/db.ts";

export type JournalState = "pending" | "done" | "dead";

export interface JournalWebhook {
  id: string;
  received_at: Date;
  connection_id: string;
  state: JournalState;
  attempts: number;
  next_attempt_at: Date | null;
  error: string | null;
  completed_at: Date | null;
  body_bytes: number;
  /** Kinds of the events that it was the first to bring to this workspace. */
  kinds: string[];
}

/**
 * A workspace sees what came over its own connections, and of shared ones what holds an event of its own
 * (events__workspace_id__journal_id).
 */
export function isSeenBy(workspace_id: string): Sql {
  return sql`(
    journal.connection_id in (select id from connections where workspace_id = ${workspace_id})
    or (
      journal.connection_id in (select id from connections where workspace_id is null)
      and exists (select from events where events.journal_id = journal.id and events.workspace_id = ${workspace_id})
    )
  )`;
}

export function columns(workspace_id: string): Sql {
  return sql`
    journal.id, journal.received_at, journal.connection_id, journal.state, journal.attempts,
    case when journal.state = 'pending' then journal.next_attempt_at end as next_attempt_at,
    journal.error, journal.completed_at, octet_length(journal.body) as body_bytes,
    array(
      select distinct kind from events
      where events.journal_id = journal.id and events.workspace_id = ${workspace_id} order by kind
    ) as kinds`;
}
