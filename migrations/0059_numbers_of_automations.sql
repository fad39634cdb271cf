-- The numbers at the nodes of automations are kept beside what they count, as it changes. Rows of automation_activities and
-- automation_messages are the truth: `wharf verify` counts them anew and says what differs.

-- What was sent at a node, and how far it came: what the numbers of messages are counted from, and who is behind each. It is
-- written with the message by the engine, and folded by what Meta and people tell, which never waits for the engine so.
create table automation_messages (
  workspace_id uuid not null,
  message_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  node_id text not null,
  run_id uuid not null,
  visit integer not null,
  -- When the visit began: the order in which people are listed.
  started_at timestamptz not null,
  -- 0 not yet sent, 1 sent, 2 delivered, 3 read; what was read was delivered, and what was delivered was sent.
  reached smallint not null default 0,
  failed boolean not null default false,
  -- Its person wrote within 72 hours of it.
  replied boolean not null default false,
  primary key (workspace_id, message_id)
) with (fillfactor = 80);
-- The people behind a number, newest first; of few there are rows of their own.
create index automation_messages__listed on automation_messages
  (workspace_id, automation_id, started_at desc, run_id desc, visit desc);
create index automation_messages__failed on automation_messages
  (workspace_id, automation_id, started_at desc, run_id desc, visit desc) where failed;
create index automation_messages__replied on automation_messages
  (workspace_id, automation_id, started_at desc, run_id desc, visit desc) where replied;

-- How many are as `key` says: `is.COMPLETED` and the like by an activity's status, `went.<port>` by the way that it went on,
-- `message.sent` and the like. In slots, so that processes rarely wait for each other; a number is the sum of its slots.
create table automation_counts (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  node_id text not null,
  key text not null,
  slot smallint not null,
  n bigint not null,
  primary key (workspace_id, automation_id, version, node_id, key, slot)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Who waits at a node whose number is not connected: a banner says how many, and they go on by themselves.
create index automation_activities__held on automation_activities (workspace_id, automation_id, node_id)
  where ended_at is null and reason = 'NOT_CONNECTED';

-- When a person gave the thread to the agent who has it: a run that leaves when a person takes over asks whether that was
-- since it began. Null: no person did, or it is not known when.
alter table conversations add column assigned_at timestamptz;

-- What is to be done with many runs, in steps of so many: a queue. A step is a row, deleted in the transaction that does it,
-- so that a process which is killed leaves what it has not done. asked: {node_id?, version?, lands?, reason?}.
create table automation_work (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  verb text not null check (verb in ('retry', 'cancel', 'resume', 'move')),
  asked jsonb not null,
  run_ids uuid[] not null,
  -- The order of the steps of one request.
  place integer not null,
  due_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index automation_work__due on automation_work (due_at, place);

-- What happened to very many people at once, such as a tag that 40,000 got: a queue. Triggers that it meets were those of its
-- moment; entries are made and runs woken in steps, each of which deletes its rows.
create table automation_told (
  workspace_id uuid not null,
  id uuid not null,
  -- What happened to each: {kind, id?, value?, at}.
  fact jsonb not null,
  contact_ids uuid[] not null,
  -- The automations that it starts.
  automation_ids uuid[] not null,
  primary key (workspace_id, id)
);

-- What was sent before now, with what its statuses and its people's messages say.
insert into automation_messages (workspace_id, message_id, automation_id, version, node_id, run_id, visit, started_at, reached,
  failed, replied)
select a.workspace_id, a.message_id, a.automation_id, a.version, a.node_id, a.run_id, a.visit, a.started_at,
  case when coalesce(s.read_at, s.played_at) is not null then 3 when s.delivered_at is not null then 2
    when s.sent_at is not null then 1 else 0 end,
  coalesce(s.delivered_at, s.read_at, s.played_at) is null and (s.failed_at is not null
    or (d.state = 'failed'
      and coalesce(d.error ->> 'symbol', '') not in ('MARKETING_REFUSED', 'FREQUENCY_CAP', 'QUIET_HOURS'))),
  exists (
    select from messages said where said.workspace_id = m.workspace_id and said.conversation_id = m.conversation_id
      and said.direction = 'INBOUND' and said.origin = 'message' and said.sent_at >= date_trunc('second', m.sent_at)
      and said.sent_at < m.sent_at + interval '72 hours')
from automation_activities a
join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
left join sends d on d.workspace_id = m.workspace_id and d.id = m.id
left join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
where a.message_id is not null
on conflict do nothing;

insert into automation_counts (workspace_id, automation_id, version, node_id, key, slot, n)
select workspace_id, automation_id, version, node_id, 'is.' || status, 0, count(*) from automation_activities
group by 1, 2, 3, 4, 5
union all
select workspace_id, automation_id, version, node_id, 'went.' || port, 0, count(*) from automation_activities
where port is not null
group by 1, 2, 3, 4, 5
union all
select w.workspace_id, w.automation_id, w.version, w.node_id, 'message.' || k.key, 0, count(*)
from automation_messages w
cross join lateral (values ('asked', true), ('sent', w.reached >= 1), ('delivered', w.reached >= 2),
  ('read', w.reached >= 3), ('failed', w.failed), ('replied', w.replied)) as k (key, holds)
where k.holds
group by 1, 2, 3, 4, 5;
