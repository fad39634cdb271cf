-- Outgoing webhooks, whole: what an endpoint's user may set, how it is watched, and what can be done about what failed.

alter table endpoints
  -- Nothing but failures for this long, and we give the endpoint up: what it is owed is held. Warned at half of it.
  add column give_up_after_s integer not null default 432000 check (give_up_after_s between 3600 and 2592000),
  add column warned_at timestamptz,
  -- When we gave it up.
  add column disabled_at timestamptz,
  -- How often it was put to rest since the last success, by the breaker or by a 429: each time it rests longer.
  add column trips smallint not null default 0,
  -- Names of the custom headers as the user spelled them, to be shown; `headers` seals a JSON object of names and values.
  add column header_names text[] not null default '{}',
  -- A test is under way; until then at the latest, should its process die.
  add column testing_until timestamptz,
  -- While it fails: when one more try may be made. Moved on when that try is claimed, so that it stays one.
  add column probe_at timestamptz,
  -- With a rate limit: until then one dispatcher has the whole rate to itself.
  add column rate_next_at timestamptz;
-- Those that may have to be warned or given up.
create index endpoints__failing_since on endpoints (failing_since) where state = 'failing';

alter table deliveries
  -- Tries made before the schedule that runs now: a resend begins a new one.
  add column schedule_start smallint not null default 0;
-- Deliveries of one webhook: what a replay must leave out, and, while they are owed, what retention must keep.
create index deliveries__journal_id on deliveries (journal_id, endpoint_id);
drop index deliveries__owed;
-- The log by a rare state, and how many there are. No index for those delivered: they are most of what the log's own
-- index finds.
create index deliveries__state on deliveries (workspace_id, endpoint_id, state, id desc) include (kind)
  where state in ('failed', 'held', 'cancelled');
-- The log of tests, and of what was sent later: seldom, so it costs those of every day nothing.
create index deliveries__kind on deliveries (workspace_id, endpoint_id, kind, id desc) where kind <> 'event';

-- How many tests a workspace has sent of late.
create index deliveries__tests on deliveries (workspace_id, id) where kind = 'test';

-- What a workspace's webhooks brought, in their order: for replays. It also serves whoever asks for one webhook.
drop index events__journal_id;
create index events__workspace_id__journal_id on events (workspace_id, journal_id);

-- Finds deliveries by a message's id. A table of its own, written once: an index over deliveries.wamids would be
-- written anew at each claim and each result.
create table delivery_wamids (
  workspace_id uuid not null,
  -- The first 8 bytes of the wamid's SHA-256; who asks compares deliveries.wamids too.
  wamid_hash bigint not null,
  delivery_id uuid not null,
  primary key (workspace_id, wamid_hash, delivery_id)
);

alter table attempts
  -- What was sent, as one header a line; the values of custom headers are not kept.
  add column request_headers text,
  -- A person asked for this try.
  add column manual boolean not null default false;

-- The tries of a stretch of time, which a bar of the charts opens. They are written nearly in the order of their times,
-- so the smallest of indexes will do.
create index attempts__started_at on attempts using brin (started_at) with (pages_per_range = 16, autosummarize = on);

-- Tries by the minute, for charts: written with their results. Tests are not counted.
create table endpoint_minutes (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  minute timestamptz not null,
  delivered integer not null,
  failed integer not null,
  -- How many tries that got an answer took how long: one count a bucket (src/delivery/latency.ts).
  latencies integer[] not null,
  primary key (workspace_id, endpoint_id, minute)
) with (fillfactor = 70);

-- What happened to an endpoint, one row a turn of events: for its page, and for whoever must be told.
create table endpoint_history (
  workspace_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  -- created, changed, enabled, switched_off, failing, warned, disabled, recovered, secret_rotated, secret_prepared,
  -- secret_activated, secret_discarded
  kind text not null,
  -- In words, for people.
  detail text,
  -- Who did it; null: Wharf itself, or an API key.
  user_id text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index endpoint_history__endpoint_id on endpoint_history (workspace_id, endpoint_id, id desc);

-- Sending again what failed, or at last what was never tried, under way or done.
create table recoveries (
  workspace_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  what text not null check (what in ('failed', 'missing')),
  since timestamptz not null,
  until timestamptz not null,
  state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  rate_per_s integer not null check (rate_per_s between 1 and 1000),
  -- Counted when it began.
  total integer not null,
  done integer not null default 0,
  -- Could not be sent again, such as webhooks whose bytes are no longer kept.
  skipped integer not null default 0,
  -- The last delivery (what = failed) or webhook (missing) that it dealt with.
  position uuid,
  next_step_at timestamptz not null default now(),
  user_id text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (workspace_id, id)
);
create index recoveries__endpoint_id on recoveries (workspace_id, endpoint_id, id desc);
-- The work there is.
create index recoveries__next_step_at on recoveries (next_step_at) where state = 'running';
-- One at a time for each endpoint and kind.
create unique index recoveries__running on recoveries (workspace_id, endpoint_id, what) where state = 'running';
