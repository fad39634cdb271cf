-- The queue apart from the log (decision 0018): what waits stands in a narrow queue and leaves it when it is finished;
-- the log is written once, when a delivery ends, is partitioned by day, and retention drops whole days.

alter table deliveries rename to deliveries_of_before;
alter table deliveries_of_before rename constraint deliveries_pkey to deliveries_of_before_pkey;
alter table attempts rename to attempts_of_before;
alter table attempts_of_before rename constraint attempts_pkey to attempts_of_before_pkey;
alter index attempts__started_at rename to attempts_of_before__started_at;
alter table delivery_wamids rename to delivery_wamids_of_before;
alter table delivery_wamids_of_before rename constraint delivery_wamids_pkey to delivery_wamids_of_before_pkey;

-- What waits: written by the pipeline, leased and attempted by dispatchers, deleted with its outcome. Claims lock
-- nothing else. Room in each page is for rows that wait for a retry; what is handed over is never updated at all.
create table delivery_queue (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  -- Also the `webhook-id` header, the same at every attempt.
  id uuid not null,
  -- The webhook that it is of.
  journal_id uuid,
  kind text not null default 'event' check (kind in ('event', 'replay')),
  -- Null: the journal's body as it came.
  body bytea,
  -- Subscription keys of what is inside, for filters.
  events text[] not null,
  wamids text[] not null default '{}',
  -- pending: due or under way. held: its endpoint is switched off or disabled; waits without being attempted.
  state text not null default 'pending' check (state in ('pending', 'held')),
  attempts smallint not null default 0,
  -- Attempts that were made before the schedule that runs now.
  schedule_start smallint not null default 0,
  -- When it is due; while leased, when the lease expires.
  next_attempt_at timestamptz,
  -- The lease that holds it; every result names it, so that one that expired records nothing (fencing).
  lease uuid,
  last_status smallint,
  last_error text,
  last_error_code text,
  last_error_class text,
  -- The recovery that made it due last.
  recovery_id uuid,
  created_at timestamptz not null default now(),
  -- Begins as each question does: of an endpoint. It is the endpoint's log of what waits, too. Of a workspace's few
  -- endpoints each is probed where only the id is known.
  primary key (workspace_id, endpoint_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
        autovacuum_analyze_scale_factor = 0.05);
-- The claim: what is due, endpoint by endpoint, those never attempted (0) apart from those to be retried (1), so that
-- neither waits behind the other. It also lists the endpoints that have anything waiting, by skipping.
create index delivery_queue__due on delivery_queue (workspace_id, endpoint_id, (least(attempts, 1::smallint)), next_attempt_at, id)
  where state = 'pending';
-- What of the journal is still needed, and the deliveries of a webhook.
create index delivery_queue__journal_id on delivery_queue (journal_id, endpoint_id);
-- Partial: a delivery that is delivered at once is in none of them.
create index delivery_queue__last_error_class on delivery_queue (workspace_id, endpoint_id, last_error_class, id desc)
  where last_error_class is not null;
create index delivery_queue__recovery_id on delivery_queue (workspace_id, recovery_id, state, id desc)
  where recovery_id is not null;

-- What has ended. Written once; a resend takes it back into the queue. Partitioned by the time in the id, by the day.
create table delivery_log (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  id uuid not null,
  -- Null for a test.
  journal_id uuid,
  kind text not null default 'event' check (kind in ('event', 'test', 'replay')),
  body bytea,
  events text[] not null,
  wamids text[] not null default '{}',
  state text not null check (state in ('delivered', 'failed', 'cancelled')),
  attempts smallint not null default 0,
  schedule_start smallint not null default 0,
  -- Of one that was cancelled: when it would have been due, and the lease under which it was being attempted.
  next_attempt_at timestamptz,
  lease uuid,
  last_status smallint,
  last_error text,
  last_error_code text,
  last_error_class text,
  recovery_id uuid,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  primary key (workspace_id, endpoint_id, id)
) partition by range (id);
-- The deliveries of a webhook.
create index delivery_log__journal_id on delivery_log (journal_id, endpoint_id);
-- What retention asks of a day: whether anything in it ended of late. Rows come in the order in which they end.
create index delivery_log__completed_at on delivery_log using brin (completed_at) with (pages_per_range = 16, autosummarize = on);
-- Partial: what was delivered at the first attempt is in none of them.
create index delivery_log__kind on delivery_log (workspace_id, endpoint_id, kind, id desc) where kind <> 'event';
create index delivery_log__tests on delivery_log (workspace_id, id) where kind = 'test';
create index delivery_log__state on delivery_log (workspace_id, endpoint_id, state, id desc) include (kind)
  where state in ('failed', 'cancelled');
create index delivery_log__last_error_class on delivery_log (workspace_id, endpoint_id, last_error_class, id desc)
  where last_error_class is not null;
create index delivery_log__recovery_id on delivery_log (workspace_id, recovery_id, state, id desc)
  where recovery_id is not null;

-- One HTTP attempt. Lives as long as its delivery, so it is partitioned by that one's day.
create table attempts (
  workspace_id uuid not null,
  delivery_id uuid not null,
  attempt smallint not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  -- Null: no answer; then `error` says why.
  status smallint,
  -- In words, for people; and one of the codes of policy/attempt-codes.ts, for programs. Null when it succeeded.
  error text,
  error_code text,
  response_excerpt text,
  response_truncated boolean not null default false,
  -- Name and value of each request header, without secrets.
  request_headers text,
  -- A user asked for this attempt.
  manual boolean not null default false,
  primary key (workspace_id, delivery_id, attempt)
) partition by range (delivery_id);
-- A time of attempts, for a chart's bar. Their order in the table is nearly that of time.
create index attempts__started_at on attempts using brin (started_at) with (pages_per_range = 16, autosummarize = on);

-- Finds deliveries by message (log/wamids.ts). By the delivery's day as well.
create table delivery_wamids (
  workspace_id uuid not null,
  wamid_hash bigint not null,
  delivery_id uuid not null,
  primary key (workspace_id, wamid_hash, delivery_id)
) partition by range (delivery_id);

-- Days are made ahead (tables/log-days.ts); what belongs to none of them is kept here all the same.
create table delivery_log_other partition of delivery_log default;
create table attempts_other partition of attempts default;
create table delivery_wamids_other partition of delivery_wamids default;

-- The days of what is there.
do $$
declare
  day date;
  first_id text;
  next_id text;
begin
  for day in
    select distinct (created_at at time zone 'UTC')::date from deliveries_of_before
     where created_at > now() - interval '400 days' and created_at < now() + interval '1 day'
  loop
    first_id := regexp_replace(lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0'), '(.{8})(.{4})', '\1-\2-0000-0000-000000000000');
    next_id := regexp_replace(lpad(to_hex((extract(epoch from day + 1) * 1000)::bigint), 12, '0'), '(.{8})(.{4})', '\1-\2-0000-0000-000000000000');
    execute format('create table delivery_log_%s partition of delivery_log for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), first_id, next_id);
    execute format('create table attempts_%s partition of attempts for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), first_id, next_id);
    execute format('create table delivery_wamids_%s partition of delivery_wamids for values from (%L) to (%L)', to_char(day, 'YYYYMMDD'), first_id, next_id);
  end loop;
end $$;

insert into delivery_queue (workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts,
       schedule_start, next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id, created_at)
select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts,
       schedule_start, next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id, created_at
  from deliveries_of_before where state in ('pending', 'held');
insert into delivery_log (workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts,
       schedule_start, next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id,
       created_at, completed_at)
select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts,
       schedule_start, next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id,
       created_at, completed_at
  from deliveries_of_before where state in ('delivered', 'failed', 'cancelled') order by id;
insert into attempts (workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, error_code,
       response_excerpt, response_truncated, request_headers, manual)
select workspace_id, delivery_id, attempt, started_at, duration_ms, status, error, error_code,
       response_excerpt, response_truncated, request_headers, manual
  from attempts_of_before order by started_at;
insert into delivery_wamids select workspace_id, wamid_hash, delivery_id from delivery_wamids_of_before;
drop table deliveries_of_before, attempts_of_before, delivery_wamids_of_before;

-- Both, as pages and the API know them: for reading. Columns are of one type each, so that either part is found by its
-- own index and both are merged in order.
create view deliveries as
select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts, schedule_start,
       next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id, created_at,
       null::timestamptz as completed_at
  from delivery_queue
 union all
select workspace_id, endpoint_id, id, journal_id, kind, body, events, wamids, state, attempts, schedule_start,
       next_attempt_at, lease, last_status, last_error, last_error_code, last_error_class, recovery_id, created_at,
       completed_at
  from delivery_log;
