-- A user's callback URL. The signing secret is not here: it is derived from the master key `secret_key_id`,
-- `secret_salt` and the id (DESIGN: signing secrets are derived, not stored).
create table endpoints (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  url text not null check (length(url) <= 512),
  description text,
  -- The user's switch. What arrives while it is off is not for this endpoint.
  enabled boolean not null,
  -- statuses, messages, template_status, …
  events text[] not null,
  secret_salt bytea not null,
  secret_key_id text not null,
  -- 8 hex digits of the secret's SHA-256: tells secrets apart, of no use to sign.
  secret_fingerprint text not null,
  secret_created_at timestamptz not null default now(),
  -- A prepared secret: shown, testable, not yet in use.
  next_secret_salt bytea,
  next_secret_key_id text,
  next_secret_fingerprint text,
  next_secret_created_at timestamptz,
  -- Custom headers, sealed by the secret box; names may be shown, values not.
  headers bytea,
  retry_preset text not null default 'standard' check (retry_preset in ('fast', 'standard', 'long')),
  rate_limit_per_s integer check (rate_limit_per_s > 0),
  -- Tries under way at once, in each dispatcher, once it has shown that it answers quickly (else 16: dispatcher.ts).
  concurrency smallint not null default 64 check (concurrency between 1 and 256),
  -- One try, from the first byte out to the last byte in. A claim's lease must outlast it: see dispatcher.ts.
  timeout_ms integer not null default 10000 check (timeout_ms between 1000 and 30000),
  -- Health, ours: ok; failing: its last tries all failed; disabled: we gave up (deliveries are held, none is lost).
  state text not null default 'ok' check (state in ('ok', 'failing', 'disabled')),
  state_reason text,
  -- Tries that failed since the last success, and when the first of them did.
  failures integer not null default 0,
  failing_since timestamptz,
  -- The whole endpoint waits until then (429, 503, breaker).
  held_until timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Deleted by its user: gone from every answer at once, its rows are purged in small batches.
  deleted_at timestamptz,
  primary key (workspace_id, id)
);
-- What the purge has left to do.
create index endpoints__deleted_at on endpoints (deleted_at) where deleted_at is not null;

-- One webhook on its way to one endpoint. It points at the journal's bytes; only a rebuilt body is stored here.
-- No foreign keys here nor on attempts: each would cost a look-up and a row lock a delivery, and this room alone
-- writes these tables, after reading the endpoint, whose row outlives them.
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
  -- pending: due or under way. held: its endpoint is switched off or given up; waits without being tried.
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled', 'held')),
  attempts smallint not null default 0,
  -- When it is due; while claimed, when the claim runs out. Null when nothing will be tried.
  next_attempt_at timestamptz,
  -- The claim that holds it; every settling names it, so a claim that ran out can't settle (fencing).
  lease uuid,
  last_status smallint,
  last_error text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (workspace_id, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
-- The claim: what is due, endpoint by endpoint, those never tried (0) apart from those to be tried again (1), so
-- that neither waits behind the other. It also lists the endpoints that have anything waiting, by skipping.
create index deliveries__due on deliveries (workspace_id, endpoint_id, (least(attempts, 1::smallint)), next_attempt_at, id)
  where state = 'pending';
-- The log of one endpoint, newest first; also what is held.
create index deliveries__endpoint_id on deliveries (workspace_id, endpoint_id, id desc);
-- What of the journal is still owed: retention asks before it drops a day.
create index deliveries__owed on deliveries (journal_id) where state in ('pending', 'held') and body is null;

-- One HTTP try.
create table attempts (
  workspace_id uuid not null,
  delivery_id uuid not null,
  attempt smallint not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  -- Null: no answer; then `error` says why.
  status smallint,
  -- In words, for people; and one of the codes of attempt-errors.ts, for programs. Null when it succeeded.
  error text,
  error_code text,
  response_excerpt text,
  response_truncated boolean not null default false,
  primary key (workspace_id, delivery_id, attempt)
);
