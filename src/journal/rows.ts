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
  /** Null while it waits, and where it was processed at the first try and brought nothing new. */
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

/** The journal with what its queue and its outcomes say of each; both by their key. */
export const JOURNAL = sql`
  journal left join journal_queue queued on queued.journal_id = journal.id
    left join journal_outcomes ended on ended.journal_id = journal.id`;

/** What neither names was processed at the first try, with nothing to say of it. */
export const stateOf = sql`case when queued.journal_id is not null then 'pending' else coalesce(ended.state, 'done') end`;

/** Of a row of JOURNAL. */
export function columns(workspace_id: string): Sql {
  return sql`
    journal.id, journal.received_at, journal.connection_id, ${stateOf} as state,
    coalesce(queued.attempts, ended.attempts, 1) as attempts, queued.next_attempt_at,
    case when queued.journal_id is null then ended.error else queued.error end as error,
    case when queued.journal_id is null then coalesce(ended.completed_at, (
      select min(created_at) from events
      where events.journal_id = journal.id and events.workspace_id = ${workspace_id})) end as completed_at,
    octet_length(journal.body) as body_bytes,
    array(
      select distinct kind from events
      where events.journal_id = journal.id and events.workspace_id = ${workspace_id} order by kind
    ) as kinds`;
}
