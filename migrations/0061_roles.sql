-- Roles with permissions by area, which conversations a member sees, invitations by a link, sessions with limits, API keys
-- with limits of their own, and the audit log. The nine standard roles and what each may are src/contract/permissions.ts.

-- A workspace's own roles: a copy of a role with other levels.
create table roles (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  -- {"inbox": "work", …}, one level for each area.
  permissions jsonb not null,
  -- Whether the phone numbers of customers are shown.
  sees_numbers boolean not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index roles__name on roles (workspace_id, lower(name));

-- `role` is a standard role, or 'custom' with `role_id`: a role that is in use can't be deleted.
alter table members
  add column role_id uuid,
  -- Which conversations they see: 'numbers' those of member_numbers, 'own' theirs and those that no one has.
  add column scope text not null default 'all' check (scope in ('all', 'numbers', 'own')),
  -- Null: not since this is kept. By the minute.
  add column last_seen_at timestamptz,
  -- No longer let in; the row stays, as their name stands beside what they did.
  add column deactivated_at timestamptz;

-- The numbers whose conversations a member with the scope 'numbers' sees.
create table member_numbers (
  workspace_id uuid not null,
  user_id uuid not null,
  phone_number_id uuid not null,
  primary key (workspace_id, user_id, phone_number_id),
  foreign key (workspace_id, user_id) references members (workspace_id, user_id) on delete cascade,
  foreign key (workspace_id, phone_number_id) references phone_numbers (workspace_id, id) on delete cascade
);

-- An invitation is accepted by a link that is kept as a hash; it ends after 7 days, or when it is revoked.
alter table invitations
  add column role_id uuid,
  add column scope text not null default 'all' check (scope in ('all', 'numbers', 'own')),
  add column phone_number_ids uuid[] not null default '{}',
  add column token_hash text unique;

alter table api_keys
  add column role text not null default 'viewer',
  add column role_id uuid,
  -- A key's own permissions, instead of a role's.
  add column grants jsonb,
  add column rate_limit_per_s integer not null default 80 check (rate_limit_per_s between 1 and 10000),
  -- Addresses and networks that it may be used from; none: from anywhere.
  add column allowed_addresses text[] not null default '{}',
  -- The numbers that it may see and write from; none: all.
  add column phone_number_ids uuid[] not null default '{}',
  add column last_address text,
  -- The key that it follows, which goes on for a time.
  add column follows_id uuid;

-- What the two roles of before were: an owner may all, a member all but what is set up. Who is a member keeps that, by a
-- role of the workspace's own.
insert into roles (workspace_id, id, name, permissions, sees_numbers)
  select distinct on (workspace_id) workspace_id, gen_random_uuid(), 'Member',
    '{"campaigns":"work","automations":"work","templates":"work","audience":"work","inbox":"work","analytics":"read",
      "webhooks":"work","connections":"none","people":"none","settings":"none"}'::jsonb, true
  from (
    select workspace_id, role from members
    union all select workspace_id, coalesce(metadata::jsonb ->> 'role', 'member') from api_keys) had
  where 'owner' <> all (string_to_array(role, ','));
update members m set role = 'custom', role_id = r.id from roles r
  where r.workspace_id = m.workspace_id and 'owner' <> all (string_to_array(m.role, ','));
update members set role = 'owner' where role <> 'custom' and role <> 'owner';
update api_keys k set role = 'custom', role_id = r.id from roles r
  where r.workspace_id = k.workspace_id
    and 'owner' <> all (string_to_array(coalesce(k.metadata::jsonb ->> 'role', 'member'), ','));
update api_keys set role = 'owner' where role_id is null;

alter table members
  add constraint members_role_id_fkey foreign key (workspace_id, role_id) references roles (workspace_id, id),
  add constraint members_role_check check ((role = 'custom') = (role_id is not null));
alter table invitations
  add constraint invitations_role_id_fkey foreign key (workspace_id, role_id) references roles (workspace_id, id);
alter table api_keys
  add constraint api_keys_role_id_fkey foreign key (workspace_id, role_id) references roles (workspace_id, id),
  add constraint api_keys_role_check check ((role = 'custom') = (role_id is not null or grants is not null));

-- How long a session lasts without use, and at most; how long the audit log is kept.
alter table workspaces
  add column session_idle_s integer not null default 604800 check (session_idle_s between 300 and 2592000),
  add column session_absolute_s integer not null default 2592000 check (session_absolute_s between 3600 and 31536000),
  add column audit_retention_days integer not null default 365 check (audit_retention_days between 30 and 3650);

-- When the password, or what stands for it, was given last: secrets and roles ask for it again after ten minutes.
alter table sessions
  add column proved_at timestamptz not null default now(),
  add column last_used_at timestamptz not null default now();

-- Who changed, exported or saw what. Written in the transaction of the change; never changed, deleted by its own retention.
create table audit_log (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- Made from the time, so its order is that of the entries.
  id uuid not null,
  occurred_at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
  -- A user's or a key's id; the name is kept, as they may go.
  actor_id uuid,
  actor_name text not null,
  -- The route, as "DELETE /api/v1/api_keys/:id", or a word for what is none.
  action text not null,
  subject_kind text not null,
  subject_id text,
  address text,
  primary key (workspace_id, id)
);
create index audit_log__actor_id on audit_log (workspace_id, actor_id, id desc);
create index audit_log__action on audit_log (workspace_id, action, id desc);
create index audit_log__subject_id on audit_log (workspace_id, subject_id, id desc);

-- The inbox of a member who sees their own conversations, or those of some numbers: newest first.
create index conversations__assignee_id__listed_at on conversations (workspace_id, status, assignee_id, listed_at desc, id desc);
create index conversations__phone_number_id__listed_at on conversations (workspace_id, status, phone_number_id, listed_at desc, id desc);

-- Which messages show an uploaded file: who sees none of their conversations is not shown the file.
create index messages__file_ref on messages (workspace_id, (coalesce(content ->> 'id', content #>> '{media,id}')))
  where direction = 'OUTBOUND' and type in ('image', 'video', 'audio', 'voice', 'document', 'sticker');
