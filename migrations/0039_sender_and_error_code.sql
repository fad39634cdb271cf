-- The person who asked for a message, so that its failure is told to that person and not to everyone who is signed in.
-- Null: an API key or an automation asked, or it was sent before this was kept. No foreign key: a member who has left is
-- still the one who sent it.
alter table sends add column user_id uuid;

-- Why the last attempt failed, as programs and the pages read it (attempts.error_code). Null also for what failed before
-- this was kept: then `last_error` is all that is known.
alter table deliveries add column last_error_code text;
