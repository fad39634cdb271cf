-- The log of deliveries answers more: what kind of failure a delivery ended with, and what a recovery came to.

alter table deliveries
  -- How the last try failed, as people tell failures apart: http_3xx, http_4xx, http_5xx, timeout, connection, dns, tls,
  -- other (src/delivery/attempt-errors.ts). Null when it was received, or was not tried.
  add column last_error_class text,
  -- The recovery that made it due last.
  add column recovery_id uuid;
update deliveries set last_error_class = case
    when attempts.error_code in ('http_status', 'redirect', 'gone') and attempts.status between 300 and 599 then 'http_' || attempts.status / 100 || 'xx'
    when attempts.error_code = 'timeout' then 'timeout'
    when attempts.error_code in ('connect_timeout', 'connection_refused', 'connection_closed', 'unreachable', 'network')
      then 'connection'
    when attempts.error_code in ('name_not_found', 'name_lookup_failed') then 'dns'
    when attempts.error_code = 'tls' then 'tls'
    else 'other' end
  from attempts
 where deliveries.last_error is not null and attempts.workspace_id = deliveries.workspace_id
   and attempts.delivery_id = deliveries.id and attempts.attempt = deliveries.attempts and attempts.error_code is not null;
-- The log by the kind of failure. What is received is not in it, so it costs a healthy endpoint nothing.
create index deliveries__last_error_class on deliveries (workspace_id, endpoint_id, last_error_class, id desc)
  where last_error_class is not null;
-- What a recovery came to, and its deliveries. Only those of recoveries are in it.
create index deliveries__recovery_id on deliveries (workspace_id, recovery_id, state, id desc)
  where recovery_id is not null;

alter table recoveries
  drop constraint recoveries_what_check,
  -- chosen: deliveries that a person chose, by hand or by a filter; `chosen` are their ids, ascending.
  add constraint recoveries_what_check check (what in ('failed', 'missing', 'chosen')),
  add column chosen uuid[],
  -- What became of what it made due, written when the last of it was settled; null before, and where it was not kept.
  add column delivered integer,
  add column failed integer,
  add column settled_at timestamptz;
-- Those of before are not counted any more.
update recoveries set settled_at = finished_at where state <> 'running';
drop index recoveries__next_step_at;
-- The work there is: steps, and then to look whether all of it is settled.
create index recoveries__next_step_at on recoveries (next_step_at) where settled_at is null;
