-- Campaigns and the people that they are for.
--
-- A row of campaigns is small and changes with its state; what the engine does next stands in campaign_work, which is a
-- queue: a row while something is to be done, deleted when nothing is. A row of campaign_recipients is the truth about one
-- person in one campaign: written once at launch, folded from then on by what happens to their message. Counts are kept
-- beside them as they change, so that a page need not read millions of rows, and can be recomputed from them at any time.

create table campaigns (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null default 'DRAFT'
    check (state in ('DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'HELD', 'COMPLETED', 'CANCELLED')),
  -- Why it is HELD: {reason, code, says, advice}; and since when it is in its state.
  hold jsonb,
  state_at timestamptz not null default now(),
  -- The row of phone_numbers that it goes out from.
  phone_number_id uuid,
  -- One of the two: a template by name and language, so that one that is deleted and made again is the same; or a group.
  template_name text,
  template_language text,
  template_group_id uuid,
  -- What stands in each place of the template, as the contract's CampaignVariables says.
  variables jsonb not null default '{}',
  -- {include: [{kind, id}], exclude: [{kind, id}]}, and how it is to go: the contract's shapes.
  audience jsonb not null default '{"include": [], "exclude": []}',
  schedule jsonb not null default '{"kind": "now"}',
  rate_per_min integer check (rate_per_min between 1 and 60000),
  canary jsonb,
  breaker jsonb,
  limited_retry jsonb,
  track_clicks boolean not null default false,
  -- A second person's word: {requested_by, requested_at, approved_by, approved_at}.
  approval jsonb,
  user_id uuid,
  copied_from uuid,
  archived_at timestamptz,
  -- When it is due to start, by the schedule; when it did, when everyone stood in campaign_recipients, and when it ended.
  starts_at timestamptz,
  started_at timestamptz,
  prepared_at timestamptz,
  completed_at timestamptz,
  -- The last time that anything went on, and why nothing does since, in a sentence.
  progress_at timestamptz,
  stalled text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index campaigns__listed on campaigns (workspace_id, id desc) where archived_at is null;
-- Those that something may stop or that something is counted for: by their number and by their template.
create index campaigns__active on campaigns (workspace_id, phone_number_id)
  where state in ('SCHEDULED', 'RUNNING', 'PAUSED', 'HELD');
create index campaigns__template on campaigns (workspace_id, template_name, template_language);

-- What the engine does next, a row a campaign that has anything to do: due at next_step_at, claimed by `for update skip
-- locked`. `place` is how far the preparation has come.
create table campaign_work (
  workspace_id uuid not null,
  campaign_id uuid not null,
  step text not null check (step in ('start', 'prepare', 'feed', 'cancel', 'retry')),
  next_step_at timestamptz not null,
  place jsonb not null default '{}',
  primary key (workspace_id, campaign_id)
) with (fillfactor = 60);
create index campaign_work__due on campaign_work (next_step_at);

-- People who were added by the API or from a CSV while the campaign was a draft, with the values of its columns.
create table campaign_additions (
  workspace_id uuid not null,
  campaign_id uuid not null,
  contact_id uuid not null,
  "values" jsonb not null default '{}',
  added_at timestamptz not null default now(),
  primary key (workspace_id, campaign_id, contact_id)
);

-- state: each recipient is in exactly one. 0 WAITING, 1 SKIPPED, 2 QUEUED, 3 SUBMITTED, 4 SENT, 5 DELIVERED, 6 READ,
-- 7 PLAYED, 8 FAILED, 9 LIMITED (by Meta, 131049), 10 UNCONFIRMED, 11 CANCELLED. Times are those of Meta where it says them.
create table campaign_recipients (
  workspace_id uuid not null,
  campaign_id uuid not null,
  contact_id uuid not null,
  -- The order in which they are served.
  place bigint not null,
  state smallint not null default 0,
  skip_reason text,
  -- They are to be served, not before this time ('-infinity': at once); null: they are not. WAITING always has one, LIMITED
  -- while Meta is to be asked again, no other state. Statuses of messages change no indexed column of a row.
  due_at timestamptz,
  attempts smallint not null default 0,
  -- The message of the newest attempt.
  message_id uuid,
  "values" jsonb,
  -- ISO 3166-1 of the number, for the report.
  country text,
  language text,
  queued_at timestamptz,
  submitted_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  played_at timestamptz,
  failed_at timestamptz,
  replied_at timestamptz,
  clicked_at timestamptz,
  opted_out_at timestamptz,
  -- Meta's code, or 0 where Wharf itself found why; `error` is {title, details} of what was said.
  error_code integer,
  error jsonb,
  -- What Meta charges, in millionths of the currency, and as what.
  category text,
  billable boolean,
  primary key (workspace_id, campaign_id, contact_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
-- The feed: who is next. Rows leave it as they are queued.
create index campaign_recipients__waiting on campaign_recipients (workspace_id, campaign_id, due_at, place)
  where due_at is not null;
-- What happens to a message finds its recipient.
create unique index campaign_recipients__message_id on campaign_recipients (workspace_id, message_id)
  where message_id is not null;
-- All of one person's campaigns: their page, segments by campaigns received, merging and erasing.
create index campaign_recipients__contact_id on campaign_recipients (workspace_id, contact_id, campaign_id);

-- Counts by minute: `n` is what the minute added, in as many slots as there are processes, so that none waits for another.
-- key: `reached.<count>` (cumulative, C12), `now.<state>` (what came in less what went out), `failed.<code>`,
-- `skipped.<reason>`, `country.<CC>.<count>`. A total is the sum over all minutes and slots.
create table campaign_counts (
  workspace_id uuid not null,
  campaign_id uuid not null,
  minute timestamptz not null,
  slot smallint not null,
  key text not null,
  n bigint not null,
  primary key (workspace_id, campaign_id, minute, slot, key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- What a campaign has in the queue: how much, and what a pause takes back. It holds the next minutes only.
create index sends__origin on sends (workspace_id, origin_id)
  where origin_id is not null and state in ('queued', 'sending', 'waiting');

-- Campaigns start when a second person has approved them.
alter table workspaces add column campaign_approval boolean not null default false;
