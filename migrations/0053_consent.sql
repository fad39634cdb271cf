-- Consent as people configure it, and the limits of marketing.
--
-- What was said stays in consent_events. New here: who did it by hand or by the API and why, the words and buttons of each
-- workspace with the time for which each counts, double opt-in, and one policy of marketing a workspace.

alter table consent_events drop constraint consent_events_source_check;
alter table consent_events
  add constraint consent_events_source_check check (source in ('STOP_KEYWORD', 'START_KEYWORD', 'BUTTON', 'META_PREFERENCE',
    'META_ERROR_131050', 'AGENT', 'IMPORT', 'API', 'DOUBLE_OPT_IN')),
  -- The agent or the owner of the key, and the reason that they gave.
  add column user_id uuid,
  add column reason text;
-- The ledger, newest first; by source and state, of which a filter asks a few; and all of one identity in their order.
create index consent_events__occurred_at on consent_events (workspace_id, occurred_at desc, id desc);
create index consent_events__source on consent_events (workspace_id, source, state, occurred_at desc, id desc);
create index consent_events__identity__occurred_at
  on consent_events (workspace_id, identity_kind, identity_value, occurred_at desc, id desc);
drop index consent_events__identity;

-- The statement that marketing_state follows from, and its time: a fold, as the state is.
alter table contacts
  add column marketing_event uuid,
  add column marketing_at timestamptz;
update contacts c set marketing_event = told.id, marketing_at = told.occurred_at
from (
  select distinct on (i.workspace_id, i.contact_id) i.workspace_id, i.contact_id, e.id, e.occurred_at
  from consent_events e
  join contact_identities i on (i.workspace_id, i.kind, i.value) = (e.workspace_id, e.identity_kind, e.identity_value)
  where e.voided_reason is null
  order by i.workspace_id, i.contact_id, e.occurred_at desc, (e.state = 'UNSUBSCRIBED') desc, e.id desc) told
where c.workspace_id = told.workspace_id and c.id = told.contact_id;
-- The blacklist, newest first.
create index contacts__unsubscribed on contacts (workspace_id, marketing_at desc, id desc)
  where marketing_state = 'UNSUBSCRIBED';

-- The words and buttons of a workspace, beside the product's own. A row counts for what was written from `since` until
-- `until`, by the time that Meta gives the message: an old message that comes late, or again, is read as it would have been.
create table consent_words (
  workspace_id uuid not null,
  id uuid not null,
  -- CONFIRM: the answer to the question of a double opt-in.
  meaning text not null check (meaning in ('STOP', 'START', 'CONFIRM')),
  -- typed: the whole message. tapped: the title or the payload of a button or a list's row.
  matches text not null check (matches in ('typed', 'tapped')),
  -- For people to find it by; null: of any language. Every word counts in every conversation.
  language text,
  text text not null,
  user_id uuid,
  since timestamptz not null,
  until timestamptz,
  primary key (workspace_id, id)
);

-- Spans in which the product's own words of a language did not count; `*` stands for all languages.
create table consent_defaults_off (
  workspace_id uuid not null,
  language text not null,
  since timestamptz not null,
  until timestamptz,
  user_id uuid,
  primary key (workspace_id, language, since)
);

create table consent_settings (
  workspace_id uuid primary key references workspaces (id),
  -- Counts changes of words: a batch that finds another number than a process has kept reads the words again.
  words_version bigint not null default 0,
  -- {from: row of phone_numbers, template_name, template_language, button, sources: [AGENT, API, IMPORT]}; null: off.
  double_opt_in jsonb,
  -- People were asked once: a yes is looked for, also when asking was switched off since.
  confirms boolean not null default false,
  -- What is answered to a STOP, and to a confirmed opt-in; null: nothing.
  stop_reply text,
  confirm_reply text,
  updated_at timestamptz not null default now()
);

-- The columns that held them replaced the product's words, which from now on count beside them. Only the database's owner could
-- set them.
insert into consent_words (workspace_id, id, meaning, matches, text, since)
select w.id, gen_random_uuid(), 'STOP', 'typed', word, '-infinity'::timestamptz from workspaces w, unnest(w.stop_words) as word
union all
select w.id, gen_random_uuid(), 'START', 'typed', word, '-infinity'::timestamptz from workspaces w, unnest(w.start_words) as word;
insert into consent_settings (workspace_id, words_version)
select id, 1 from workspaces where stop_words is not null or start_words is not null;
alter table workspaces drop column stop_words, drop column start_words;

-- Questions of a double opt-in, and confirmations of a STOP, that are to be sent: a queue of the role that sends. A row is
-- deleted once it was asked for in the queue of its number; `attempts` ends what can't be.
create table consent_messages (
  workspace_id uuid not null,
  -- The statement that it is about: one message each.
  event_id uuid not null,
  kind text not null check (kind in ('ask', 'stop_reply', 'confirm_reply')),
  identity_kind text not null,
  identity_value text not null,
  -- Of a question: the number that asks. An answer goes where the person wrote last.
  phone_number_id uuid,
  attempts smallint not null default 0,
  next_attempt_at timestamptz not null default now(),
  primary key (workspace_id, event_id)
);
create index consent_messages__due on consent_messages (next_attempt_at);

-- One policy of marketing a workspace. No row, or neither a cap nor quiet hours: no limits.
create table marketing_policies (
  workspace_id uuid primary key references workspaces (id),
  -- At most so many messages a person in so many days.
  cap_messages integer check (cap_messages > 0),
  cap_days integer check (cap_days between 1 and 90),
  -- {from, to, days, whole_days, action: wait|skip}, times of the clock where the person is.
  quiet jsonb,
  -- For people without a known zone or country.
  time_zone text not null default 'UTC',
  -- What agents and the API send counts, and is limited, too.
  people boolean not null default false,
  changed_at timestamptz not null default now(),
  user_id uuid,
  check ((cap_messages is null) = (cap_days is null))
);

-- Marketing that was sent to a person of late, where a policy has a cap: {message: milliseconds since 1970}. A claim locks
-- the rows of its people, so that no two senders take the last place at once; whether a message counts, sends tells.
create table marketing_paces (
  workspace_id uuid not null,
  contact_id uuid not null,
  sent jsonb not null default '{}',
  latest_at timestamptz not null default now(),
  primary key (workspace_id, contact_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
-- Older than any cap: forgotten.
create index marketing_paces__latest_at on marketing_paces (latest_at);

-- How far a policy has been applied to what was there before it: the version of the policy, and the next send to count.
create table marketing_fills (
  workspace_id uuid primary key,
  changed_at timestamptz not null,
  -- Null: all are counted.
  place uuid
);
