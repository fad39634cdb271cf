-- Messages of which something was told (a status, a reaction, an edit, a revoke) and which never came themselves. What was
-- told stands in message_statuses, message_amendments and message_reactions, under the same hash; this is the list of
-- it. A row goes when its message comes; readers pass over one whose message came in the same moment.
create table unmatched_messages (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  -- As the first webhook called it (by (since, event_id)); null in rows from before this list.
  wamid text,
  since timestamptz not null,
  event_id uuid not null,
  -- The number that it was told of, and about which contact: null where the webhook named none.
  phone_number_id uuid,
  identity_kind text,
  identity_value text,
  -- The webhook that told it first.
  journal_id uuid,
  primary key (workspace_id, wamid_hash)
);
-- The list, newest first; also how old the oldest is.
create index unmatched_messages__since on unmatched_messages (workspace_id, since desc, wamid_hash desc);

insert into unmatched_messages (workspace_id, wamid_hash, wamid, since, event_id, journal_id)
select told.workspace_id, told.wamid_hash, (array_agg(told.wamid order by told.wamid))[1], min(told.since),
  (array_agg(told.event_id order by told.since, told.event_id))[1], (array_agg(e.journal_id order by told.since, told.event_id))[1]
from (
  select s.workspace_id, s.wamid_hash, null as wamid, coalesce(s.failed_event, s.pricing_event, s.conversation_event, s.wamid_hash) as event_id,
    coalesce(least(s.accepted_at, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at), now()) as since
  from message_statuses s
  union all
  select workspace_id, wamid_hash, null, coalesce(edit_event, wamid_hash), coalesce(least(edited_at, revoked_at), now()) from message_amendments
  union all
  select workspace_id, wamid_hash, null, event_id, reacted_at from message_reactions) told
left join events e on e.workspace_id = told.workspace_id and e.id = told.event_id
where not exists (
  select from messages m where m.workspace_id = told.workspace_id and m.wamid_hash = told.wamid_hash)
group by told.workspace_id, told.wamid_hash;
