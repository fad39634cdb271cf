-- A Meta message template in one language: the fold of its template_events by their own times. A template that we
-- first hear of by a webhook is a stub (`components` null) until it is fetched. `id` follows from `template_id`.
create table templates (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  waba_id text not null,
  -- Meta's id: up to 20 digits, so text.
  template_id text not null,
  name text,
  language text,
  category text,
  category_at timestamptz,
  -- The category that Meta announced for later, if any.
  correct_category text,
  status text not null default 'UNKNOWN',
  status_at timestamptz,
  reason text,
  recommendation text,
  -- FIRST_PAUSE, SECOND_PAUSE, … and its description.
  pause_title text,
  pause_description text,
  disable_date text,
  quality text not null default 'UNKNOWN',
  quality_at timestamptz,
  components jsonb,
  components_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, template_id)
);
create index templates__name on templates (workspace_id, name, language);

-- What happened to it, by webhook or by sync, for its history.
create table template_events (
  workspace_id uuid not null,
  -- The id of the event that said it.
  id uuid not null,
  template_id text not null,
  -- status, quality, category, components
  subject text not null,
  value text,
  detail jsonb not null,
  occurred_at timestamptz not null,
  primary key (workspace_id, id)
);
create index template_events__template_id on template_events (workspace_id, template_id, occurred_at desc);
