-- What messages say and their files may be kept for a time of their own (WHARF_MESSAGE_RETENTION_DAYS,
-- WHARF_MEDIA_RETENTION_DAYS). The rows stay: counts, statuses and the order of a conversation are as before.

-- When retention took what a message said: its text and content are empty then.
alter table messages add column pruned_at timestamptz;

-- How far each workspace has come, along messages' primary key: ids are given in the order of arrival, so what is older
-- needs no index of its own.
create table message_prunes (
  workspace_id uuid not null,
  pruned_to uuid not null,
  primary key (workspace_id)
);

-- pruned: retention took the file. Its row keeps the place of the bytes until they are gone.
alter table media drop constraint media_state_check;
alter table media add constraint media_state_check check (state in ('pending', 'stored', 'failed', 'expired', 'pruned'));
-- Retention: the oldest that have bytes. One file a message of a kind that has one, so little is written for it.
create index media__stored_at on media (stored_at) where storage_key is not null;
