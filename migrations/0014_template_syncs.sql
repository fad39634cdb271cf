-- What Meta's own list of templates says joins what its webhooks told. Two more subjects in `template_events`:
-- `listed` is what the list said of the template, its status in `value`, and `unlisted` that a list was read to its end
-- without it. The second is for people to read: the fold needs only when the list was last read to its end.
alter table template_events
  -- listed: when the list was last read and said the very same; `occurred_at` is when it first did. A page's time is when
  -- its request began, in whole seconds as those of webhooks.
  add column last_at timestamptz;

-- How the list of an account is read, one row an account. No foreign keys (docs/decisions/0009): the account may be
-- known by a webhook that is being applied.
create table template_syncs (
  workspace_id uuid not null,
  -- The account, as Meta calls it.
  waba_id text not null,
  -- When it is due by itself.
  next_at timestamptz not null,
  -- When a person asked for it, until a try that began later has ended.
  asked_at timestamptz,
  -- The connection's `updated_at` at the last try: one that was changed since (a new token) makes it due at once.
  connection_at timestamptz,
  -- The claim: only who has it may fold a page in. One that ran out is taken over.
  lease uuid,
  lease_until timestamptz,
  -- When the last try began, how it ended if badly ({symbol, code, says, advice, details}), and how many did in a row.
  tried_at timestamptz,
  error jsonb,
  attempts smallint not null default 0,
  -- Meta says that it is too much: nothing before this, whoever asks.
  held_until timestamptz,
  -- When the calls that were made are paid back, a minute each (a generic cell rate): Meta lets an account have 200 an hour.
  paid_at timestamptz,
  -- When the last reading that came to the list's end began, how many templates there were, and how many of Wharf's
  -- it changed.
  read_at timestamptz,
  found integer,
  changed integer,
  primary key (workspace_id, waba_id)
);
