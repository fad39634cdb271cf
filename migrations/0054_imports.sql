-- Imports: files of people that are brought in row by row, and stay to be looked at.
--
-- The file itself is kept as uploaded files are (media), and read from there as a stream: 500,000 rows are never in memory
-- or in a table as they are. A step takes some rows, and commits what they came to together with the place in the file
-- where the next one begins: a crash leaves nothing half done, and no row is counted twice.

create table imports (
  workspace_id uuid not null,
  id uuid not null,
  kind text not null default 'contacts' check (kind in ('contacts', 'blacklist', 'campaign')),
  state text not null default 'DRAFT' check (state in ('DRAFT', 'RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
  -- The row of media that has the bytes, and what they were sent as.
  file_id uuid not null,
  filename text,
  size_bytes bigint not null,
  -- How the file is read: found out when it came, and corrected by people.
  encoding text not null check (encoding in ('utf-8', 'utf-16le', 'utf-16be', 'windows-1252')),
  delimiter text not null,
  has_header boolean not null,
  -- [{name, samples}], and how many rows there are below the header.
  columns jsonb not null,
  rows_total integer not null,
  -- What each column is, and how rows become people: the contract's ImportSettings.
  settings jsonb not null,
  user_id uuid,
  -- Where the next step begins: {bytes, line, row}, in the text as UTF-8.
  place jsonb not null default '{"bytes": 0, "line": 0, "row": 0}',
  -- Each row that was read is counted in exactly one of these.
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  invalid integer not null default 0,
  duplicates integer not null default 0,
  -- People who stay opted out, whatever the file says of their consent; they are counted above as well.
  kept_opted_out integer not null default 0,
  -- Tags that rows of the file made: how many more it may make.
  new_tags integer not null default 0,
  -- Why it FAILED, in a sentence.
  failure text,
  -- The process that works on it, until it says nothing for so long.
  worker uuid,
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- When its file, its rejected rows and its list of people were removed.
  pruned_at timestamptz,
  primary key (workspace_id, id)
);
-- The list, newest first: ids are in the order of time.
create index imports__listed on imports (workspace_id, id desc);
-- Those that are worked on: few at a time.
create index imports__running on imports (started_at) where state = 'RUNNING';
-- What is old is removed.
create index imports__created_at on imports (created_at) where pruned_at is null;

-- The people of an import, each once: a second row of the file about the same one is a duplicate.
create table import_contacts (
  workspace_id uuid not null,
  import_id uuid not null,
  contact_id uuid not null,
  -- 0 created, 1 updated, 2 unchanged.
  outcome smallint not null,
  primary key (workspace_id, import_id, contact_id)
);

-- Rows that were refused, as they stand in the file, and why.
create table import_rejects (
  workspace_id uuid not null,
  import_id uuid not null,
  -- Below the header, from 1; and the line of the file in which it begins.
  "row" integer not null,
  line integer not null,
  cells text[] not null,
  -- [{column, reason}]: the header of the column, null where it is about the whole row.
  faults jsonb not null,
  primary key (workspace_id, import_id, "row")
);
