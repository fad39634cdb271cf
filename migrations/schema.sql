-- The whole schema after all migrations, written by `npm run schema`. Read it; change it by a migration.

create table account_facts (
  workspace_id uuid not null,
  subject_kind text not null,
  subject text not null,
  aspect text not null,
  value jsonb not null,
  blocks text,
  until timestamp with time zone,
  says text,
  at timestamp with time zone not null,
  rank smallint not null,
  event_id uuid not null,
  constraint account_facts_pkey primary key (workspace_id, subject_kind, subject, aspect),
  constraint account_facts_blocks_check check ((blocks = any (array['all'::text, 'templates'::text]))),
  constraint account_facts_subject_kind_check check ((subject_kind = any (array['account'::text, 'number'::text])))
);

create table accounts (
  workspace_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  waba_id text not null,
  name text,
  created_at timestamp with time zone not null default now(),
  constraint accounts_pkey primary key (workspace_id, id),
  constraint accounts_workspace_id_waba_id_key unique (workspace_id, waba_id),
  constraint accounts_connection_id_fkey foreign key (connection_id) references connections(id),
  constraint accounts_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index accounts__connection_id__waba_id on accounts using btree (connection_id, waba_id);

create table api_keys (
  workspace_id uuid not null,
  id uuid not null,
  name text,
  key_hash text not null,
  start text,
  prefix text,
  config_id text not null default 'default'::text,
  enabled boolean not null default true,
  expires_at timestamp with time zone,
  last_request_at timestamp with time zone,
  metadata text,
  permissions text,
  rate_limit_enabled boolean not null default false,
  rate_limit_time_window integer,
  rate_limit_max integer,
  request_count integer not null default 0,
  remaining integer,
  refill_interval integer,
  refill_amount integer,
  last_refill_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  created_by uuid,
  role text not null default 'viewer'::text,
  role_id uuid,
  grants jsonb,
  rate_limit_per_s integer not null default 80,
  allowed_addresses text[] not null default '{}'::text[],
  phone_number_ids uuid[] not null default '{}'::uuid[],
  last_address text,
  follows_id uuid,
  constraint api_keys_pkey primary key (workspace_id, id),
  constraint api_keys_key_hash_key unique (key_hash),
  constraint api_keys_rate_limit_per_s_check check (((rate_limit_per_s >= 1) and (rate_limit_per_s <= 10000))),
  constraint api_keys_role_check check (((role = 'custom'::text) = ((role_id is not null) or (grants is not null)))),
  constraint api_keys_created_by_fkey foreign key (created_by) references users(id) on delete set null,
  constraint api_keys_role_id_fkey foreign key (workspace_id, role_id) references roles(workspace_id, id),
  constraint api_keys_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);

create table attempts (
  workspace_id uuid not null,
  delivery_id uuid not null,
  attempt smallint not null,
  started_at timestamp with time zone not null,
  duration_ms integer not null,
  status smallint,
  error text,
  error_code text,
  response_excerpt text,
  response_truncated boolean not null default false,
  request_headers text,
  manual boolean not null default false,
  constraint attempts_pkey primary key (workspace_id, delivery_id, attempt)
) partition by range (delivery_id);
create index attempts__started_at on attempts using brin (started_at) with (pages_per_range='16', autosummarize='on');

create table audit_log (
  workspace_id uuid not null,
  id uuid not null,
  occurred_at timestamp with time zone not null default now(),
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text,
  address text,
  constraint audit_log_pkey primary key (workspace_id, id),
  constraint audit_log_actor_kind_check check ((actor_kind = any (array['user'::text, 'key'::text, 'system'::text]))),
  constraint audit_log_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index audit_log__action on audit_log using btree (workspace_id, action, id desc);
create index audit_log__actor_id on audit_log using btree (workspace_id, actor_id, id desc);
create index audit_log__subject_id on audit_log using btree (workspace_id, subject_id, id desc);

create table automation_activities (
  workspace_id uuid not null,
  run_id uuid not null,
  visit integer not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  node_id text not null,
  node_type text not null,
  status text not null,
  port text,
  reason text,
  inputs jsonb not null default '{}'::jsonb,
  message_id uuid,
  due_at timestamp with time zone,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint automation_activities_pkey primary key (workspace_id, run_id, visit),
  constraint automation_activities_status_check check ((status = any (array['PENDING'::text, 'SCHEDULED'::text, 'COMPLETED'::text, 'FAILED'::text, 'SKIPPED'::text])))
) with (fillfactor=80);
create index automation_activities__held on automation_activities using btree (workspace_id, automation_id, node_id) where ((ended_at is null) and (reason = 'NOT_CONNECTED'::text));
create index automation_activities__listed on automation_activities using btree (workspace_id, automation_id, started_at desc, run_id desc, visit desc);
create index automation_activities__message_id on automation_activities using btree (workspace_id, message_id) where (message_id is not null);
create index automation_activities__node on automation_activities using btree (workspace_id, automation_id, node_id, status, port, version, run_id);

create table automation_counts (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  node_id text not null,
  key text not null,
  slot smallint not null,
  n bigint not null,
  constraint automation_counts_pkey primary key (workspace_id, automation_id, version, node_id, key, slot)
) with (fillfactor=50, autovacuum_vacuum_scale_factor=0.05);

create table automation_entries (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  key text not null default ''::text,
  trigger jsonb not null,
  due_at timestamp with time zone not null default now(),
  constraint automation_entries_pkey primary key (workspace_id, id)
);
create index automation_entries__due on automation_entries using btree (due_at);

create table automation_messages (
  workspace_id uuid not null,
  message_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  node_id text not null,
  run_id uuid not null,
  visit integer not null,
  started_at timestamp with time zone not null,
  reached smallint not null default 0,
  failed boolean not null default false,
  replied boolean not null default false,
  constraint automation_messages_pkey primary key (workspace_id, message_id)
) with (fillfactor=80);
create index automation_messages__failed on automation_messages using btree (workspace_id, automation_id, started_at desc, run_id desc, visit desc) where failed;
create index automation_messages__listed on automation_messages using btree (workspace_id, automation_id, started_at desc, run_id desc, visit desc);
create index automation_messages__replied on automation_messages using btree (workspace_id, automation_id, started_at desc, run_id desc, visit desc) where replied;

create table automation_runs (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  version integer not null,
  contact_id uuid not null,
  key text not null default ''::text,
  state text not null,
  node_id text,
  visit integer not null default 0,
  trigger jsonb not null,
  message_id uuid,
  conversation_id uuid,
  stopped boolean not null default false,
  reason text,
  entered_at timestamp with time zone not null default now(),
  resumed_at timestamp with time zone,
  ended_at timestamp with time zone,
  test jsonb,
  constraint automation_runs_pkey primary key (workspace_id, id),
  constraint automation_runs_state_check check ((state = any (array['ACTIVE'::text, 'PAUSED'::text, 'COMPLETED'::text, 'FAILED'::text, 'EXITED'::text, 'CANCELLED'::text, 'BLOCKED'::text])))
) with (fillfactor=80);
create index automation_runs__contact_id on automation_runs using btree (workspace_id, contact_id, automation_id, entered_at desc);
create unique index automation_runs__inside on automation_runs using btree (workspace_id, automation_id, contact_id, key) where (state = any (array['ACTIVE'::text, 'PAUSED'::text]));
create index automation_runs__left on automation_runs using btree (workspace_id, automation_id, node_id, state, reason) where (state = any (array['EXITED'::text, 'FAILED'::text, 'CANCELLED'::text]));
create index automation_runs__listed on automation_runs using btree (workspace_id, automation_id, entered_at desc, id desc);
create index automation_runs__state on automation_runs using btree (workspace_id, automation_id, state, entered_at desc, id desc);
create index automation_runs__stopped on automation_runs using btree (workspace_id, automation_id) where stopped;

create table automation_segment_members (
  workspace_id uuid not null,
  automation_id uuid not null,
  contact_id uuid not null,
  constraint automation_segment_members_pkey primary key (workspace_id, automation_id, contact_id)
);

create table automation_tests (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  run_id uuid not null,
  user_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint automation_tests_pkey primary key (workspace_id, id)
);
create index automation_tests__automation_id on automation_tests using btree (workspace_id, automation_id);

create table automation_told (
  workspace_id uuid not null,
  id uuid not null,
  fact jsonb not null,
  contact_ids uuid[] not null,
  automation_ids uuid[] not null,
  constraint automation_told_pkey primary key (workspace_id, id)
);

create table automation_triggers (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  kind text not null,
  subject text,
  look_at timestamp with time zone,
  place jsonb not null default '{}'::jsonb,
  constraint automation_triggers_pkey primary key (workspace_id, automation_id)
);
create index automation_triggers__due on automation_triggers using btree (look_at) where (look_at is not null);
create index automation_triggers__kind on automation_triggers using btree (workspace_id, kind);

create table automation_versions (
  workspace_id uuid not null,
  automation_id uuid not null,
  version integer not null,
  flow jsonb not null,
  user_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint automation_versions_pkey primary key (workspace_id, automation_id, version)
);

create table automation_waits (
  workspace_id uuid not null,
  run_id uuid not null,
  visit integer not null,
  wake_at timestamp with time zone not null,
  contact_id uuid not null,
  message_id uuid,
  hears text[] not null default '{}'::text[],
  constraint automation_waits_pkey primary key (workspace_id, run_id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02);
create index automation_waits__contact_id on automation_waits using btree (workspace_id, contact_id);
create index automation_waits__due on automation_waits using btree (wake_at);
create index automation_waits__message_id on automation_waits using btree (workspace_id, message_id) where (message_id is not null);

create table automation_wakes (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  constraint automation_wakes_pkey primary key (workspace_id, id)
);

create table automation_work (
  workspace_id uuid not null,
  id uuid not null,
  automation_id uuid not null,
  verb text not null,
  asked jsonb not null,
  run_ids uuid[] not null,
  place integer not null,
  due_at timestamp with time zone not null default now(),
  constraint automation_work_pkey primary key (workspace_id, id),
  constraint automation_work_verb_check check ((verb = any (array['retry'::text, 'cancel'::text, 'resume'::text, 'move'::text])))
);
create index automation_work__due on automation_work using btree (due_at, place);

create table automations (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'DRAFT'::text,
  draft jsonb not null,
  revision integer not null default 1,
  version integer,
  version_revision integer,
  user_id uuid,
  activated_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  draft_user_id uuid,
  draft_at timestamp with time zone,
  constraint automations_pkey primary key (workspace_id, id),
  constraint automations_state_check check ((state = any (array['DRAFT'::text, 'ACTIVE'::text, 'INACTIVE'::text])))
);

create table call_events (
  workspace_id uuid not null,
  call_hash uuid not null,
  event text not null,
  occurred_at timestamp with time zone not null,
  event_id uuid not null,
  detail jsonb not null,
  constraint call_events_pkey primary key (workspace_id, call_hash, event)
);

create table call_secrets (
  workspace_id uuid not null,
  id uuid not null,
  secret_salt bytea not null,
  secret_key_id text not null,
  secret_fingerprint text not null,
  created_at timestamp with time zone not null default now(),
  constraint call_secrets_pkey primary key (workspace_id)
);

create table calls (
  workspace_id uuid not null,
  id uuid not null,
  origin_id uuid not null,
  visit integer not null,
  contact_id uuid not null,
  url text not null,
  body bytea not null,
  timeout_ms integer not null,
  state text not null default 'pending'::text,
  attempts smallint not null default 0,
  next_attempt_at timestamp with time zone,
  lease uuid,
  status smallint,
  error text,
  error_code text,
  answer text,
  answer_truncated boolean not null default false,
  tried jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null default now(),
  completed_at timestamp with time zone,
  constraint calls_pkey primary key (workspace_id, id),
  constraint calls_state_check check ((state = any (array['pending'::text, 'answered'::text, 'failed'::text, 'cancelled'::text])))
) with (fillfactor=80);
create index calls__completed_at on calls using btree (completed_at) where (completed_at is not null);
create index calls__contact_id on calls using btree (workspace_id, contact_id);
create index calls__due on calls using btree (next_attempt_at) where (state = 'pending'::text);
create unique index calls__origin on calls using btree (workspace_id, origin_id, visit);

create table campaign_additions (
  workspace_id uuid not null,
  campaign_id uuid not null,
  contact_id uuid not null,
  values jsonb not null default '{}'::jsonb,
  added_at timestamp with time zone not null default now(),
  constraint campaign_additions_pkey primary key (workspace_id, campaign_id, contact_id)
);

create table campaign_counts (
  workspace_id uuid not null,
  campaign_id uuid not null,
  minute timestamp with time zone not null,
  slot smallint not null,
  key text not null,
  n bigint not null,
  constraint campaign_counts_pkey primary key (workspace_id, campaign_id, minute, slot, key)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
create index campaign_counts__unfolded on campaign_counts using btree (slot, minute) where (slot >= '-1'::integer);

create table campaign_exclusions (
  workspace_id uuid not null,
  campaign_id uuid not null,
  number text not null,
  given boolean not null,
  constraint campaign_exclusions_pkey primary key (workspace_id, campaign_id, number)
);
create index campaign_exclusions__number on campaign_exclusions using btree (workspace_id, number);

create table campaign_links (
  workspace_id uuid not null,
  token uuid not null,
  campaign_id uuid not null,
  contact_id uuid,
  button text not null,
  target text not null,
  clicked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint campaign_links_pkey primary key (workspace_id, token)
);
create index campaign_links__contact_id on campaign_links using btree (workspace_id, contact_id) where (contact_id is not null);

create table campaign_recipients (
  workspace_id uuid not null,
  campaign_id uuid not null,
  contact_id uuid not null,
  place bigint not null,
  state smallint not null default 0,
  skip_reason text,
  due_at timestamp with time zone,
  attempts smallint not null default 0,
  message_id uuid,
  values jsonb,
  country text,
  language text,
  queued_at timestamp with time zone,
  submitted_at timestamp with time zone,
  sent_at timestamp with time zone,
  delivered_at timestamp with time zone,
  read_at timestamp with time zone,
  played_at timestamp with time zone,
  failed_at timestamp with time zone,
  replied_at timestamp with time zone,
  clicked_at timestamp with time zone,
  opted_out_at timestamp with time zone,
  error_code integer,
  error jsonb,
  category text,
  billable boolean,
  constraint campaign_recipients_pkey primary key (workspace_id, campaign_id, contact_id)
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02);
create index campaign_recipients__clicked on campaign_recipients using btree (workspace_id, campaign_id, contact_id) where (clicked_at is not null);
create index campaign_recipients__contact_id on campaign_recipients using btree (workspace_id, contact_id, campaign_id);
create index campaign_recipients__error_code on campaign_recipients using btree (workspace_id, campaign_id, error_code, contact_id) where (error_code is not null);
create unique index campaign_recipients__message_id on campaign_recipients using btree (workspace_id, message_id) where (message_id is not null);
create index campaign_recipients__newest on campaign_recipients using btree (workspace_id, campaign_id, message_id) where (message_id is not null);
create index campaign_recipients__opted_out on campaign_recipients using btree (workspace_id, campaign_id, contact_id) where (opted_out_at is not null);
create index campaign_recipients__replied on campaign_recipients using btree (workspace_id, campaign_id, contact_id) where (replied_at is not null);
create index campaign_recipients__skip_reason on campaign_recipients using btree (workspace_id, campaign_id, skip_reason, contact_id) where (skip_reason is not null);
create index campaign_recipients__waiting on campaign_recipients using btree (workspace_id, campaign_id, due_at, place) where (due_at is not null);

create table campaign_work (
  workspace_id uuid not null,
  campaign_id uuid not null,
  step text not null,
  next_step_at timestamp with time zone not null,
  place jsonb not null default '{}'::jsonb,
  constraint campaign_work_pkey primary key (workspace_id, campaign_id),
  constraint campaign_work_step_check check ((step = any (array['start'::text, 'prepare'::text, 'feed'::text, 'cancel'::text, 'retry'::text])))
) with (fillfactor=60);
create index campaign_work__due on campaign_work using btree (next_step_at);

create table campaigns (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'DRAFT'::text,
  hold jsonb,
  state_at timestamp with time zone not null default now(),
  phone_number_id uuid,
  template_name text,
  template_language text,
  template_group_id uuid,
  variables jsonb not null default '{}'::jsonb,
  audience jsonb not null default '{"exclude": [], "include": []}'::jsonb,
  schedule jsonb not null default '{"kind": "now"}'::jsonb,
  rate_per_min integer,
  canary jsonb,
  breaker jsonb,
  limited_retry jsonb,
  track_clicks boolean not null default false,
  approval jsonb,
  user_id uuid,
  copied_from uuid,
  archived_at timestamp with time zone,
  starts_at timestamp with time zone,
  started_at timestamp with time zone,
  prepared_at timestamp with time zone,
  completed_at timestamp with time zone,
  progress_at timestamp with time zone,
  stalled text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint campaigns_pkey primary key (workspace_id, id),
  constraint campaigns_rate_per_min_check check (((rate_per_min >= 1) and (rate_per_min <= 60000))),
  constraint campaigns_state_check check ((state = any (array['DRAFT'::text, 'SCHEDULED'::text, 'RUNNING'::text, 'PAUSED'::text, 'HELD'::text, 'COMPLETED'::text, 'CANCELLED'::text])))
);
create index campaigns__active on campaigns using btree (workspace_id, phone_number_id) where (state = any (array['SCHEDULED'::text, 'RUNNING'::text, 'PAUSED'::text, 'HELD'::text]));
create index campaigns__listed on campaigns using btree (workspace_id, id desc) where (archived_at is null);
create index campaigns__template on campaigns using btree (workspace_id, template_name, template_language);

create table connection_pauses (
  workspace_id uuid not null,
  connection_id uuid not null,
  paused_at timestamp with time zone not null,
  until timestamp with time zone,
  times smallint not null default 1,
  error jsonb not null,
  constraint connection_pauses_pkey primary key (workspace_id, connection_id)
);

create table connections (
  id uuid not null,
  workspace_id uuid,
  name text not null,
  app_secret bytea,
  previous_app_secret bytea,
  previous_app_secret_until timestamp with time zone,
  verify_token bytea,
  access_token bytea,
  graph_url text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  verified_at timestamp with time zone,
  from_environment boolean not null default false,
  app_id text,
  app_name text,
  managed_by uuid,
  checked_at timestamp with time zone,
  findings jsonb,
  constraint connections_pkey primary key (id),
  constraint connections_check check (((workspace_id is null) or (managed_by is null))),
  constraint connections_managed_by_fkey foreign key (managed_by) references workspaces(id),
  constraint connections_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create unique index connections__from_environment on connections using btree (from_environment) where from_environment;

create table consent_defaults_off (
  workspace_id uuid not null,
  language text not null,
  since timestamp with time zone not null,
  until timestamp with time zone,
  user_id uuid,
  constraint consent_defaults_off_pkey primary key (workspace_id, language, since)
);

create table consent_events (
  workspace_id uuid not null,
  id uuid not null,
  identity_kind text not null,
  identity_value text not null,
  state text not null,
  source text not null,
  evidence text,
  wamid text,
  occurred_at timestamp with time zone not null,
  voided_reason text,
  user_id uuid,
  reason text,
  constraint consent_events_pkey primary key (workspace_id, id),
  constraint consent_events_source_check check ((source = any (array['STOP_KEYWORD'::text, 'START_KEYWORD'::text, 'BUTTON'::text, 'META_PREFERENCE'::text, 'META_ERROR_131050'::text, 'AGENT'::text, 'IMPORT'::text, 'API'::text, 'DOUBLE_OPT_IN'::text])))
);
create index consent_events__identity__occurred_at on consent_events using btree (workspace_id, identity_kind, identity_value, occurred_at desc, id desc);
create index consent_events__occurred_at on consent_events using btree (workspace_id, occurred_at desc, id desc);
create index consent_events__source on consent_events using btree (workspace_id, source, state, occurred_at desc, id desc);

create table consent_messages (
  workspace_id uuid not null,
  event_id uuid not null,
  kind text not null,
  identity_kind text not null,
  identity_value text not null,
  phone_number_id uuid,
  attempts smallint not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  constraint consent_messages_pkey primary key (workspace_id, event_id),
  constraint consent_messages_kind_check check ((kind = any (array['ask'::text, 'stop_reply'::text, 'confirm_reply'::text])))
);
create index consent_messages__due on consent_messages using btree (next_attempt_at);

create table consent_settings (
  workspace_id uuid not null,
  words_version bigint not null default 0,
  double_opt_in jsonb,
  confirms boolean not null default false,
  stop_reply text,
  confirm_reply text,
  updated_at timestamp with time zone not null default now(),
  constraint consent_settings_pkey primary key (workspace_id),
  constraint consent_settings_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);

create table consent_words (
  workspace_id uuid not null,
  id uuid not null,
  meaning text not null,
  matches text not null,
  language text,
  text text not null,
  user_id uuid,
  since timestamp with time zone not null,
  until timestamp with time zone,
  constraint consent_words_pkey primary key (workspace_id, id),
  constraint consent_words_matches_check check ((matches = any (array['typed'::text, 'tapped'::text]))),
  constraint consent_words_meaning_check check ((meaning = any (array['STOP'::text, 'START'::text, 'CONFIRM'::text])))
);

create table contact_activity (
  workspace_id uuid not null,
  contact_id uuid not null,
  last_inbound_at timestamp with time zone,
  last_delivered_at timestamp with time zone,
  last_read_at timestamp with time zone,
  last_replied_at timestamp with time zone,
  last_inbound_day date generated always as (((last_inbound_at at time zone 'UTC'::text))::date) stored,
  constraint contact_activity_pkey primary key (workspace_id, contact_id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
create index contact_activity__last_inbound_day on contact_activity using btree (workspace_id, last_inbound_day desc) where (last_inbound_day is not null);

create table contact_events (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  name text not null,
  payload jsonb not null,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint contact_events_pkey primary key (workspace_id, id)
);
create index contact_events__contact_id on contact_events using btree (workspace_id, contact_id, name, occurred_at desc);
create index contact_events__name on contact_events using btree (workspace_id, name, contact_id, occurred_at desc);

create table contact_fields (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null,
  choices text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  constraint contact_fields_pkey primary key (workspace_id, id),
  constraint contact_fields_kind_check check ((kind = any (array['text'::text, 'number'::text, 'date'::text, 'boolean'::text, 'choice'::text])))
);
create unique index contact_fields__name on contact_fields using btree (workspace_id, lower(name));

create table contact_identities (
  workspace_id uuid not null,
  kind text not null,
  value text not null,
  contact_id uuid not null,
  former boolean not null default false,
  scope text,
  profile_name text,
  profile_at timestamp with time zone,
  profile_event uuid,
  username text,
  username_at timestamp with time zone,
  username_event uuid,
  book_name text,
  book_at timestamp with time zone,
  book_event uuid,
  search_grams integer[],
  country text,
  constraint contact_identities_pkey primary key (workspace_id, kind, value),
  constraint contact_identities_kind_check check ((kind = any (array['wa_id'::text, 'phone'::text, 'bsuid'::text, 'parent_bsuid'::text, 'username'::text, 'group'::text, 'erased'::text]))),
  constraint contact_identities_workspace_id_contact_id_fkey foreign key (workspace_id, contact_id) references contacts(workspace_id, id)
) with (fillfactor=80);
create index contact_identities__contact_id on contact_identities using btree (workspace_id, contact_id);
create index contact_identities__country on contact_identities using btree (workspace_id, country, contact_id) where ((country is not null) and (not former) and (kind = any (array['wa_id'::text, 'phone'::text])));
create index contact_identities__search_grams on contact_identities using gin (search_grams);

create table contact_joins (
  workspace_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  to_id uuid not null,
  constraint contact_joins_pkey primary key (workspace_id, id)
);

create table contact_profiles (
  workspace_id uuid not null,
  contact_id uuid not null,
  language text,
  country text,
  time_zone text,
  fields jsonb not null default '{}'::jsonb,
  updated_at timestamp with time zone not null default now(),
  constraint contact_profiles_pkey primary key (workspace_id, contact_id)
) with (fillfactor=80);
create index contact_profiles__country on contact_profiles using btree (workspace_id, country, contact_id) where (country is not null);

create table contact_tags (
  workspace_id uuid not null,
  tag_id uuid not null,
  contact_id uuid not null,
  added_at timestamp with time zone not null default now(),
  constraint contact_tags_pkey primary key (workspace_id, tag_id, contact_id)
);
create index contact_tags__contact_id on contact_tags using btree (workspace_id, contact_id);

create table contacts (
  workspace_id uuid not null,
  id uuid not null,
  name text,
  profile_name text,
  username text,
  marketing_state text not null default 'UNKNOWN'::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  unreachable_at timestamp with time zone,
  search_text text,
  search_grams integer[],
  book_name text,
  marketing_event uuid,
  marketing_at timestamp with time zone,
  constraint contacts_pkey primary key (workspace_id, id),
  constraint contacts_marketing_state_check check ((marketing_state = any (array['SUBSCRIBED'::text, 'PENDING'::text, 'NOT_SUBSCRIBED'::text, 'UNSUBSCRIBED'::text, 'UNKNOWN'::text, 'INVALID'::text, 'REDACTED'::text]))),
  constraint contacts_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index contacts__created_at on contacts using btree (workspace_id, created_at desc, id desc);
create index contacts__marketing_state on contacts using btree (workspace_id, marketing_state, created_at desc, id desc);
create index contacts__name on contacts using btree (workspace_id, ((coalesce(name, book_name, profile_name, username) is null)), lower("left"(coalesce(name, book_name, profile_name, username, ''::text), 100)), id);
create index contacts__search_grams on contacts using gin (search_grams);
create index contacts__unsubscribed on contacts using btree (workspace_id, marketing_at desc, id desc) where (marketing_state = 'UNSUBSCRIBED'::text);

create table conversations (
  workspace_id uuid not null,
  id uuid not null,
  phone_number_id uuid not null,
  contact_id uuid not null,
  status text not null default 'OPEN'::text,
  assignee_id uuid,
  unread_count integer not null default 0,
  read_at timestamp with time zone,
  last_message_at timestamp with time zone,
  last_message_id uuid,
  last_message_key uuid,
  last_inbound_at timestamp with time zone,
  window_expires_at timestamp with time zone,
  resolved_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  late_at timestamp with time zone,
  late_message_id uuid,
  listed_at timestamp with time zone generated always as (greatest(last_message_at, late_at)) stored,
  assigned_at timestamp with time zone,
  constraint conversations_pkey primary key (workspace_id, id),
  constraint conversations_workspace_id_contact_id_phone_number_id_key unique (workspace_id, contact_id, phone_number_id),
  constraint conversations_status_check check ((status = any (array['OPEN'::text, 'PENDING'::text, 'RESOLVED'::text]))),
  constraint conversations_workspace_id_contact_id_fkey foreign key (workspace_id, contact_id) references contacts(workspace_id, id),
  constraint conversations_workspace_id_fkey foreign key (workspace_id) references workspaces(id),
  constraint conversations_workspace_id_phone_number_id_fkey foreign key (workspace_id, phone_number_id) references phone_numbers(workspace_id, id)
) with (fillfactor=80);
create index conversations__assignee_id__listed_at on conversations using btree (workspace_id, status, assignee_id, listed_at desc, id desc);
create index conversations__phone_number_id__listed_at on conversations using btree (workspace_id, status, phone_number_id, listed_at desc, id desc);
create index conversations__status__listed_at on conversations using btree (workspace_id, status, listed_at desc, id desc);
create index conversations__unread on conversations using btree (workspace_id) where ((unread_count > 0) and (status = 'OPEN'::text));

create table delivery_log (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  id uuid not null,
  journal_id uuid,
  kind text not null default 'event'::text,
  body bytea,
  events text[] not null,
  wamids text[] not null default '{}'::text[],
  state text not null,
  attempts smallint not null default 0,
  schedule_start smallint not null default 0,
  next_attempt_at timestamp with time zone,
  lease uuid,
  last_status smallint,
  last_error text,
  last_error_code text,
  last_error_class text,
  recovery_id uuid,
  created_at timestamp with time zone not null default now(),
  completed_at timestamp with time zone,
  constraint delivery_log_pkey primary key (workspace_id, endpoint_id, id),
  constraint delivery_log_kind_check check ((kind = any (array['event'::text, 'test'::text, 'replay'::text]))),
  constraint delivery_log_state_check check ((state = any (array['delivered'::text, 'failed'::text, 'cancelled'::text])))
) partition by range (id);
create index delivery_log__completed_at on delivery_log using brin (completed_at) with (pages_per_range='16', autosummarize='on');
create index delivery_log__journal_id on delivery_log using btree (journal_id, endpoint_id);
create index delivery_log__kind on delivery_log using btree (workspace_id, endpoint_id, kind, id desc) where (kind <> 'event'::text);
create index delivery_log__last_error_class on delivery_log using btree (workspace_id, endpoint_id, last_error_class, id desc) where (last_error_class is not null);
create index delivery_log__recovery_id on delivery_log using btree (workspace_id, recovery_id, state, id desc) where (recovery_id is not null);
create index delivery_log__state on delivery_log using btree (workspace_id, endpoint_id, state, id desc) include (kind) where (state = any (array['failed'::text, 'cancelled'::text]));
create index delivery_log__tests on delivery_log using btree (workspace_id, id) where (kind = 'test'::text);

create table delivery_queue (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  id uuid not null,
  journal_id uuid,
  kind text not null default 'event'::text,
  body bytea,
  events text[] not null,
  wamids text[] not null default '{}'::text[],
  state text not null default 'pending'::text,
  attempts smallint not null default 0,
  schedule_start smallint not null default 0,
  next_attempt_at timestamp with time zone,
  lease uuid,
  last_status smallint,
  last_error text,
  last_error_code text,
  last_error_class text,
  recovery_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint delivery_queue_pkey primary key (workspace_id, endpoint_id, id),
  constraint delivery_queue_kind_check check ((kind = any (array['event'::text, 'replay'::text]))),
  constraint delivery_queue_state_check check ((state = any (array['pending'::text, 'held'::text])))
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);
create index delivery_queue__due on delivery_queue using btree (workspace_id, endpoint_id, delivery_turn(attempts), next_attempt_at, id) where (state = 'pending'::text);
create index delivery_queue__journal_id on delivery_queue using btree (journal_id, endpoint_id);
create index delivery_queue__last_error_class on delivery_queue using btree (workspace_id, endpoint_id, last_error_class, id desc) where (last_error_class is not null);
create index delivery_queue__recovery_id on delivery_queue using btree (workspace_id, recovery_id, state, id desc) where (recovery_id is not null);

create table delivery_wamids (
  workspace_id uuid not null,
  wamid_hash bigint not null,
  delivery_id uuid not null,
  constraint delivery_wamids_pkey primary key (workspace_id, wamid_hash, delivery_id)
) partition by range (delivery_id);

create table endpoint_history (
  workspace_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  kind text not null,
  detail text,
  user_id text,
  created_at timestamp with time zone not null default now(),
  version integer,
  changes jsonb,
  constraint endpoint_history_pkey primary key (workspace_id, id)
);
create index endpoint_history__endpoint_id on endpoint_history using btree (workspace_id, endpoint_id, id desc);
create index endpoint_history__version on endpoint_history using btree (workspace_id, endpoint_id, version) where (version is not null);

create table endpoint_minutes (
  workspace_id uuid not null,
  endpoint_id uuid not null,
  minute timestamp with time zone not null,
  delivered integer not null,
  failed integer not null,
  latencies integer[] not null,
  constraint endpoint_minutes_pkey primary key (workspace_id, endpoint_id, minute)
) with (fillfactor=70);

create table endpoints (
  workspace_id uuid not null,
  id uuid not null,
  url text not null,
  description text,
  enabled boolean not null,
  events text[] not null,
  secret_salt bytea not null,
  secret_key_id text not null,
  secret_fingerprint text not null,
  secret_created_at timestamp with time zone not null default now(),
  next_secret_salt bytea,
  next_secret_key_id text,
  next_secret_fingerprint text,
  next_secret_created_at timestamp with time zone,
  headers bytea,
  retry_preset text not null default 'standard'::text,
  rate_limit_per_s integer,
  concurrency smallint not null default 64,
  timeout_ms integer not null default 10000,
  state text not null default 'ok'::text,
  state_reason text,
  failures integer not null default 0,
  failing_since timestamp with time zone,
  held_until timestamp with time zone,
  last_success_at timestamp with time zone,
  last_failure_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  give_up_after_s integer not null default 432000,
  warned_at timestamp with time zone,
  disabled_at timestamp with time zone,
  trips smallint not null default 0,
  header_names text[] not null default '{}'::text[],
  testing_until timestamp with time zone,
  probe_at timestamp with time zone,
  rate_next_at timestamp with time zone,
  version integer not null default 1,
  removed_headers bytea,
  removed_headers_at timestamp with time zone,
  constraint endpoints_pkey primary key (workspace_id, id),
  constraint endpoints_concurrency_check check (((concurrency >= 1) and (concurrency <= 256))),
  constraint endpoints_give_up_after_s_check check (((give_up_after_s >= 3600) and (give_up_after_s <= 2592000))),
  constraint endpoints_rate_limit_per_s_check check ((rate_limit_per_s > 0)),
  constraint endpoints_retry_preset_check check ((retry_preset = any (array['fast'::text, 'standard'::text, 'long'::text]))),
  constraint endpoints_state_check check ((state = any (array['ok'::text, 'failing'::text, 'disabled'::text]))),
  constraint endpoints_timeout_ms_check check (((timeout_ms >= 1000) and (timeout_ms <= 30000))),
  constraint endpoints_url_check check ((length(url) <= 8192)),
  constraint endpoints_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index endpoints__deleted_at on endpoints using btree (deleted_at) where (deleted_at is not null);
create index endpoints__failing_since on endpoints using btree (failing_since) where (state = 'failing'::text);
create index endpoints__removed_headers_at on endpoints using btree (removed_headers_at) where (removed_headers_at is not null);

create table erased_messages (
  workspace_id uuid not null,
  name uuid not null,
  constraint erased_messages_pkey primary key (workspace_id, name)
);

create table events (
  workspace_id uuid not null,
  id uuid not null,
  key text not null,
  kind text not null,
  occurred_at timestamp with time zone,
  journal_id uuid not null,
  outcome text not null default 'applied'::text,
  reason text,
  created_at timestamp with time zone not null default clock_timestamp(),
  phone_number_id uuid,
  subjects bigint[],
  constraint events_pkey primary key (workspace_id, id),
  constraint events_outcome_check check ((outcome = any (array['applied'::text, 'ignored'::text, 'failed'::text])))
) partition by range (id);
create index events__arrived on events using brin (journal_id);
create index events__failures on events using btree (workspace_id, journal_id) where ((kind = 'status'::text) and (key ~~ 'status:%:failed:%'::text));
create index events__number__kind on events using btree (workspace_id, coalesce(phone_number_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, journal_id);
create index events__subjects on events using gin (subjects) with (gin_pending_list_limit='128');
create index events__unread on events using btree (journal_id) where (subjects is null);
create index events__workspace_id__journal_id on events using btree (workspace_id, journal_id);

create table group_facts (
  workspace_id uuid not null,
  group_id text not null,
  fact text not null,
  value jsonb not null,
  occurred_at timestamp with time zone not null,
  event_id uuid not null,
  constraint group_facts_pkey primary key (workspace_id, group_id, fact)
);

create table group_participants (
  workspace_id uuid not null,
  group_id text not null,
  identity_kind text not null,
  identity_value text not null,
  present boolean not null,
  occurred_at timestamp with time zone not null,
  event_id uuid not null,
  constraint group_participants_pkey primary key (workspace_id, group_id, identity_kind, identity_value)
);

create table groups (
  workspace_id uuid not null,
  group_id text not null,
  phone_number_id uuid not null,
  next_ask_at timestamp with time zone,
  attempts smallint not null default 0,
  constraint groups_pkey primary key (workspace_id, group_id)
);
create index groups__next_ask_at on groups using btree (next_ask_at) where (next_ask_at is not null);

create table heartbeat (
  one boolean not null default true,
  alive_at timestamp with time zone,
  constraint heartbeat_pkey primary key (one),
  constraint heartbeat_one_check check (one)
);

create table idempotency_keys (
  workspace_id uuid not null,
  key text not null,
  request_hash text not null,
  lease uuid not null,
  status smallint,
  response bytea,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey primary key (workspace_id, key),
  constraint idempotency_keys_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index idempotency_keys__created_at on idempotency_keys using btree (created_at);

create table identity_links (
  workspace_id uuid not null,
  from_kind text not null,
  from_value text not null,
  to_kind text not null,
  to_value text not null,
  relation text not null,
  occurred_at timestamp with time zone not null,
  constraint identity_links_pkey primary key (workspace_id, from_kind, from_value, to_kind, to_value, relation),
  constraint identity_links_relation_check check ((relation = any (array['same'::text, 'moved'::text])))
);
create index identity_links__to on identity_links using btree (workspace_id, to_kind, to_value);

create table import_contacts (
  workspace_id uuid not null,
  import_id uuid not null,
  contact_id uuid not null,
  outcome smallint not null,
  constraint import_contacts_pkey primary key (workspace_id, import_id, contact_id)
);

create table import_rejects (
  workspace_id uuid not null,
  import_id uuid not null,
  row integer not null,
  line integer not null,
  cells text[] not null,
  faults jsonb not null,
  constraint import_rejects_pkey primary key (workspace_id, import_id, "row")
);

create table imports (
  workspace_id uuid not null,
  id uuid not null,
  kind text not null default 'contacts'::text,
  state text not null default 'DRAFT'::text,
  file_id uuid not null,
  filename text,
  size_bytes bigint not null,
  encoding text not null,
  delimiter text not null,
  has_header boolean not null,
  columns jsonb not null,
  rows_total integer not null,
  settings jsonb not null,
  user_id uuid,
  place jsonb not null default '{"row": 0, "line": 0, "bytes": 0}'::jsonb,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  invalid integer not null default 0,
  duplicates integer not null default 0,
  kept_opted_out integer not null default 0,
  new_tags integer not null default 0,
  failure text,
  worker uuid,
  leased_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  pruned_at timestamp with time zone,
  constraint imports_pkey primary key (workspace_id, id),
  constraint imports_encoding_check check ((encoding = any (array['utf-8'::text, 'utf-16le'::text, 'utf-16be'::text, 'windows-1252'::text]))),
  constraint imports_kind_check check ((kind = any (array['contacts'::text, 'blacklist'::text, 'campaign'::text]))),
  constraint imports_state_check check ((state = any (array['DRAFT'::text, 'RUNNING'::text, 'DONE'::text, 'CANCELLED'::text, 'FAILED'::text])))
);
create index imports__created_at on imports using btree (created_at) where (pruned_at is null);
create index imports__listed on imports using btree (workspace_id, id desc);
create index imports__running on imports using btree (started_at) where (state = 'RUNNING'::text);

create table installation (
  one boolean not null default true,
  id uuid not null,
  home jsonb,
  beats bigint not null default 0,
  held_at timestamp with time zone,
  held_reason text,
  snapshot_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  backed_up_at timestamp with time zone,
  backup_failed_at timestamp with time zone,
  backup_error text,
  constraint installation_pkey primary key (one),
  constraint installation_check check (((held_at is null) = (held_reason is null))),
  constraint installation_held_reason_check check ((held_reason = any (array['restored'::text, 'copied'::text, 'older'::text]))),
  constraint installation_one_check check (one)
);

create table invitations (
  workspace_id uuid not null,
  id uuid not null,
  email text not null,
  role text,
  status text not null default 'pending'::text,
  inviter_id uuid not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  role_id uuid,
  scope text not null default 'all'::text,
  phone_number_ids uuid[] not null default '{}'::uuid[],
  token_hash text,
  constraint invitations_pkey primary key (workspace_id, id),
  constraint invitations_token_hash_key unique (token_hash),
  constraint invitations_scope_check check ((scope = any (array['all'::text, 'numbers'::text, 'own'::text]))),
  constraint invitations_inviter_id_fkey foreign key (inviter_id) references users(id) on delete cascade,
  constraint invitations_role_id_fkey foreign key (workspace_id, role_id) references roles(workspace_id, id),
  constraint invitations_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index invitations__email on invitations using btree (email);

create table journal (
  id uuid not null,
  received_at timestamp with time zone not null,
  connection_id uuid not null,
  body bytea not null,
  constraint journal_pkey primary key (id)
) partition by range (id);
create index journal__connection_id on journal using btree (connection_id, id);

create table journal_outcomes (
  journal_id uuid not null,
  state text not null,
  attempts smallint not null,
  error text,
  completed_at timestamp with time zone not null default now(),
  constraint journal_outcomes_pkey primary key (journal_id),
  constraint journal_outcomes_state_check check ((state = any (array['done'::text, 'dead'::text])))
);
create index journal_outcomes__dead on journal_outcomes using btree (journal_id) where (state = 'dead'::text);

create table journal_queue (
  journal_id uuid not null,
  body_bytes integer not null,
  attempts smallint not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  error text,
  constraint journal_queue_pkey primary key (journal_id)
) with (fillfactor=85, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, autovacuum_vacuum_insert_threshold=-1, autovacuum_analyze_scale_factor=0, autovacuum_analyze_threshold=100000, autovacuum_vacuum_cost_delay=0);
create index journal_queue__next_attempt_at on journal_queue using btree (next_attempt_at, journal_id);

create table list_contacts (
  workspace_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  added_at timestamp with time zone not null default now(),
  constraint list_contacts_pkey primary key (workspace_id, list_id, contact_id)
);
create index list_contacts__contact_id on list_contacts using btree (workspace_id, contact_id);

create table lists (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  description text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint lists_pkey primary key (workspace_id, id)
);
create unique index lists__name on lists using btree (workspace_id, lower(name));

create table live_events (
  workspace_id uuid not null,
  seq bigint not null,
  name text not null,
  data jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint live_events_pkey primary key (workspace_id, seq)
);

create table live_feeds (
  workspace_id uuid not null,
  last_seq bigint not null default 0,
  constraint live_feeds_pkey primary key (workspace_id),
  constraint live_feeds_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);

create table marketing_fills (
  workspace_id uuid not null,
  changed_at timestamp with time zone not null,
  place uuid,
  constraint marketing_fills_pkey primary key (workspace_id)
);

create table marketing_paces (
  workspace_id uuid not null,
  contact_id uuid not null,
  sent jsonb not null default '{}'::jsonb,
  latest_at timestamp with time zone not null default now(),
  constraint marketing_paces_pkey primary key (workspace_id, contact_id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.05);
create index marketing_paces__latest_at on marketing_paces using btree (latest_at);

create table marketing_policies (
  workspace_id uuid not null,
  cap_messages integer,
  cap_days integer,
  quiet jsonb,
  time_zone text not null default 'UTC'::text,
  people boolean not null default false,
  changed_at timestamp with time zone not null default now(),
  user_id uuid,
  constraint marketing_policies_pkey primary key (workspace_id),
  constraint marketing_policies_cap_days_check check (((cap_days >= 1) and (cap_days <= 90))),
  constraint marketing_policies_cap_messages_check check ((cap_messages > 0)),
  constraint marketing_policies_check check (((cap_messages is null) = (cap_days is null))),
  constraint marketing_policies_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);

create table media (
  workspace_id uuid not null,
  id uuid not null,
  ref text not null,
  origin text not null,
  wamid_hash uuid,
  phone_number_id uuid,
  state text not null,
  mime_type text,
  filename text,
  size_bytes bigint,
  meta_sha256 text,
  sha256 text,
  storage_key text,
  attempts smallint not null default 0,
  next_attempt_at timestamp with time zone,
  expires_at timestamp with time zone,
  lease uuid,
  error text,
  created_at timestamp with time zone not null default now(),
  stored_at timestamp with time zone,
  stored_in text,
  constraint media_pkey primary key (workspace_id, id),
  constraint media_located check (((state <> 'stored'::text) or ((stored_in is not null) and (storage_key is not null)))),
  constraint media_origin_check check ((origin = any (array['received'::text, 'uploaded'::text]))),
  constraint media_state_check check ((state = any (array['pending'::text, 'stored'::text, 'failed'::text, 'expired'::text, 'pruned'::text]))),
  constraint media_stored_in_check check ((stored_in = any (array['folder'::text, 'bucket'::text])))
) with (fillfactor=80);
create index media__due on media using btree (next_attempt_at) where (state = 'pending'::text);
create unique index media__ref on media using btree (workspace_id, ref);
create index media__stored_at on media using btree (stored_at) where (storage_key is not null);

create table media_library (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null,
  sha256 text not null,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  constraint media_library_pkey primary key (workspace_id, id),
  constraint media_library_kind_check check ((kind = any (array['image'::text, 'video'::text, 'document'::text]))),
  constraint media_library_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index media_library__created_at on media_library using btree (workspace_id, created_at desc, id desc) where (deleted_at is null);
create unique index media_library__sha256 on media_library using btree (workspace_id, sha256) where (deleted_at is null);

create table media_uploads (
  workspace_id uuid not null,
  media_id uuid not null,
  phone_number_id uuid not null,
  meta_id text not null,
  expires_at timestamp with time zone not null,
  constraint media_uploads_pkey primary key (workspace_id, media_id, phone_number_id)
);

create table member_numbers (
  workspace_id uuid not null,
  user_id uuid not null,
  phone_number_id uuid not null,
  constraint member_numbers_pkey primary key (workspace_id, user_id, phone_number_id),
  constraint member_numbers_workspace_id_phone_number_id_fkey foreign key (workspace_id, phone_number_id) references phone_numbers(workspace_id, id) on delete cascade,
  constraint member_numbers_workspace_id_user_id_fkey foreign key (workspace_id, user_id) references members(workspace_id, user_id) on delete cascade
);

create table members (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamp with time zone not null default now(),
  role_id uuid,
  scope text not null default 'all'::text,
  last_seen_at timestamp with time zone,
  deactivated_at timestamp with time zone,
  constraint members_pkey primary key (workspace_id, id),
  constraint members_workspace_id_user_id_key unique (workspace_id, user_id),
  constraint members_role_check check (((role = 'custom'::text) = (role_id is not null))),
  constraint members_scope_check check ((scope = any (array['all'::text, 'numbers'::text, 'own'::text]))),
  constraint members_role_id_fkey foreign key (workspace_id, role_id) references roles(workspace_id, id),
  constraint members_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
  constraint members_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);
create index members__user_id on members using btree (user_id);

create table message_amendments (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  edited_at timestamp with time zone,
  edit_event uuid,
  edited_text text,
  edited_content jsonb,
  revoked_at timestamp with time zone,
  search_text text,
  search_grams integer[],
  party_kind text not null default ''::text,
  party_value text not null default ''::text,
  constraint message_amendments_pkey primary key (workspace_id, wamid_hash, party_kind, party_value)
);
create index message_amendments__search_grams on message_amendments using gin (search_grams);

create table message_payments (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  status text not null,
  detail jsonb not null,
  occurred_at timestamp with time zone not null,
  event_id uuid not null,
  constraint message_payments_pkey primary key (workspace_id, wamid_hash)
);

create table message_prunes (
  workspace_id uuid not null,
  pruned_to uuid not null,
  constraint message_prunes_pkey primary key (workspace_id)
);

create table message_reactions (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  actor_kind text not null,
  actor_value text not null,
  emoji text,
  reacted_at timestamp with time zone not null,
  event_id uuid not null,
  party_kind text not null default ''::text,
  party_value text not null default ''::text,
  constraint message_reactions_pkey primary key (workspace_id, wamid_hash, actor_kind, actor_value, party_kind, party_value)
);

create table message_recipients (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  kind text not null,
  value text not null,
  told_at timestamp with time zone not null,
  constraint message_recipients_pkey primary key (workspace_id, wamid_hash, kind, value)
);

create table message_statuses (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  status smallint not null,
  accepted_at timestamp with time zone,
  sent_at timestamp with time zone,
  delivered_at timestamp with time zone,
  read_at timestamp with time zone,
  played_at timestamp with time zone,
  failed_at timestamp with time zone,
  failed_event uuid,
  error jsonb,
  pricing_status smallint,
  pricing_event uuid,
  pricing jsonb,
  conversation_status smallint,
  conversation_event uuid,
  conversation jsonb,
  status_before smallint,
  constraint message_statuses_pkey primary key (workspace_id, wamid_hash)
) with (fillfactor=60);

create table messages (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid,
  direction text not null,
  source text not null,
  origin text not null,
  event_id uuid not null,
  type text not null,
  wamid text,
  wamid_hash uuid,
  identity_kind text not null,
  identity_value text not null,
  author_kind text,
  author_value text,
  text text,
  content jsonb not null,
  context_wamid text,
  sent_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  position integer not null default 0,
  order_key uuid generated always as (((lpad(to_hex("position"), 8, '0'::text) || substr(translate((event_id)::text, '-'::text, ''::text), 9)))::uuid) stored,
  search_text text,
  search_grams integer[],
  context_from text,
  aside_on uuid,
  pruned_at timestamp with time zone,
  constraint messages_pkey primary key (workspace_id, id),
  constraint messages_direction_check check ((direction = any (array['INBOUND'::text, 'OUTBOUND'::text]))),
  constraint messages_origin_check check ((origin = any (array['message'::text, 'echo'::text, 'standby'::text, 'call'::text, 'system'::text, 'history'::text, 'sent'::text]))),
  constraint messages_place_check check (((conversation_id is null) = (aside_on is not null))),
  constraint messages_source_check check ((source = any (array['CUSTOMER'::text, 'AGENT'::text, 'CAMPAIGN'::text, 'AUTOMATION'::text, 'API'::text, 'PHONE_APP'::text, 'OTHER_APP'::text])))
);
create index messages__conversation_id__sent_at on messages using btree (workspace_id, conversation_id, sent_at desc, order_key desc);
create index messages__file_ref on messages using btree (workspace_id, coalesce((content ->> 'id'::text), (content #>> '{media,id}'::text[]))) where ((direction = 'OUTBOUND'::text) and (type = any (array['image'::text, 'video'::text, 'audio'::text, 'voice'::text, 'document'::text, 'sticker'::text])));
create index messages__outgoing on messages using btree (workspace_id, conversation_id, sent_at desc, order_key desc) where ((direction = 'OUTBOUND'::text) and (type <> all (array['reaction'::text, 'call'::text, 'system'::text])));
create index messages__search_grams on messages using gin (search_grams);
create unique index messages__wamid_hash on messages using btree (workspace_id, wamid_hash, conversation_id);

create table migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey primary key (number)
);

create table notes (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  phone_number_id uuid,
  text text not null,
  source text not null,
  user_id uuid,
  automation_name text,
  created_at timestamp with time zone not null default now(),
  constraint notes_pkey primary key (workspace_id, id),
  constraint notes_source_check check ((source = any (array['AGENT'::text, 'API'::text, 'AUTOMATION'::text])))
);
create index notes__contact_id on notes using btree (workspace_id, contact_id, created_at desc, id desc);

create table notice_ends (
  workspace_id uuid not null,
  name text not null,
  ended_at timestamp with time zone not null,
  constraint notice_ends_pkey primary key (workspace_id, name),
  constraint notice_ends_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);

create table notice_mail_times (
  workspace_id uuid not null,
  user_id uuid not null,
  next_at timestamp with time zone not null,
  failures integer not null default 0,
  error text,
  constraint notice_mail_times_pkey primary key (workspace_id, user_id),
  constraint notice_mail_times_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
  constraint notice_mail_times_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);

create table notice_mails (
  workspace_id uuid not null,
  user_id uuid not null,
  notice_id uuid not null,
  queued_at timestamp with time zone not null default clock_timestamp(),
  constraint notice_mails_pkey primary key (workspace_id, user_id, notice_id),
  constraint notice_mails_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
  constraint notice_mails_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);

create table notice_preferences (
  workspace_id uuid not null,
  user_id uuid not null,
  kinds text[] not null,
  digest_minutes integer not null default 30,
  constraint notice_preferences_pkey primary key (workspace_id, user_id),
  constraint notice_preferences_digest_minutes_check check (((digest_minutes >= 1) and (digest_minutes <= 1440))),
  constraint notice_preferences_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
  constraint notice_preferences_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);

create table notices (
  workspace_id uuid not null,
  id uuid not null,
  key text not null,
  kind text not null,
  severity text not null,
  title text not null,
  detail text,
  resolved boolean not null,
  waba_id text,
  display_phone_number text,
  occurred_at timestamp with time zone not null,
  rank smallint not null,
  event_id uuid not null,
  journal_id uuid,
  dismissed_through timestamp with time zone,
  dismissed_by text,
  created_at timestamp with time zone not null default now(),
  until timestamp with time zone,
  ended_by text,
  ended_title text,
  user_id uuid,
  contact_id uuid,
  conversation_id uuid,
  constraint notices_pkey primary key (workspace_id, id),
  constraint notices_severity_check check ((severity = any (array['info'::text, 'warning'::text, 'critical'::text]))),
  constraint notices_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index notices__contact_id on notices using btree (workspace_id, contact_id) where (contact_id is not null);
create index notices__occurred_at on notices using btree (workspace_id, occurred_at desc, id desc);

create table number_queues (
  workspace_id uuid not null,
  phone_number_id uuid not null,
  throughput_per_s integer not null default 80,
  throughput_at timestamp with time zone,
  slowed_per_s integer,
  slowed_at timestamp with time zone,
  slowed_times smallint not null default 0,
  held_until timestamp with time zone,
  paused_at timestamp with time zone,
  pause_error jsonb,
  leased_by uuid,
  leased_until timestamp with time zone,
  resumed_at timestamp with time zone,
  constraint number_queues_pkey primary key (workspace_id, phone_number_id),
  constraint number_queues_slowed_per_s_check check ((slowed_per_s > 0)),
  constraint number_queues_throughput_per_s_check check ((throughput_per_s > 0))
);

create table outages (
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  constraint outages_pkey primary key (began_at),
  constraint outages_check check ((ended_at > began_at))
);
create index outages__ended_at on outages using btree (ended_at);

create table pair_paces (
  workspace_id uuid not null,
  phone_number_id uuid not null,
  to_kind text not null,
  to_value text not null,
  paid_at timestamp with time zone not null,
  held_until timestamp with time zone,
  held_times smallint not null default 0,
  constraint pair_paces_pkey primary key (workspace_id, phone_number_id, to_kind, to_value)
);
create index pair_paces__paid_at on pair_paces using btree (paid_at);

create table phone_numbers (
  workspace_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  phone_number_id text not null,
  waba_id text,
  display_phone_number text,
  verified_name text,
  quality text,
  last_webhook_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  waba_id_at timestamp with time zone,
  display_phone_number_at timestamp with time zone,
  told_at timestamp with time zone,
  silence_after_s integer,
  constraint phone_numbers_pkey primary key (workspace_id, id),
  constraint phone_numbers_workspace_id_phone_number_id_key unique (workspace_id, phone_number_id),
  constraint phone_numbers_silence_after_s_check check (((silence_after_s >= 300) and (silence_after_s <= 2592000))),
  constraint phone_numbers_connection_id_fkey foreign key (connection_id) references connections(id),
  constraint phone_numbers_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index phone_numbers__connection_id__phone_number_id on phone_numbers using btree (connection_id, phone_number_id);

create table rate_cards (
  workspace_id uuid not null,
  currency text not null,
  user_id uuid,
  updated_at timestamp with time zone not null default now(),
  constraint rate_cards_pkey primary key (workspace_id),
  constraint rate_cards_currency_check check ((currency ~ '^[A-Z]{3}$'::text))
);

create table rate_limits (
  id uuid not null,
  key text not null,
  count integer not null,
  last_request bigint not null,
  constraint rate_limits_pkey primary key (id),
  constraint rate_limits_key_key unique (key)
);

create table rates (
  workspace_id uuid not null,
  market text not null,
  category text not null,
  from_date date not null,
  price numeric(14,6) not null,
  constraint rates_pkey primary key (workspace_id, market, category, from_date),
  constraint rates_price_check check ((price >= (0)::numeric)),
  constraint rates_workspace_id_fkey foreign key (workspace_id) references rate_cards(workspace_id) on delete cascade
);

create table read_marks (
  workspace_id uuid not null,
  conversation_id uuid not null,
  phone_number_id uuid not null,
  wamid text not null,
  typing boolean not null,
  marked_at timestamp with time zone not null default now(),
  constraint read_marks_pkey primary key (workspace_id, conversation_id)
);

create table recoveries (
  workspace_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  what text not null,
  since timestamp with time zone not null,
  until timestamp with time zone not null,
  state text not null default 'running'::text,
  rate_per_s integer not null,
  total integer not null,
  done integer not null default 0,
  skipped integer not null default 0,
  position uuid,
  next_step_at timestamp with time zone not null default now(),
  user_id text,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  chosen uuid[],
  delivered integer,
  failed integer,
  completed_at timestamp with time zone,
  constraint recoveries_pkey primary key (workspace_id, id),
  constraint recoveries_rate_per_s_check check (((rate_per_s >= 1) and (rate_per_s <= 1000))),
  constraint recoveries_state_check check ((state = any (array['running'::text, 'done'::text, 'cancelled'::text]))),
  constraint recoveries_what_check check ((what = any (array['failed'::text, 'missing'::text, 'chosen'::text])))
);
create index recoveries__endpoint_id on recoveries using btree (workspace_id, endpoint_id, id desc);
create index recoveries__next_step_at on recoveries using btree (next_step_at) where (completed_at is null);
create unique index recoveries__running on recoveries using btree (workspace_id, endpoint_id, what) where (state = 'running'::text);

create table roles (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  permissions jsonb not null,
  sees_numbers boolean not null,
  created_at timestamp with time zone not null default now(),
  constraint roles_pkey primary key (workspace_id, id),
  constraint roles_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete cascade
);
create unique index roles__name on roles using btree (workspace_id, lower(name));

create table search_rules (
  one boolean not null default true,
  rule integer not null,
  constraint search_rules_pkey primary key (one),
  constraint search_rules_one_check check (one)
);

create table segments (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  rule jsonb not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint segments_pkey primary key (workspace_id, id)
);
create unique index segments__name on segments using btree (workspace_id, lower(name));

create table sends (
  workspace_id uuid not null,
  id uuid not null,
  phone_number_id uuid not null,
  priority smallint not null,
  to_kind text not null,
  to_value text not null,
  content jsonb not null,
  context_wamid text,
  template_name text,
  template_language text,
  state text not null default 'queued'::text,
  attempts smallint not null default 0,
  tries smallint not null default 0,
  next_attempt_at timestamp with time zone,
  deferred boolean not null default false,
  lease uuid,
  error jsonb,
  asked_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  user_id uuid,
  origin_kind text,
  origin_id uuid,
  constraint sends_pkey primary key (workspace_id, id),
  constraint sends_origin_check check ((((origin_kind = any (array['campaign'::text, 'automation'::text])) and (origin_id is not null)) or ((origin_kind is null) and (origin_id is null)))),
  constraint sends_priority_check check (((priority >= 0) and (priority <= 2))),
  constraint sends_state_check check ((state = any (array['queued'::text, 'sending'::text, 'waiting'::text, 'unconfirmed'::text, 'sent'::text, 'failed'::text, 'cancelled'::text]))),
  constraint sends_to_kind_check check ((to_kind = any (array['wa_id'::text, 'bsuid'::text, 'group'::text])))
) with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02);
create index sends__due on sends using btree (workspace_id, phone_number_id, priority, next_attempt_at, id) where (state = 'queued'::text);
create index sends__failed on sends using btree (workspace_id, completed_at desc) where (state = 'failed'::text);
create index sends__lapsed on sends using btree (next_attempt_at) where (state = any (array['sending'::text, 'waiting'::text]));
create index sends__origin on sends using btree (workspace_id, origin_id) where ((origin_id is not null) and (state = any (array['queued'::text, 'sending'::text, 'waiting'::text])));
create index sends__template on sends using btree (workspace_id, template_name, template_language, asked_at desc) where (template_name is not null);
create index sends__to_value on sends using btree (workspace_id, phone_number_id, to_value, id) where (state = any (array['queued'::text, 'sending'::text]));

create table sessions (
  id uuid not null,
  user_id uuid not null,
  token text not null,
  active_workspace_id uuid,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  entered_by_link boolean not null default false,
  proved_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  constraint sessions_pkey primary key (id),
  constraint sessions_token_key unique (token),
  constraint sessions_active_workspace_id_fkey foreign key (active_workspace_id) references workspaces(id) on delete set null,
  constraint sessions_user_id_fkey foreign key (user_id) references users(id) on delete cascade
);
create index sessions__user_id on sessions using btree (user_id);

create table tags (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint tags_pkey primary key (workspace_id, id)
);
create unique index tags__name on tags using btree (workspace_id, lower(name));

create table template_drafts (
  workspace_id uuid not null,
  id uuid not null,
  waba_id text not null,
  edits uuid,
  name text not null,
  language text not null,
  category text not null,
  parameter_format text not null,
  components jsonb not null,
  allow_category_change boolean not null default true,
  message_send_ttl_seconds integer,
  media_ids uuid[] not null default '{}'::uuid[],
  state text not null default 'draft'::text,
  submitting_until timestamp with time zone,
  refusal jsonb,
  version integer not null default 1,
  updated_by uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint template_drafts_pkey primary key (workspace_id, id),
  constraint template_drafts_parameter_format_check check ((parameter_format = any (array['POSITIONAL'::text, 'NAMED'::text]))),
  constraint template_drafts_state_check check ((state = any (array['draft'::text, 'submitting'::text, 'unconfirmed'::text]))),
  constraint template_drafts_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create unique index template_drafts__edits on template_drafts using btree (workspace_id, edits) where (edits is not null);
create index template_drafts__media_ids on template_drafts using gin (media_ids);
create index template_drafts__updated_at on template_drafts using btree (workspace_id, updated_at desc, id desc);

create table template_edits (
  workspace_id uuid not null,
  template uuid not null,
  edited_at timestamp with time zone not null,
  user_id uuid,
  constraint template_edits_pkey primary key (workspace_id, template, edited_at)
);

create table template_events (
  workspace_id uuid not null,
  id uuid not null,
  template_id text not null,
  subject text not null,
  value text,
  detail jsonb not null,
  occurred_at timestamp with time zone not null,
  last_at timestamp with time zone,
  constraint template_events_pkey primary key (workspace_id, id)
);
create index template_events__template_id on template_events using btree (workspace_id, template_id, occurred_at desc);

create table template_group_members (
  workspace_id uuid not null,
  group_id uuid not null,
  language text not null,
  template_name text not null,
  constraint template_group_members_pkey primary key (workspace_id, group_id, language)
);
create index template_group_members__template_name on template_group_members using btree (workspace_id, template_name, language);

create table template_groups (
  workspace_id uuid not null,
  id uuid not null,
  waba_id text not null,
  name text not null,
  fallback_language text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint template_groups_pkey primary key (workspace_id, id),
  constraint template_groups_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create unique index template_groups__name on template_groups using btree (workspace_id, lower(name));

create table template_refusals (
  workspace_id uuid not null,
  waba_id text not null,
  name text not null,
  language text not null,
  refused_at timestamp with time zone not null,
  error jsonb not null,
  constraint template_refusals_pkey primary key (workspace_id, waba_id, name, language)
);

create table template_samples (
  workspace_id uuid not null,
  template uuid not null,
  place text not null,
  media_id uuid not null,
  constraint template_samples_pkey primary key (workspace_id, template, place)
);

create table template_syncs (
  workspace_id uuid not null,
  waba_id text not null,
  next_at timestamp with time zone not null,
  asked_at timestamp with time zone,
  connection_at timestamp with time zone,
  lease uuid,
  lease_until timestamp with time zone,
  tried_at timestamp with time zone,
  error jsonb,
  attempts smallint not null default 0,
  held_until timestamp with time zone,
  paid_at timestamp with time zone,
  read_at timestamp with time zone,
  found integer,
  changed integer,
  constraint template_syncs_pkey primary key (workspace_id, waba_id)
);

create table templates (
  workspace_id uuid not null,
  id uuid not null,
  waba_id text not null,
  template_id text not null,
  name text,
  language text,
  category text,
  category_at timestamp with time zone,
  correct_category text,
  status text not null default 'UNKNOWN'::text,
  status_at timestamp with time zone,
  reason text,
  recommendation text,
  pause_title text,
  pause_description text,
  disable_date text,
  quality text not null default 'UNKNOWN'::text,
  quality_at timestamp with time zone,
  components jsonb,
  components_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  reason_details text,
  constraint templates_pkey primary key (workspace_id, id),
  constraint templates_workspace_id_template_id_key unique (workspace_id, template_id),
  constraint templates_workspace_id_fkey foreign key (workspace_id) references workspaces(id)
);
create index templates__listed on templates using btree (workspace_id, coalesce(name, ''::text), coalesce(language, ''::text), id);
create index templates__name on templates using btree (workspace_id, name, language);

create table unmatched_messages (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  wamid text,
  since timestamp with time zone not null,
  event_id uuid not null,
  phone_number_id uuid,
  identity_kind text,
  identity_value text,
  journal_id uuid,
  party_kind text not null default ''::text,
  party_value text not null default ''::text,
  constraint unmatched_messages_pkey primary key (workspace_id, wamid_hash, party_kind, party_value)
);
create index unmatched_messages__since on unmatched_messages using btree (workspace_id, since desc, event_id desc);

create table unrouted_webhooks (
  connection_id uuid not null,
  waba_id text not null,
  phone_number_id text not null,
  journal_id uuid not null,
  arrived_at timestamp with time zone not null,
  items integer not null,
  display_phone_number text,
  constraint unrouted_webhooks_pkey primary key (connection_id, waba_id, phone_number_id, journal_id),
  constraint unrouted_webhooks_connection_id_fkey foreign key (connection_id) references connections(id) on delete cascade
);
create index unrouted_webhooks__journal_id on unrouted_webhooks using btree (journal_id);

create table user_accounts (
  id uuid not null,
  user_id uuid not null,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint user_accounts_pkey primary key (id),
  constraint user_accounts_user_id_fkey foreign key (user_id) references users(id) on delete cascade
);
create index user_accounts__user_id on user_accounts using btree (user_id);

create table users (
  id uuid not null,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email)
);

create table verifications (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint verifications_pkey primary key (id)
);
create index verifications__identifier on verifications using btree (identifier);

create table webhook_rejects (
  connection_id uuid not null,
  hour timestamp with time zone not null,
  requests integer not null,
  last_at timestamp with time zone not null,
  constraint webhook_rejects_pkey primary key (connection_id, hour),
  constraint webhook_rejects_connection_id_fkey foreign key (connection_id) references connections(id) on delete cascade
);

create table window_closures (
  workspace_id uuid not null,
  phone_number_id uuid not null,
  identity_kind text not null,
  identity_value text not null,
  closed_at timestamp with time zone not null,
  constraint window_closures_pkey primary key (workspace_id, phone_number_id, identity_kind, identity_value)
);

create table workspaces (
  id uuid not null,
  name text not null,
  slug text not null,
  logo text,
  metadata text,
  created_at timestamp with time zone not null default now(),
  setup_dismissed_at timestamp with time zone,
  campaign_approval boolean not null default false,
  session_idle_s integer not null default 604800,
  session_absolute_s integer not null default 2592000,
  audit_retention_days integer not null default 365,
  constraint workspaces_pkey primary key (id),
  constraint workspaces_slug_key unique (slug),
  constraint workspaces_audit_retention_days_check check (((audit_retention_days >= 30) and (audit_retention_days <= 3650))),
  constraint workspaces_session_absolute_s_check check (((session_absolute_s >= 3600) and (session_absolute_s <= 31536000))),
  constraint workspaces_session_idle_s_check check (((session_idle_s >= 300) and (session_idle_s <= 2592000)))
);

CREATE OR REPLACE FUNCTION public.delivery_turn(attempts smallint)
 RETURNS smallint
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 10000
AS $function$ begin return least(attempts, 1::smallint); end $function$
;

create view deliveries as
 SELECT delivery_queue.workspace_id,
    delivery_queue.endpoint_id,
    delivery_queue.id,
    delivery_queue.journal_id,
    delivery_queue.kind,
    delivery_queue.body,
    delivery_queue.events,
    delivery_queue.wamids,
    delivery_queue.state,
    delivery_queue.attempts,
    delivery_queue.schedule_start,
    delivery_queue.next_attempt_at,
    delivery_queue.lease,
    delivery_queue.last_status,
    delivery_queue.last_error,
    delivery_queue.last_error_code,
    delivery_queue.last_error_class,
    delivery_queue.recovery_id,
    delivery_queue.created_at,
    NULL::timestamp with time zone AS completed_at
   FROM delivery_queue
UNION ALL
 SELECT delivery_log.workspace_id,
    delivery_log.endpoint_id,
    delivery_log.id,
    delivery_log.journal_id,
    delivery_log.kind,
    delivery_log.body,
    delivery_log.events,
    delivery_log.wamids,
    delivery_log.state,
    delivery_log.attempts,
    delivery_log.schedule_start,
    delivery_log.next_attempt_at,
    delivery_log.lease,
    delivery_log.last_status,
    delivery_log.last_error,
    delivery_log.last_error_code,
    delivery_log.last_error_class,
    delivery_log.recovery_id,
    delivery_log.created_at,
    delivery_log.completed_at
   FROM delivery_log;
