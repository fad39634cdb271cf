-- Automations, and the people on their way through them.
--
-- A row of automations is small and changes with its drawing; automation_versions are immutable. A run is one person's way;
-- a row of automation_activities is one visit of one node by it: the truth that counts are counted from, and what makes each
-- (run, node, visit) take effect once. automation_waits is a queue: a row for each run that rests, deleted as it goes on.

create table automations (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'DRAFT' check (state in ('DRAFT', 'ACTIVE', 'INACTIVE')),
  -- The drawing that is worked on, as the contract's Flow; it may be incomplete. What people enter is a version.
  draft jsonb not null,
  revision integer not null default 1,
  -- The version that people enter while it is ACTIVE; and the revision that it was made from.
  version integer,
  version_revision integer,
  user_id uuid,
  activated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table automation_versions (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  flow jsonb not null,
  user_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, automation_id, version)
);

-- What starts runs, a row for each active automation: found by the kind of what happened. `subject` is what the trigger
-- names (a tag, list, field, segment or campaign, or an API event's name); null: any. `look_at`: of the triggers that the
-- clock starts (segment_entered, date_field, schedule, and those who were there before), when it is looked at next, and
-- `place` how far that has come.
create table automation_triggers (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  kind text not null,
  subject text,
  look_at timestamptz,
  place jsonb not null default '{}',
  primary key (workspace_id, automation_id)
);
create index automation_triggers__kind on automation_triggers (workspace_id, kind);
create index automation_triggers__due on automation_triggers (look_at) where look_at is not null;

-- Who was in the segment when it was looked at last: of segment_entered, whose members enter once for each time they come in.
create table automation_segment_members (
  workspace_id uuid not null,
  automation_id uuid not null,
  contact_id uuid not null,
  primary key (workspace_id, automation_id, contact_id)
);

-- Triggers that happened, in the transaction of what happened, until the engine has made a run of each: a queue.
create table automation_entries (
  workspace_id uuid not null,
  -- Follows from the automation and from what happened, so that the same thing twice is one entry.
  id uuid not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  key text not null default '',
  -- {kind, at, message_id?, conversation_id?, payload?, …}: what the trigger told, which conditions and variables may use.
  trigger jsonb not null,
  due_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index automation_entries__due on automation_entries (due_at);

-- state: ACTIVE, PAUSED (an agent answered), and as it ended: COMPLETED, FAILED, EXITED (a rule), CANCELLED, BLOCKED (the
-- trigger was kept out by consent, the cap or an exclusion, and nothing began). `id` is the entry's: each entry is one run.
create table automation_runs (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  key text not null default '',
  state text not null check (state in ('ACTIVE', 'PAUSED', 'COMPLETED', 'FAILED', 'EXITED', 'CANCELLED', 'BLOCKED')),
  -- Where it is, or was last: the visit of the newest activity.
  node_id text,
  visit integer not null default 0,
  trigger jsonb not null,
  -- The message that it sent last, and its conversation: what "the last message of this run" is.
  message_id uuid,
  conversation_id uuid,
  -- It ended because of a template that can't be sent: `retry` finds these.
  stopped boolean not null default false,
  reason text,
  entered_at timestamptz not null default now(),
  -- When a person let it go on after it was paused: an agent's answers from before then don't pause it again.
  resumed_at timestamptz,
  ended_at timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 80);
-- One at a time for each person and key; and who is inside.
create unique index automation_runs__inside on automation_runs (workspace_id, automation_id, contact_id, key)
  where state in ('ACTIVE', 'PAUSED');
-- The list; the frequency cap asks by the person.
create index automation_runs__listed on automation_runs (workspace_id, automation_id, entered_at desc, id desc);
create index automation_runs__contact_id on automation_runs (workspace_id, contact_id, automation_id, entered_at desc);
-- Counts by state, answered by the index alone, and the list of one state.
create index automation_runs__state on automation_runs (workspace_id, automation_id, state, entered_at desc, id desc);
-- Where a run is stands in no index: it changes with each step.
create index automation_runs__stopped on automation_runs (workspace_id, automation_id) where stopped;

-- A run that rests: woken by its clock, or at once (wake_at = now()) by what happens to its message, its person or by a
-- person's word. Nothing is decided here: who wakes looks again, by the times of what happened.
create table automation_waits (
  workspace_id uuid not null,
  run_id uuid not null,
  visit integer not null,
  wake_at timestamptz not null,
  contact_id uuid not null,
  -- Whose status it waits for.
  message_id uuid,
  -- What its person may do that concerns it, by the node or an exit rule: replied, event, tag … ; empty: nothing.
  hears text[] not null default '{}',
  primary key (workspace_id, run_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index automation_waits__due on automation_waits (wake_at);
create index automation_waits__message_id on automation_waits (workspace_id, message_id) where message_id is not null;
create index automation_waits__contact_id on automation_waits (workspace_id, contact_id);

-- Runs that something happened to while the engine had them in hand: a queue. What wakes a run never
-- waits for the engine: it takes the run's row if that is free, and then knows the wait; else it leaves a row here.
create table automation_wakes (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  primary key (workspace_id, id)
);

create table automation_activities (
  workspace_id uuid not null,
  run_id uuid not null,
  visit integer not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  node_id text not null,
  node_type text not null,
  status text not null check (status in ('PENDING', 'SCHEDULED', 'COMPLETED', 'FAILED', 'SKIPPED')),
  -- The way that it went on; null: it did not.
  port text,
  reason text,
  -- What the decision was made from.
  inputs jsonb not null default '{}',
  message_id uuid,
  due_at timestamptz,
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (workspace_id, run_id, visit)
) with (fillfactor = 80);
-- The numbers at the nodes, answered by the index alone, and the people behind each.
create index automation_activities__node on automation_activities
  (workspace_id, automation_id, node_id, status, port, version, run_id);
-- The list, newest first.
create index automation_activities__listed on automation_activities
  (workspace_id, automation_id, started_at desc, run_id desc, visit desc);
-- What a message was sent for.
create index automation_activities__message_id on automation_activities (workspace_id, message_id)
  where message_id is not null;
