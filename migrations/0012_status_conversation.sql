-- The conversation that Meta billed a message to, as far as it still tells of one (Graph API before v24, and free entry
-- points): of the lowest status that names one, as only `sent` says when it ends, then the least event id.
alter table message_statuses
  add column conversation_status smallint,
  add column conversation_event uuid,
  add column conversation jsonb;
