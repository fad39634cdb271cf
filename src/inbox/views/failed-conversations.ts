import { iso, sql, type Sql } from "../../db/db.ts";

/**
 * A conversation has a failure when the newest message that went out in it (a reaction, a call and what was taken back
 * don't count) was sent from here and failed within 30 days, and the conversation was not resolved since. Campaigns tell
 * of their own failures. It ends with another message, with another try, and when an agent resolves the conversation.
 */
const FAILURE_DAYS = 30;
/** Failures that are looked at for the filter and its count, newest first. */
const FAILURES_LOOKED_AT = 500;

/** The newest message that went out in a conversation (`c`): messages__outgoing, sends' key. */
const newestOutgoing = sql`
  select n.id, n.source, nd.state, nd.completed_at
  from messages n left join sends nd on nd.workspace_id = n.workspace_id and nd.id = n.id
  where n.workspace_id = c.workspace_id and n.conversation_id = c.id
    and n.direction = 'OUTBOUND' and n.type not in ('reaction', 'call', 'system')
    and nd.state is distinct from 'cancelled'
  order by n.sent_at desc, n.order_key desc limit 1`;

const isFailure = (newest: Sql): Sql => sql`(${newest}.state = 'failed' and ${newest}.source <> 'CAMPAIGN'
  and ${newest}.completed_at > now() - make_interval(days => ${FAILURE_DAYS})
  and (c.resolved_at is null or c.resolved_at < ${newest}.completed_at))`;

/** `{message_id, failed_at}` of a conversation (`c`), or null. */
export const failureOf = sql`(
  select json_build_object('message_id', newest.id, 'failed_at', ${iso(sql`newest.completed_at`)})
  from (${newestOutgoing}) newest where ${isFailure(sql`newest`)})`;

/** The ids of the conversations with a failure. From the failed messages, of which there are few: sends__failed. */
export const failedConversations = (workspace_id: string): Sql => sql`
  select c.id from (
    select distinct m.workspace_id, m.conversation_id from (
      select d.id from sends d
      where d.workspace_id = ${workspace_id} and d.state = 'failed'
        and d.completed_at > now() - make_interval(days => ${FAILURE_DAYS})
      order by d.completed_at desc limit ${FAILURES_LOOKED_AT}) d
    join messages m on m.workspace_id = ${workspace_id} and m.id = d.id) due
  join conversations c on c.workspace_id = due.workspace_id and c.id = due.conversation_id
  cross join lateral (${newestOutgoing}) newest
  where ${isFailure(sql`newest`)}`;
