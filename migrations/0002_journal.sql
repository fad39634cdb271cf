-- One row a POST from Meta, byte for byte, duplicates too. Partitioned by the day in its UUIDv7; the partitions
-- are made ahead by the journal itself, and retention drops them. No unique index but the key.
create table journal (
  id uuid not null,
  received_at timestamptz not null,
  connection_id uuid not null,
  body bytea not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null,
  -- Why it is dead, or what went wrong at the last try.
  error text,
  settled_at timestamptz,
  primary key (id)
) partition by range (id);
-- The claim: oldest due first. Only waiting rows are in it.
create index journal__next_attempt_at on journal (next_attempt_at, id) where state = 'pending';
-- The page of what died.
create index journal__dead on journal (id) where state = 'dead';

-- One row an item of a webhook, the first time that it is seen: `insert … on conflict do nothing returning` decides
-- what is new, the one place where repetition ends. `id` is the hash of `key` (16 bytes instead of 90). The workspace
-- is the one that its route gave, and is not asked for again row by row (docs/decisions/0009).
create table events (
  workspace_id uuid not null,
  id uuid not null,
  key text not null,
  kind text not null,
  occurred_at timestamptz,
  journal_id uuid not null,
  payload jsonb not null,
  outcome text not null default 'applied' check (outcome in ('applied', 'ignored', 'failed')),
  -- Why it was ignored or failed.
  reason text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- The items of one webhook, for its page, and for what a retry must apply again.
create index events__journal_id on events (journal_id);
