-- Template groups: one message in several languages. A send by group takes the template in the customer's language, or
-- that of the fallback.
create table template_groups (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  -- The account at Meta whose templates it has.
  waba_id text not null,
  name text not null,
  fallback_language text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
-- The list, and that no two have one name.
create unique index template_groups__name on template_groups (workspace_id, lower(name));

-- The template of each language, by name and not by its row: one that is deleted at Meta and made again is the same here.
create table template_group_members (
  workspace_id uuid not null,
  group_id uuid not null,
  language text not null,
  template_name text not null,
  primary key (workspace_id, group_id, language)
);
-- Which groups use a template.
create index template_group_members__template_name on template_group_members (workspace_id, template_name, language);
