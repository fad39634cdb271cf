-- What a workspace keeps of its people beside what Meta tells: fields, tags, lists, segments, and what they did last.
--
-- All of it hangs on the contact's id, as the name does that people gave it. When two contacts turn out to be one, a row
-- of contact_joins says so in the same transaction, and the one that stays takes over what the other had
-- (src/audience/joining.ts); the row is deleted with that.

create table contact_joins (
  workspace_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  to_id uuid not null,
  primary key (workspace_id, id)
);

create table contact_fields (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('text', 'number', 'date', 'boolean', 'choice')),
  -- What may be chosen, in the order in which it is offered; empty for the other kinds.
  choices text[] not null default '{}',
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index contact_fields__name on contact_fields (workspace_id, lower(name));

-- A row from the first value on. `fields`: by the field's id, as JSON of the field's kind (a date as its ISO text), so
-- that a renamed field keeps its values. HOT: nothing but the key is indexed.
create table contact_profiles (
  workspace_id uuid not null,
  contact_id uuid not null,
  language text,
  country text,
  time_zone text,
  fields jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  primary key (workspace_id, contact_id)
) with (fillfactor = 80);

create table tags (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index tags__name on tags (workspace_id, lower(name));

create table contact_tags (
  workspace_id uuid not null,
  tag_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null default now(),
  primary key (workspace_id, tag_id, contact_id)
);
-- The tags of the contacts on a page, and of those that become one.
create index contact_tags__contact_id on contact_tags (workspace_id, contact_id);

create table lists (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index lists__name on lists (workspace_id, lower(name));

create table list_contacts (
  workspace_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null default now(),
  primary key (workspace_id, list_id, contact_id)
);
-- The lists of the contacts on a page, and of those that become one.
create index list_contacts__contact_id on list_contacts (workspace_id, contact_id);

create table segments (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  -- Groups of conditions, as the contract's SegmentRule says: all of a group, any of the groups.
  rule jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index segments__name on segments (workspace_id, lower(name));

-- When each contact last did what segments ask for: a fold by the latest time, in the transaction that learnt of it.
-- HOT: nothing but the key is indexed.
create table contact_activity (
  workspace_id uuid not null,
  contact_id uuid not null,
  last_inbound_at timestamptz,
  last_delivered_at timestamptz,
  last_read_at timestamptz,
  -- A tap on a message of ours, or a message that quotes one.
  last_replied_at timestamptz,
  primary key (workspace_id, contact_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- What other systems tell of a contact: an order, a visit. `payload` is what they sent.
create table contact_events (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  name text not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- A segment's count, last time and sum by person; the history of one person.
create index contact_events__contact_id on contact_events (workspace_id, contact_id, name, occurred_at desc);
create index contact_events__name on contact_events (workspace_id, name, contact_id, occurred_at desc);

insert into contact_activity (workspace_id, contact_id, last_inbound_at, last_delivered_at, last_read_at, last_replied_at)
select c.workspace_id, c.contact_id, max(c.last_inbound_at), max(s.delivered_at), max(greatest(s.read_at, s.played_at)), max(r.sent_at)
from conversations c
left join lateral (
  select max(s.delivered_at) as delivered_at, max(s.read_at) as read_at, max(s.played_at) as played_at
  from messages m join message_statuses s on s.workspace_id = m.workspace_id and s.wamid_hash = m.wamid_hash
  where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.direction = 'OUTBOUND') s on true
left join lateral (
  select max(m.sent_at) as sent_at from messages m
  join messages q on q.workspace_id = m.workspace_id and q.conversation_id = m.conversation_id and q.wamid = m.context_wamid
  where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.direction = 'INBOUND' and q.direction = 'OUTBOUND') r on true
group by c.workspace_id, c.contact_id
having max(c.last_inbound_at) is not null or max(s.delivered_at) is not null;
