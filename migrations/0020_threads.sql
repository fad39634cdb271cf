-- Calls, groups, what other responders of a number say, and payments, as agents see them.

-- OTHER_APP: sent by another responder of the number, as Meta Business Agent, which its owner let answer.
alter table messages
  drop constraint messages_source_check,
  add constraint messages_source_check
    check (source in ('CUSTOMER', 'AGENT', 'CAMPAIGN', 'AUTOMATION', 'API', 'PHONE_APP', 'OTHER_APP')),
  drop constraint messages_origin_check,
  -- standby: told while another responder had the thread. call: a call, by its id in `wamid`; its line is as the earliest
  -- event tells it.
  add constraint messages_origin_check
    check (origin in ('message', 'echo', 'standby', 'call', 'system', 'history', 'sent'));

-- What was told of a call, each kind of event once: the first by (occurred_at, event_id). The line in the thread is in
-- messages, under the same hash; events may come before it.
create table call_events (
  workspace_id uuid not null,
  -- messages.wamid_hash of the call.
  call_hash uuid not null,
  -- created, connect, ringing, accepted, rejected, terminate, recording, transcription; others as Meta says.
  event text not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  -- Of terminate: how it ended. Of recording and transcription: Meta's media object.
  detail jsonb not null,
  primary key (workspace_id, call_hash, event)
);

-- How the payment of an order stands: the newest by (occurred_at, event_id). Keyed by the message that asked for it,
-- which may come later.
create table message_payments (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  -- Meta's word: pending, captured, failed, …
  status text not null,
  detail jsonb not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  primary key (workspace_id, wamid_hash)
);

-- Groups that were told of, and when Meta is to be asked about them: webhooks tell only what changes.
create table groups (
  workspace_id uuid not null,
  group_id text not null,
  -- The number that is in it.
  phone_number_id uuid not null,
  -- Null: there is nothing to ask.
  next_ask_at timestamptz,
  attempts smallint not null default 0,
  primary key (workspace_id, group_id)
);
create index groups__next_ask_at on groups (next_ask_at) where next_ask_at is not null;

-- What is known of a group besides its subject (which is its contact's profile name): description, join_approval_mode,
-- invite_link, suspended, deleted, listed. The newest of each by (occurred_at, event_id).
create table group_facts (
  workspace_id uuid not null,
  group_id text not null,
  fact text not null,
  value jsonb not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  primary key (workspace_id, group_id, fact)
);

-- Who was last told to be in a group or to have left it, by (occurred_at, event_id). Who is in it now follows from the
-- newest row of each contact, and from the fact `listed`: a contact that Meta's list did not name then was not in it.
create table group_participants (
  workspace_id uuid not null,
  group_id text not null,
  identity_kind text not null,
  identity_value text not null,
  present boolean not null,
  occurred_at timestamptz not null,
  event_id uuid not null,
  primary key (workspace_id, group_id, identity_kind, identity_value)
);

-- What goes out to a group is addressed by its id.
alter table sends
  drop constraint sends_to_kind_check,
  add constraint sends_to_kind_check check (to_kind in ('wa_id', 'bsuid', 'group'));

-- Groups whose messages were kept before.
insert into groups (workspace_id, group_id, phone_number_id, next_ask_at)
select distinct on (m.workspace_id, m.identity_value) m.workspace_id, m.identity_value, c.phone_number_id, now()
from messages m join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
where m.identity_kind = 'group'
order by m.workspace_id, m.identity_value, m.sent_at desc;
insert into group_participants (workspace_id, group_id, identity_kind, identity_value, present, occurred_at, event_id)
select distinct on (m.workspace_id, m.identity_value, m.author_kind, m.author_value)
  m.workspace_id, m.identity_value, m.author_kind, m.author_value, true, m.sent_at, m.event_id
from messages m
where m.identity_kind = 'group' and m.author_kind is not null
order by m.workspace_id, m.identity_value, m.author_kind, m.author_value, m.sent_at desc, m.event_id desc;
