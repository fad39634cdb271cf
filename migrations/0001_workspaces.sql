-- A workspace is a tenant. Every tenant table's primary key and unique keys begin with workspace_id, and no
-- foreign key crosses workspaces: a query cannot forget its tenant, and the schema can be spread by workspace.
create table workspaces (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  logo text,
  metadata text,
  -- STOP and START words for this workspace; null: the built-in lists.
  stop_words text[],
  start_words text[],
  created_at timestamptz not null default now()
);

-- A Meta app. `workspace_id` null: shared by several workspaces, which are then told apart by their accounts and
-- phone numbers. Secrets are sealed by the secret box, with `connection:{id}:{column}` as their context.
create table connections (
  id uuid primary key,
  workspace_id uuid references workspaces (id),
  name text not null,
  app_secret bytea,
  -- Accepted beside the new one while the app secret is being rotated.
  previous_app_secret bytea,
  previous_app_secret_until timestamptz,
  verify_token bytea,
  access_token bytea,
  graph_url text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- A WhatsApp Business Account (WABA): found by `entry.id`.
create table accounts (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  connection_id uuid not null references connections (id),
  waba_id text not null,
  name text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, waba_id)
);
-- On a shared connection the workspace follows from the account.
create index accounts__connection_id__waba_id on accounts (connection_id, waba_id);

-- A business number: found by `metadata.phone_number_id`.
create table phone_numbers (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  connection_id uuid not null references connections (id),
  -- Meta's id. The account is known by its waba_id; null until a webhook names it.
  phone_number_id text not null,
  waba_id text,
  display_phone_number text,
  verified_name text,
  quality text,
  last_webhook_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, phone_number_id)
);
create index phone_numbers__connection_id__phone_number_id on phone_numbers (connection_id, phone_number_id);
