-- What Meta says of accounts and business numbers by webhook: of each aspect the newest by Meta's clock, so that the order
-- of arrival does not matter. Whatever depends on it is read from here. Few rows: some a number.
create table account_facts (
  workspace_id uuid not null,
  -- account: the subject is Meta's id of it (WABA). number: the digits of a display phone number, as events name no other.
  subject_kind text not null check (subject_kind in ('account', 'number')),
  subject text not null,
  -- ban, restriction:<type>, name, limit, …
  aspect text not null,
  value jsonb not null,
  -- Meta lets nothing, or no templates, be sent because of it, until then (null: until it says otherwise).
  blocks text check (blocks in ('all', 'templates')),
  until timestamptz,
  -- Why, in a sentence.
  says text,
  -- Of two in one second the one that forbids more is the newer (`rank`), then the greater event id.
  at timestamptz not null,
  rank smallint not null,
  event_id uuid not null,
  primary key (workspace_id, subject_kind, subject, aspect)
);

-- What an operator must know. One row a situation, however often it is told: its words are those of the newest event.
create table notices (
  workspace_id uuid not null references workspaces (id),
  -- Follows from the key.
  id uuid not null,
  key text not null,
  -- What it is about: account, number, template, …
  kind text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  title text not null,
  detail text,
  -- Meta has taken it back, or it went well after all.
  resolved boolean not null,
  waba_id text,
  display_phone_number text,
  occurred_at timestamptz not null,
  rank smallint not null,
  event_id uuid not null,
  -- The webhook that told it last.
  journal_id uuid,
  -- Dismissed by a person: everything up to this. What happens later shows it again.
  dismissed_through timestamptz,
  dismissed_by text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- The list, newest first, and how many are open.
create index notices__occurred_at on notices (workspace_id, occurred_at desc, id desc);

alter table number_lanes
  -- A person resumed it: what Meta had said by then, by Meta's clock, blocks no more.
  add column resumed_at timestamptz;

alter table phone_numbers
  -- When the Graph API last told verified_name and quality; what webhooks told of after that is newer.
  add column told_at timestamptz;
