-- Templates that are written here: what Meta does not have yet, in Meta's own form but for the samples of files, which
-- name files of the media library until the template is submitted. A draft is deleted when Meta has taken it.
create table template_drafts (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  -- The account at Meta that it is for.
  waba_id text not null,
  -- The row of templates that it edits; null: it becomes a new one. No foreign key (docs/decisions/0009).
  edits uuid,
  name text not null,
  language text not null,
  category text not null,
  parameter_format text not null check (parameter_format in ('POSITIONAL', 'NAMED')),
  components jsonb not null,
  -- Meta may choose another category instead of rejecting it.
  allow_category_change boolean not null default true,
  message_send_ttl_seconds integer,
  -- The files of the library that it names as samples.
  media_ids uuid[] not null default '{}',
  -- submitting: a request to Meta is under way, until submitting_until at the latest. unconfirmed: its answer was lost,
  -- so Meta may have taken it; its list will tell.
  state text not null default 'draft' check (state in ('draft', 'submitting', 'unconfirmed')),
  submitting_until timestamptz,
  -- What Meta said no to at the last try: {says, advice, field, code, subcode, details}.
  refusal jsonb,
  -- For two who edit it at once: the version that one has seen.
  version integer not null default 1,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- The list, newest first.
create index template_drafts__updated_at on template_drafts (workspace_id, updated_at desc, id desc);
-- A template has one edit under way.
create unique index template_drafts__edits on template_drafts (workspace_id, edits) where edits is not null;
-- What uses a file of the library.
create index template_drafts__media_ids on template_drafts using gin (media_ids);

-- Edits that Meta has taken: of an approved template it takes one a day and ten in 30 days.
create table template_edits (
  workspace_id uuid not null,
  -- The row of templates.
  template uuid not null,
  edited_at timestamptz not null,
  user_id uuid,
  primary key (workspace_id, template, edited_at)
);

-- What was sent by a template, newest first: how its messages fare, and what waits in the queue with it.
create index sends__template on sends (workspace_id, template_name, template_language, asked_at desc)
  where template_name is not null;
-- The list, by name and language; stubs, of which a webhook told no name, come first.
create index templates__listed on templates (workspace_id, coalesce(name, ''), coalesce(language, ''), id);
