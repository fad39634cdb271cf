-- What messages cost, by a rate card that a workspace enters: Meta's prices change, and differ by currency and contract.

create table rate_cards (
  workspace_id uuid primary key,
  -- ISO 4217. One, as Meta bills an account in one.
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  user_id uuid,
  updated_at timestamptz not null default now()
);

-- Each price from a day on, until the next of the same market and category.
create table rates (
  workspace_id uuid not null references rate_cards on delete cascade,
  -- A country (ISO 3166), one of Meta's regions such as REST_OF_AFRICA, or OTHER for all that have no price of their own.
  market text not null,
  -- As Meta names it in `pricing`, in small letters: marketing, utility, authentication.
  category text not null,
  from_date date not null,
  price numeric(14, 6) not null check (price >= 0),
  primary key (workspace_id, market, category, from_date)
);

-- What was charged is counted by country as well, as prices differ by it: `cost.<country>.<category>.billable` or `.free`
-- in place of `cost.<category>.billable`. From the recipients, once through all of them, by the day on which they arrived.
delete from campaign_counts where key like 'cost.%';
insert into campaign_counts (workspace_id, campaign_id, minute, slot, key, n)
select workspace_id, campaign_id, date_trunc('day', coalesce(delivered_at, read_at, played_at, now()), 'UTC'), -2,
  'cost.' || coalesce(country, 'ZZ') || '.' || category || case when billable then '.billable' else '.free' end, count(*)
from campaign_recipients where category is not null
group by 1, 2, 3, 5;

-- Which file of the media library was the sample of a header, by the place in the template: Meta keeps a copy of its own,
-- which can't be shown. Written when Meta takes the template.
create table template_samples (
  workspace_id uuid not null,
  -- The row of templates.
  template uuid not null,
  -- As campaigns name places: `header.media`, `cards.0.header.media`.
  place text not null,
  -- The row of media_library, also of one that was taken out of the library since.
  media_id uuid not null,
  primary key (workspace_id, template, place)
);

-- Numbers that a campaign leaves out, from a CSV or pasted: no contacts are made of them. Both forms of a number stand here
-- (Brazil, Mexico, Argentina), as a contact may be known by either; `given` is the one that was named.
create table campaign_exclusions (
  workspace_id uuid not null,
  campaign_id uuid not null,
  number text not null,
  given boolean not null,
  primary key (workspace_id, campaign_id, number)
);
-- What is kept of a person who is erased.
create index campaign_exclusions__number on campaign_exclusions (workspace_id, number);

-- Who is in a country, for segments and lists: without reading a million numbers with all that is kept beside them
-- (counting those of two countries among a million contacts took 950 ms of the server's CPU, and takes 640).
create index contact_identities__country on contact_identities (workspace_id, country, contact_id)
  where country is not null and not former and kind in ('wa_id', 'phone');
-- What people set goes before it; few have any.
create index contact_profiles__country on contact_profiles (workspace_id, country, contact_id) where country is not null;
