-- Events are what retention drops by the month, and no longer a second copy of every item: what one says is sliced from
-- the journal when a page asks (docs/decisions/0018).

alter table events rename to events_before;
alter table events_before rename constraint events_pkey to events_before_pkey;
alter table events_before rename constraint events_outcome_check to events_before_outcome_check;
drop index events__failures, events__number__kind, events__subjects, events__unread, events__workspace_id__journal_id;

-- One row an item of a webhook, the first time that it is seen: `insert … on conflict do nothing returning` decides
-- what is new, the one place where repetition ends. Partitioned by the month of Meta's time, with which the id begins; the
-- partitions are made ahead and on demand by the pipeline, and retention drops them.
create table events (
  workspace_id uuid not null,
  -- A function of the event: the day of Meta's time (16 bits, days since 1970; 0: none), then the hash of `key`.
  -- Duplicates meet at any later time, and new rows go to the end of the index.
  id uuid not null,
  key text not null,
  kind text not null,
  -- By Meta's clock; null where the item has no time.
  occurred_at timestamptz,
  journal_id uuid not null,
  outcome text not null default 'applied' check (outcome in ('applied', 'ignored', 'failed')),
  -- Why it was ignored or failed.
  reason text,
  -- When it was stored, within the transaction that applied it; its webhook's page says it as the time of processing.
  created_at timestamptz not null default clock_timestamp(),
  -- The business number that the webhook named; null where it named none (templates, accounts).
  phone_number_id uuid,
  -- Hashes of who and what the event names: identities, messages, a template, pieces of the message's id. Null in
  -- events from before 0029: createSubjectFill (src/pipeline/subject-fill.ts) reads them again, batch by batch.
  subjects bigint[],
  primary key (workspace_id, id)
) partition by range (id);
-- The items of one webhook: its page, replays, and what a retry must apply again.
create index events__workspace_id__journal_id on events (workspace_id, journal_id);
-- Search: "the events that name one of these", and "the events whose message id has all of these pieces".
-- New rows wait in a list that every search reads, so it is short.
create index events__subjects on events using gin (subjects) with (gin_pending_list_limit = 128);
-- The filters of number and kind, newest first, each pair by itself. New rows go to the end of each.
create index events__number__kind on events
  (workspace_id, coalesce(phone_number_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, journal_id);
-- Statuses that say that a message failed: among all the others they are few.
create index events__failures on events (workspace_id, journal_id) where kind = 'status' and key like 'status:%:failed:%';
-- What is still to be read again; empty once that is done.
create index events__unread on events (journal_id) where subjects is null;
-- Retention: whether anything of a month arrived lately. Rows stand in the order of arrival, so a few kilobytes tell it.
create index events__arrived on events using brin (journal_id);

-- Events keep the hash that they had and get the day before it, so that what Meta repeats after the update is known.
create function pg_temp.dated(id uuid, occurred_at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex(least(greatest(floor(extract(epoch from coalesce(occurred_at, 'epoch')) / 86400), 0), 65535)::integer), 4, '0')
    || substr(id::text, 5))::uuid $$;

do $$
declare
  month date;
begin
  for month in
    select distinct date_trunc('month', least(greatest(coalesce(occurred_at, 'epoch'), 'epoch'), '2149-06-06') at time zone 'utc')::date
    from events_before
  loop
    execute format('create table events_%s partition of events for values from (%L) to (%L)',
      to_char(month, 'YYYYMM'),
      lpad(to_hex(month - date '1970-01-01'), 4, '0') || '0000-0000-0000-0000-000000000000',
      case when month = date '2149-06-01' then 'ffffffff-ffff-ffff-ffff-ffffffffffff'
        else lpad(to_hex((month + interval '1 month')::date - date '1970-01-01'), 4, '0') || '0000-0000-0000-0000-000000000000' end);
  end loop;
end $$;

insert into events (workspace_id, id, key, kind, occurred_at, journal_id, outcome, reason, created_at, phone_number_id, subjects)
select workspace_id, pg_temp.dated(id, occurred_at), key, kind, occurred_at, journal_id, outcome, reason, created_at,
  phone_number_id, subjects
from events_before
order by journal_id;

-- A message says which webhook brought it, by its event. Elsewhere ids of events only decide between equal times, and
-- there those of before stay.
update messages m set event_id = pg_temp.dated(e.id, e.occurred_at)
from events_before e where e.workspace_id = m.workspace_id and e.id = m.event_id;

drop table events_before;
