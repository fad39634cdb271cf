-- A user's callback URL. The signing secret is not here: it is derived from the master key `secret_key_id`,
-- `secret_salt` and the id (DESIGN: signing secrets are derived, not stored).
create table endpoints (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  url text not null check (length(url) <= 512),
  description text,
  enabled boolean not null,
  -- statuses, messages, template_status, …
  events text[] not null,
  secret_salt bytea not null,
  secret_key_id text not null,
  secret_created_at timestamptz not null default now(),
  -- A prepared secret: shown, testable, not yet in use.
  next_secret_salt bytea,
  next_secret_key_id text,
  next_secret_created_at timestamptz,
  -- Custom headers, sealed by the secret box; names may be shown, values not.
  headers bytea,
  retry_preset text not null default 'standard' check (retry_preset in ('fast', 'standard', 'long')),
  rate_limit_per_s integer,
  concurrency smallint not null default 16,
  timeout_ms integer not null default 10000,
  -- ok, failing, disabled; why and since when.
  state text not null default 'ok' check (state in ('ok', 'failing', 'disabled')),
  state_reason text,
  failing_since timestamptz,
  -- The whole endpoint waits until then (429, 503, breaker).
  held_until timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

-- One webhook on its way to one endpoint. It points at the journal's bytes; only a rebuilt body is stored here.
create table deliveries (
  workspace_id uuid not null,
  -- Also the `webhook-id` header, the same at every try.
  id uuid not null,
  endpoint_id uuid not null,
  -- Null for a test.
  journal_id uuid,
  kind text not null default 'event' check (kind in ('event', 'test', 'replay')),
  -- Null: the journal's body as it came.
  body bytea,
  -- Subscription keys of what is inside, for filters.
  events text[] not null,
  wamids text[] not null default '{}',
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled', 'held')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz,
  -- The claim that holds it; every settling names it, so a claim that ran out can't settle (fencing).
  lease uuid,
  last_status smallint,
  last_error text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, endpoint_id) references endpoints (workspace_id, id) on delete cascade
) with (fillfactor = 70);
-- The claim: what is due, endpoint by endpoint.
create index deliveries__due on deliveries (workspace_id, endpoint_id, next_attempt_at, id) where state = 'pending';
-- The log of one endpoint, newest first.
create index deliveries__endpoint_id on deliveries (workspace_id, endpoint_id, id desc);
-- What of the journal is still owed: retention asks before it drops a day.
create index deliveries__owed on deliveries (journal_id) where state in ('pending', 'held');

-- One HTTP try.
create table attempts (
  workspace_id uuid not null,
  delivery_id uuid not null,
  attempt smallint not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  -- Null: no answer; then `error` says why.
  status smallint,
  error text,
  error_code text,
  response_excerpt text,
  response_truncated boolean not null default false,
  primary key (workspace_id, delivery_id, attempt),
  foreign key (workspace_id, delivery_id) references deliveries (workspace_id, id) on delete cascade
);
