-- Whose message an id of ours is, as echoes, the history and statuses told: what names one message names one contact
-- (src/inbox/recipients.ts). A status that names the identity which its message's own id holds tells nothing new and
-- isn't here, which is nearly all of them.
create table message_recipients (
  workspace_id uuid not null,
  -- As in messages, which may not have it yet.
  wamid_hash uuid not null,
  kind text not null,
  value text not null,
  -- The first time that it was told.
  told_at timestamptz not null,
  primary key (workspace_id, wamid_hash, kind, value)
);
