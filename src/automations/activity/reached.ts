import type { z } from "zod";
import type { Reached } from "../../contract/automation-runs.ts";
import { sql, type Sql } from "../../db/db.ts";

/** For how long after a message what a person writes is taken as an answer to it, as of campaigns. */
const REPLY_TIME = sql`interval '72 hours'`;

/** A message that was read was delivered, and one that was delivered was sent; what arrived has not failed. */
const STATUS: Record<Exclude<z.infer<typeof Reached>, "replied">, Sql> = {
  sent: sql`coalesce(s.sent_at, s.delivered_at, s.read_at, s.played_at) is not null`,
  delivered: sql`coalesce(s.delivered_at, s.read_at, s.played_at) is not null`,
  read: sql`coalesce(s.read_at, s.played_at) is not null`,
  failed: sql`(s.failed_at is not null or a.status = 'FAILED')
    and coalesce(s.delivered_at, s.read_at, s.played_at) is null`,
};

/** By messages__conversation_id__sent_at; Meta tells whole seconds. */
const replied = sql`exists (
  select from messages said where said.workspace_id = m.workspace_id and said.conversation_id = m.conversation_id
    and said.direction = 'INBOUND' and said.sent_at >= date_trunc('second', m.sent_at)
    and said.sent_at < m.sent_at + ${REPLY_TIME})`;

/** How far the messages `m` of activities `a` came, by their statuses `s`: conditions that are true or false. */
export const REACHED: Record<z.infer<typeof Reached>, Sql> = { ...STATUS, replied };

/** The message of an activity `a` with its status, by their primary keys. */
export const messageTables = sql`messages m left join message_statuses s
  on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash`;

/** Whether the message that an activity `a` sent came so far. */
export const reachedSql = (reached: z.infer<typeof Reached>): Sql => sql`a.message_id is not null and exists (
  select from ${messageTables} where m.workspace_id = a.workspace_id and m.id = a.message_id and ${REACHED[reached]})`;
