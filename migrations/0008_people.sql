-- People, their sessions and API keys, kept by better-auth (src/api/auth-tables.ts maps its names to these). A
-- workspace is better-auth's organization. Users stand above workspaces: `members` says who belongs where.
create table users (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- How a user signs in: `provider_id` credential holds the password's scrypt hash.
create table user_accounts (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index user_accounts__user_id on user_accounts (user_id);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  -- Of no use without the cookie's signature, which is keyed by the master key.
  token text not null unique,
  -- The workspace that this browser looks at; null: the user's first.
  active_workspace_id uuid references workspaces (id) on delete set null,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions__user_id on sessions (user_id);

-- One-time sign-in links: `identifier` is the hash of the link's token.
create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications__identifier on verifications (identifier);

create table members (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  -- owner, admin, member
  role text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, user_id)
);
create index members__user_id on members (user_id);

create table invitations (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  email text not null,
  role text,
  status text not null default 'pending',
  inviter_id uuid not null references users (id) on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index invitations__email on invitations (email);

-- A key acts in one workspace. Found by its hash, before the workspace is known: so the hash is unique by itself.
create table api_keys (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text,
  -- SHA-256 of the key, base64url; the key itself is shown once. `start` is enough to recognise it.
  key_hash text not null unique,
  start text,
  prefix text,
  config_id text not null default 'default',
  enabled boolean not null default true,
  expires_at timestamptz,
  -- By the minute: reading does not write for each request.
  last_request_at timestamptz,
  -- JSON: {"role": "owner"}
  metadata text,
  permissions text,
  rate_limit_enabled boolean not null default false,
  rate_limit_time_window integer,
  rate_limit_max integer,
  request_count integer not null default 0,
  remaining integer,
  refill_interval integer,
  refill_amount integer,
  last_refill_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

-- How often an address tried to sign in, counted for all processes together.
create table rate_limits (
  id uuid primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);
