-- Messages out to Meta: what waits, what is under way, and what became of it. DESIGN §6: Meta can't be asked to do a
-- thing exactly once, so a request whose outcome is unknown is never repeated by itself.

-- One row a message that goes out from here, beside its row in `messages` and under the same id, which goes to Meta as
-- `biz_opaque_callback_data` and comes back in every status. No foreign keys (docs/decisions/0009).
create table sends (
  workspace_id uuid not null,
  -- The message's id.
  id uuid not null,
  -- The row of phone_numbers: the lane that it goes by.
  phone_number_id uuid not null,
  -- 0 a person or the API, 1 an automation, 2 a campaign: the lower goes first.
  priority smallint not null check (priority between 0 and 2),
  -- To whom, as it was when it was queued: wa_id or bsuid, and its value. Order and pair pacing go by it.
  to_kind text not null check (to_kind in ('wa_id', 'bsuid')),
  to_value text not null,
  -- What to say: `OutgoingContent` of src/meta/outgoing.ts.
  content jsonb not null,
  context_wamid text,
  -- For a template: its name and language, so that a claim finds its category and whether Meta refused it.
  template_name text,
  template_language text,
  -- queued: due at next_attempt_at. sending: claimed; the request may have begun. waiting: nobody knows whether Meta
  -- took it, and its status is awaited. unconfirmed: none came; a person decides. sent: Meta took it. failed: it did
  -- not go out, or Meta said later that it failed. cancelled: taken back before it was claimed.
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'waiting', 'unconfirmed', 'sent', 'failed', 'cancelled')),
  -- Requests begun, and of those the ones since a person last asked for it: what the waits between them go by.
  attempts smallint not null default 0,
  tries smallint not null default 0,
  -- queued: when it is due. sending: when the claim runs out. waiting: when it is given up to a person.
  next_attempt_at timestamptz,
  -- Put off for so long that later messages to the same person don't wait for it (Meta: not before tomorrow).
  deferred boolean not null default false,
  -- The claim that holds it: an outcome counts only under it.
  lease uuid,
  -- Why it waits or failed: {code, symbol, behaviour, says, advice, details}; of what Wharf itself found, code is null.
  error jsonb,
  -- When a person, or a campaign, last asked for it: after days it is no longer what they wanted to say.
  asked_at timestamptz not null,
  settled_at timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
-- The claim: what is due of a number, people first. It also lists the numbers that have anything waiting, by skipping.
create index sends__due on sends (workspace_id, phone_number_id, priority, next_attempt_at, id) where state = 'queued';
-- What stands before a message to the same person.
create index sends__to_value on sends (workspace_id, phone_number_id, to_value, id) where state in ('queued', 'sending');
-- Claims that ran out, and outcomes that were awaited long enough.
create index sends__lapsed on sends (next_attempt_at) where state in ('sending', 'waiting');

-- How a business number sends. One sending process at a time has it (`lane` until `lane_until`): it keeps the rate by
-- itself, and what it reserved has left long before the next one may begin.
create table number_lanes (
  workspace_id uuid not null,
  -- The row of phone_numbers.
  phone_number_id uuid not null,
  -- What Meta allows, as its Graph API says (80 until it did), and when it was last asked; null: to be asked again.
  throughput_per_s integer not null default 80 check (throughput_per_s > 0),
  throughput_at timestamptz,
  -- Less than that after Meta said that it was too much (130429), and when it last said so: the rate doubles back up
  -- each quiet minute.
  slowed_per_s integer check (slowed_per_s > 0),
  slowed_at timestamptz,
  -- How often it said so in a row, for ever longer waits; nothing goes before held_until.
  slowed_times smallint not null default 0,
  held_until timestamptz,
  -- A person has to look at it: nothing goes until it is resumed. `pause_error` as in sends.error.
  paused_at timestamptz,
  pause_error jsonb,
  lane uuid,
  lane_until timestamptz,
  primary key (workspace_id, phone_number_id)
);

-- Meta takes one message every 6 s from a number to a person, and lets a burst of 45 be paid back later. `paid_at` is
-- when what was sent is paid back (a generic cell rate: it moves on by 6 s a message, and may be 270 s ahead).
create table pair_paces (
  workspace_id uuid not null,
  phone_number_id uuid not null,
  to_kind text not null,
  to_value text not null,
  paid_at timestamptz not null,
  -- After 131056: nothing before this, and 4^x seconds for the x-th time in a row.
  held_until timestamptz,
  held_times smallint not null default 0,
  primary key (workspace_id, phone_number_id, to_kind, to_value)
);
-- Paid back: forgotten.
create index pair_paces__paid_at on pair_paces (paid_at);

-- A connection by which nothing goes out for a workspace. It ends by itself at `until`; without one when a person
-- resumes it, or when the connection is changed (a new token) after `paused_at`.
create table connection_pauses (
  workspace_id uuid not null,
  connection_id uuid not null,
  paused_at timestamptz not null,
  until timestamptz,
  -- How often in a row, for ever longer waits.
  times smallint not null default 1,
  error jsonb not null,
  primary key (workspace_id, connection_id)
);

-- A template that Meta refused for what is in it: not used until it was approved or changed after `refused_at`.
create table template_refusals (
  workspace_id uuid not null,
  waba_id text not null,
  name text not null,
  language text not null,
  refused_at timestamptz not null,
  error jsonb not null,
  primary key (workspace_id, waba_id, name, language)
);

-- Marks of reading that are to be told to Meta, the newest of each conversation; whoever takes one deletes it, so it
-- goes out once at most: nothing depends on it.
create table read_marks (
  workspace_id uuid not null,
  conversation_id uuid not null,
  phone_number_id uuid not null,
  wamid text not null,
  -- Also show that somebody is typing.
  typing boolean not null,
  marked_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id)
);

alter table contacts
  -- When Meta last said that the person can't be reached (131026); what they write after that says otherwise.
  add column unreachable_at timestamptz;
