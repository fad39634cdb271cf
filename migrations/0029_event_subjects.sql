-- Who and what an event is about, so that the journal can say it and find it. Made by src/inbox/event-subjects.ts.
-- Null in events from before: createSubjectFill (src/pipeline/subject-fill.ts) reads them again, batch by batch.
alter table events
  -- The business number that the webhook named; null where it named none (templates, accounts).
  add column phone_number_id uuid,
  -- Hashes of who and what the event names: identities, messages, a template, pieces of the message's id.
  add column subjects bigint[];
-- Search: "the events that name one of these", and "the events whose message id has all of these pieces".
create index events__subjects on events using gin (subjects);
-- The filters of number and kind, newest first, each pair by itself. Behind them the end of every pair stays in memory.
create index events__number__kind on events (workspace_id, phone_number_id, kind, journal_id);
