-- What the actions of automations leave behind, test runs, and what is counted of runs that ended.

-- Private notes of the team, on a contact: seen by those who work here, never sent. `phone_number_id`: the number in whose
-- conversation it stands; null: it is on the contact, and stands in each of their conversations. It names the number and not
-- the conversation, so that it follows when two contacts become one.
create table notes (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  phone_number_id uuid,
  text text not null,
  source text not null check (source in ('AGENT', 'API', 'AUTOMATION')),
  -- Who wrote it; null: a program did.
  user_id uuid,
  -- What an automation was called when it wrote it.
  automation_name text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- Those of a contact, newest first: their page and their conversations.
create index notes__contact_id on notes (workspace_id, contact_id, created_at desc, id desc);

-- Requests that are made once and whose answer is waited for: an automation calls a URL. A row is due while it is pending,
-- and the log of it afterwards. `origin_id` and `visit`: the visit of a run that asks; each makes one request.
create table calls (
  workspace_id uuid not null,
  id uuid not null,
  origin_id uuid not null,
  visit integer not null,
  contact_id uuid not null,
  url text not null,
  body bytea not null,
  timeout_ms integer not null,
  state text not null default 'pending' check (state in ('pending', 'answered', 'failed', 'cancelled')),
  attempts smallint not null default 0,
  -- While it is pending: when it is tried next, or when the lease of who tries it ends.
  next_attempt_at timestamptz,
  lease uuid,
  status smallint,
  error text,
  error_code text,
  -- The beginning of the last answer.
  answer text,
  answer_truncated boolean not null default false,
  -- Each attempt: {at, duration_ms, status, error_code}.
  tried jsonb not null default '[]',
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 80);
create unique index calls__origin on calls (workspace_id, origin_id, visit);
create index calls__due on calls (next_attempt_at) where state = 'pending';
create index calls__completed_at on calls (completed_at) where completed_at is not null;
-- Those of a person who is erased.
create index calls__contact_id on calls (workspace_id, contact_id);

-- What the calls of a workspace are signed with: as of an endpoint, the secret is derived and not kept.
create table call_secrets (
  workspace_id uuid not null primary key,
  id uuid not null,
  secret_salt bytea not null,
  secret_key_id text not null,
  secret_fingerprint text not null,
  created_at timestamptz not null default now()
);

-- Notices to one person who works here (null: to all), and about which contact, whose erasing takes them along.
alter table notices add column user_id uuid, add column contact_id uuid, add column conversation_id uuid;
create index notices__contact_id on notices (workspace_id, contact_id) where contact_id is not null;

-- Who saved the draft last, and when.
alter table automations add column draft_user_id uuid, add column draft_at timestamptz;

-- A test of an automation's draft with one contact, in the sandbox. What is kept of it stands under the test's own id in
-- place of the automation's (versions, runs, activities), so that it is in no number and no list of the automation.
create table automation_tests (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  run_id uuid not null,
  user_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index automation_tests__automation_id on automation_tests (workspace_id, automation_id);
-- Of a run that is a test: {by_steps, skips: [{at_ms, by_ms}]}. `by_steps`: it stops before each node. `skips`: what was
-- skipped of its waits, and when: its clock is ahead by all of it. Null: it is no test.
alter table automation_runs add column test jsonb;

-- Where people left before the end, and who reached the goal: counted by the index alone. A run comes in once, as it ends.
create index automation_runs__left on automation_runs (workspace_id, automation_id, node_id, state, reason)
  where state in ('EXITED', 'FAILED', 'CANCELLED');
