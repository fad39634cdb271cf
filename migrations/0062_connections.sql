-- Connections that people add in the page, what no workspace took, what keeps Meta's webhooks out, notices by email, and
-- the spans in which this installation did not run.

alter table connections
  -- Meta's id and name of the app; null until it is given or Meta was asked.
  add column app_id text,
  add column app_name text,
  -- Of a shared connection: the workspace whose owners manage it. Null: its own workspace does.
  add column managed_by uuid references workspaces (id),
  -- When it was last checked with Meta, and what was found: the words that the page and `wharf doctor` show.
  add column checked_at timestamptz,
  add column findings jsonb,
  add check (workspace_id is null or managed_by is null);

-- A number that hears nothing for so long is told as a notice; null: never.
alter table phone_numbers
  add column silence_after_s integer check (silence_after_s between 300 and 2592000);

-- Webhooks with items that belong to no known workspace, by what they name; '' stands for none. Written with the outcome
-- of the webhook, deleted when its items are adopted or discarded. Retention keeps the bytes of what stands here.
create table unrouted_webhooks (
  connection_id uuid not null references connections (id) on delete cascade,
  waba_id text not null,
  phone_number_id text not null,
  journal_id uuid not null,
  arrived_at timestamptz not null,
  items integer not null,
  display_phone_number text,
  -- Groups are read and adopted by its first columns.
  primary key (connection_id, waba_id, phone_number_id, journal_id)
);
-- Retention: is anything of this day kept?
create index unrouted_webhooks__journal_id on unrouted_webhooks (journal_id);

-- Requests to a callback URL whose signature was wrong or missing, by the hour. Written by intake some seconds later.
create table webhook_rejects (
  connection_id uuid not null references connections (id) on delete cascade,
  hour timestamptz not null,
  requests integer not null,
  last_at timestamptz not null,
  primary key (connection_id, hour)
);

-- When intake was last alive: one row. What lies between two beats that are far apart is an outage of ours.
create table heartbeat (
  one boolean primary key default true check (one),
  alive_at timestamptz
);
insert into heartbeat default values;

-- Spans in which no webhook could be taken. Meta sends again for up to seven days, so what happened then may be late.
create table outages (
  began_at timestamptz primary key,
  ended_at timestamptz not null,
  check (ended_at > began_at)
);
create index outages__ended_at on outages (ended_at);

-- What a user wants to be told by email. Without a row: owners everything, others nothing.
create table notice_preferences (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  kinds text[] not null,
  -- How long notices are collected after an email before the next one leaves.
  digest_minutes integer not null default 30 check (digest_minutes between 1 and 1440),
  primary key (workspace_id, user_id)
);

-- Notices that wait for an email to a user; deleted when it has left. One that is told again meanwhile is one line.
create table notice_mails (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  notice_id uuid not null,
  -- Told again while an email is on its way, it stays for the next one.
  queued_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, user_id, notice_id)
);

-- When a user's next email may leave, and how the last one failed.
create table notice_mail_times (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  next_at timestamptz not null,
  failures integer not null default 0,
  error text,
  primary key (workspace_id, user_id)
);
