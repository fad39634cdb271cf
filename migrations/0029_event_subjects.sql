-- Who and what an event is about, so that the journal can say it and find it. Made by src/inbox/event-subjects.ts.
-- Null in events from before: createSubjectFill (src/pipeline/subject-fill.ts) reads them again, batch by batch.
alter table events
  -- The business number that the webhook named; null where it named none (templates, accounts).
  add column phone_number_id uuid,
  -- Hashes of who and what the event names: identities, messages, a template, pieces of the message's id.
  add column subjects bigint[];
-- Search: "the events that name one of these", and "the events whose message id has all of these pieces".
-- New rows wait in a list that every search reads, so it is short.
create index events__subjects on events using gin (subjects) with (gin_pending_list_limit = 128);
-- The filters of number and kind, newest first, each pair by itself. New rows go to the end of each.
create index events__number__kind on events
  (workspace_id, coalesce(phone_number_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, journal_id);
-- Statuses that say that a message failed: among all the others they are few.
create index events__failures on events (workspace_id, journal_id) where kind = 'status' and key like 'status:%:failed:%';
-- What is still to be read again; empty once that is done.
create index events__unread on events (journal_id) where subjects is null;
