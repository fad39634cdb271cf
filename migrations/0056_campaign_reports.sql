-- What became of campaigns: links that count who opened them, and the indexes by which every number opens its people.

-- A tracked link of one person: the address that the campaign's message leads to by way of Wharf. Only these targets are
-- ever redirected to. The token is the link's name beside the workspace's id, a UUIDv7: 74 bits of it are random.
create table campaign_links (
  workspace_id uuid not null,
  token uuid not null,
  campaign_id uuid not null,
  -- Who is counted; null: no one, as in a test, or where the campaign counts no clicks.
  contact_id uuid,
  -- Which button of the template, as `buttons.0.url` or `cards.1.buttons.0.url`.
  button text not null,
  target text not null,
  -- The first time that a person opened it; previews of messengers don't count.
  clicked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, token)
);
-- Of a person who is erased, or who turns out to be another one.
create index campaign_links__contact_id on campaign_links (workspace_id, contact_id) where contact_id is not null;

-- The people behind a number of the analytics are read by the primary key, as most numbers are of many. An index of the
-- state would make each status that a message gets two and a half times as dear (no update would be HOT: 29 µs became 72),
-- so there are indexes only of what few recipients have and what is written once: why nothing was sent or delivered, and
-- what people did.
create index campaign_recipients__error_code on campaign_recipients (workspace_id, campaign_id, error_code, contact_id)
  where error_code is not null;
create index campaign_recipients__skip_reason on campaign_recipients (workspace_id, campaign_id, skip_reason, contact_id)
  where skip_reason is not null;
create index campaign_recipients__replied on campaign_recipients (workspace_id, campaign_id, contact_id)
  where replied_at is not null;
create index campaign_recipients__clicked on campaign_recipients (workspace_id, campaign_id, contact_id)
  where clicked_at is not null;
create index campaign_recipients__opted_out on campaign_recipients (workspace_id, campaign_id, contact_id)
  where opted_out_at is not null;
-- The newest messages of a campaign, for the time to deliver and to read: ids of messages begin with their time.
create index campaign_recipients__newest on campaign_recipients (workspace_id, campaign_id, message_id)
  where message_id is not null;

-- Counts by minute become fewer as they age (reports/fold-counts.ts): slots from 0 on are those of processes, -1 has hours,
-- -2 what is folded for good. Which rows are due. Counting changes none of its columns.
create index campaign_counts__unfolded on campaign_counts (slot, minute) where slot >= -1;
