-- Files: what people sent, fetched from Meta before its ids run out, and what was uploaded here to be sent. The bytes
-- lie in the store (src/media/store.ts); nothing of them is in the database.

-- One row a file. Messages name a file by its `ref`, so a row says nothing about how many of them show it. No foreign
-- keys (docs/decisions/0009).
create table media (
  workspace_id uuid not null,
  id uuid not null,
  -- What messages call it: Meta's id of a file that came in; our own `id`, as text, of one that was uploaded here.
  ref text not null,
  origin text not null check (origin in ('received', 'uploaded')),
  -- Received: the message that told of it first (base/ids.ts `idOf`), which whoever watches is told about.
  wamid_hash uuid,
  -- Received: the row of phone_numbers by whose connection Meta is asked.
  phone_number_id uuid,
  -- pending: due at next_attempt_at, or under way. stored: the store has it under storage_key. failed: trying again by
  -- itself would not help. expired: Meta's id ran out before it could be had. A person may ask for the last two again.
  state text not null check (state in ('pending', 'stored', 'failed', 'expired')),
  -- What Meta or the uploader says that it is; what a browser is told is decided when it is served.
  mime_type text,
  -- Only shown: no path is ever made of it.
  filename text,
  size_bytes bigint,
  -- Hex. What Meta announced, in either of its spellings, and what the stored bytes come to.
  meta_sha256 text,
  sha256 text,
  -- In the store; made of our ids alone.
  storage_key text,
  attempts smallint not null default 0,
  -- When it is due; while it is under way, when the claim runs out unless it is renewed. Null once it is settled.
  next_attempt_at timestamptz,
  -- Until when Meta knows the id: 7 days.
  expires_at timestamptz,
  -- The claim that holds it: only that one may settle it.
  lease uuid,
  -- Why the last try failed, in words.
  error text,
  created_at timestamptz not null default now(),
  stored_at timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 80);
-- From a message to its file, and by Meta's id in the API.
create unique index media__ref on media (workspace_id, ref);
-- The claim: what is due.
create index media__due on media (next_attempt_at) where state = 'pending';

-- The ids that Meta gave to files at their upload, one a business number: they are good for 30 days, and for that number
-- alone.
create table media_uploads (
  workspace_id uuid not null,
  -- The file.
  media_id uuid not null,
  -- The row of phone_numbers.
  phone_number_id uuid not null,
  meta_id text not null,
  -- Some time before Meta forgets it.
  expires_at timestamptz not null,
  primary key (workspace_id, media_id, phone_number_id)
);
