-- A token is a message's only among the messages of one contact (docs/decisions/0013): nothing but the sender's software
-- draws it, and a member of a group sees those of the others. So each conversation has one line a token, no longer each
-- business number. What a message is told as under another identity of its contact is kept beside its line: which
-- identities are one contact may be learnt, or unlearnt, later.
alter table messages
  alter column conversation_id drop not null,
  -- Of an account beside the line of its message, which stands in no conversation: the business number that it was told on.
  add column aside_on uuid,
  add constraint messages_place_check check ((conversation_id is null) = (aside_on is not null));

drop index messages__wamid_hash;
-- Finds a message by its hash, and what stands beside it.
create unique index messages__wamid_hash on messages (workspace_id, wamid_hash, conversation_id);
