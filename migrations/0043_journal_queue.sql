-- The journal is an archive that is written once; what is still to be done of it stands in a queue apart.

-- Webhooks that wait for the pipeline: a row comes in the commit that stores the webhook and goes in the one that
-- completes it. Claims lock and scan this table alone, however many days the journal has.
create table journal_queue (
  journal_id uuid not null,
  -- So that a claim knows how much it takes without reading it.
  body_bytes integer not null,
  -- Tries so far.
  attempts smallint not null default 0,
  -- By the database's clock. It is pushed ahead while a process has the webhook in memory (src/journal/append.ts).
  next_attempt_at timestamptz not null default now(),
  -- What went wrong at the last try.
  error text,
  primary key (journal_id)
) with (
  -- Rows live for milliseconds: vacuum comes by the count of the dead, and as fast as it can. 85: a lease that is
  -- written again finds room beside it.
  fillfactor = 85, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 100000, autovacuum_vacuum_cost_delay = 0
);
-- The claim: longest due first. The key serves the rest: completing, the page of what waits, and retention's question.
create index journal_queue__next_attempt_at on journal_queue (next_attempt_at, journal_id);

-- How webhooks ended of which there is more to say than that they were processed at the first try: the dead, and those
-- with a note or several tries. Of the others nothing is written at all. Goes with the journal's day.
create table journal_outcomes (
  journal_id uuid not null,
  state text not null check (state in ('done', 'dead')),
  attempts smallint not null,
  error text,
  completed_at timestamptz not null default now(),
  primary key (journal_id)
);
-- The page of what died, and their count.
create index journal_outcomes__dead on journal_outcomes (journal_id) where state = 'dead';

-- What waits and what died, by the indexes of before; notes and tries of the others by one look through the journal.
insert into journal_queue (journal_id, body_bytes, attempts, next_attempt_at, error)
select id, octet_length(body), attempts, next_attempt_at, error from journal where state = 'pending';
insert into journal_outcomes (journal_id, state, attempts, error, completed_at)
select id, state, attempts, error, coalesce(completed_at, received_at) from journal
where state = 'dead' or state = 'done' and (error is not null or attempts > 1);

drop index journal__next_attempt_at;
drop index journal__dead;
alter table journal
  drop column state, drop column attempts, drop column next_attempt_at, drop column error, drop column completed_at;

-- The page of a connection over which little comes: its newest by this, where the key would walk all the others'.
-- With it the journal has two indexes, as before.
create index journal__connection_id on journal (connection_id, id);
