import { sql, type Database, type Tx } from "../db/db.ts";

export interface Mark {
  connection_id: string;
  phone_number_id: string;
  wamid: string;
  typing: boolean;
}

/** Asks for the newest message of the person to be marked as read at Meta. None, or a group's: nothing happens. */
export async function noteMark(
  tx: Tx,
  workspace_id: string,
  conversation_id: string,
  typing: boolean,
): Promise<void> {
  await tx.run(sql`
    with newest as (
      select m.wamid from messages m
      where m.workspace_id = ${workspace_id} and m.conversation_id = ${conversation_id} and m.direction = 'INBOUND'
        and m.origin = 'message' and m.wamid like 'wamid.%' and m.identity_kind <> 'group'
      order by m.sent_at desc, m.order_key desc limit 1)
    insert into read_marks as r (workspace_id, conversation_id, phone_number_id, wamid, typing)
    select c.workspace_id, c.id, c.phone_number_id, newest.wamid, ${typing}
    from newest, conversations c
    join phone_numbers n on n.workspace_id = c.workspace_id and n.id = c.phone_number_id
    join connections k on k.id = n.connection_id
    where c.workspace_id = ${workspace_id} and c.id = ${conversation_id} and k.access_token is not null
    on conflict (workspace_id, conversation_id) do update set wamid = excluded.wamid, typing = r.typing or excluded.typing,
      marked_at = now()`);
  await tx.run(sql`select pg_notify('sends', '')`);
}

/** Takes the oldest away, so that each is told once at most. What was not taken for a minute is no longer worth telling. */
export function takeMarks(db: Database, limit: number): Promise<Mark[]> {
  return db.rows<Mark>(sql`
    with taken as (
      delete from read_marks where (workspace_id, conversation_id) in (
        select workspace_id, conversation_id from read_marks order by marked_at limit ${limit} for update skip locked)
      returning workspace_id, phone_number_id, wamid, typing, marked_at)
    select n.connection_id, n.phone_number_id, taken.wamid, taken.typing
    from taken join phone_numbers n on n.workspace_id = taken.workspace_id and n.id = taken.phone_number_id
    where taken.marked_at > now() - interval '1 minute'`);
}
