-- Edits, revokes and reactions are of one conversation, as the messages that they name are (docs/decisions/0013): a token is
-- no proof that the message is the same person's. So each is kept with the identity whose conversation it came in.
alter table message_amendments
  -- Of the contact or group; empty in rows from before, of messages that we don't have: any message of the token is theirs.
  add column party_kind text not null default '',
  add column party_value text not null default '';
alter table message_reactions
  add column party_kind text not null default '',
  add column party_value text not null default '';
alter table unmatched_messages
  -- Empty: a status, which is of whatever we sent under the token.
  add column party_kind text not null default '',
  add column party_value text not null default '';

update message_amendments a set party_kind = m.identity_kind, party_value = m.identity_value
from messages m where m.workspace_id = a.workspace_id and m.wamid_hash = a.wamid_hash;
update message_reactions r set party_kind = m.identity_kind, party_value = m.identity_value
from messages m where m.workspace_id = r.workspace_id and m.wamid_hash = r.wamid_hash;

alter table message_amendments
  drop constraint message_amendments_pkey,
  add primary key (workspace_id, wamid_hash, party_kind, party_value);
alter table message_reactions
  drop constraint message_reactions_pkey,
  add primary key (workspace_id, wamid_hash, actor_kind, actor_value, party_kind, party_value);
alter table unmatched_messages
  drop constraint unmatched_messages_pkey,
  add primary key (workspace_id, wamid_hash, party_kind, party_value);
drop index unmatched_messages__since;
create index unmatched_messages__since on unmatched_messages (workspace_id, since desc, event_id desc);
