-- A message that Meta delivers late stands in its conversation by its own time, where no one looks any more when the
-- conversation was read or resolved since. Such a conversation is listed by when the message arrived.
alter table conversations
  -- The last of them: when it arrived, and which it is.
  add column late_at timestamptz,
  add column late_message_id uuid,
  -- What the list is sorted by.
  add column listed_at timestamptz generated always as (greatest(last_message_at, late_at)) stored;
drop index conversations__status__last_message_at;
-- The Inbox's list: newest first within a status, by keyset; over all statuses it merges three of these.
create index conversations__status__listed_at on conversations (workspace_id, status, listed_at desc, id desc);
