-- A person, or a group. Who is who follows from `identity_links` alone, whatever the order in which they arrived; the
-- columns here are folds over the person's identities and consent events. When the person last wrote is known by the
-- conversations.
create table contacts (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  -- Set by people; else the profile's name is shown.
  name text,
  profile_name text,
  username text,
  marketing_state text not null default 'UNKNOWN'
    check (marketing_state in ('SUBSCRIBED', 'PENDING', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED', 'UNKNOWN', 'INVALID', 'REDACTED')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

-- The list of contacts, newest first.
create index contacts__created_at on contacts (workspace_id, created_at desc, id desc);

-- What a contact is known by. Names are kept with the identity that they came with, each the newest by the event's
-- own time (the event's id decides a tie), so that they follow it wherever it goes.
create table contact_identities (
  workspace_id uuid not null,
  -- username: only where a person shows nothing else.
  kind text not null check (kind in ('wa_id', 'phone', 'bsuid', 'parent_bsuid', 'username', 'group')),
  value text not null,
  contact_id uuid not null,
  -- A number or id that its owner has left: it still leads here, but no longer counts as a second one.
  former boolean not null default false,
  -- For bsuid: the least waba_id that it was seen under; two of one scope can't be one person.
  scope text,
  profile_name text,
  profile_at timestamptz,
  profile_event uuid,
  username text,
  username_at timestamptz,
  username_event uuid,
  -- From the address book of a phone app; shown where there is no profile. Null with a time: removed from it.
  book_name text,
  book_at timestamptz,
  book_event uuid,
  primary key (workspace_id, kind, value),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id)
) with (fillfactor = 80);
create index contact_identities__contact_id on contact_identities (workspace_id, contact_id);

-- Evidence that two identities are one person (`same`), or that the owner of `from_*` moved to `to_*` (`moved`).
-- Of `same` the first time is kept, of `moved` the last, so that the set does not depend on arrival.
create table identity_links (
  workspace_id uuid not null,
  from_kind text not null,
  from_value text not null,
  to_kind text not null,
  to_value text not null,
  relation text not null check (relation in ('same', 'moved')),
  occurred_at timestamptz not null,
  primary key (workspace_id, from_kind, from_value, to_kind, to_value, relation)
);
create index identity_links__to on identity_links (workspace_id, to_kind, to_value);

-- Every statement about consent, with its evidence; contacts.marketing_state is the newest by its own time.
create table consent_events (
  workspace_id uuid not null,
  -- The id of the event that said it (or a new one when a person did).
  id uuid not null,
  identity_kind text not null,
  identity_value text not null,
  state text not null,
  source text not null
    check (source in ('STOP_KEYWORD', 'START_KEYWORD', 'BUTTON', 'META_PREFERENCE', 'META_ERROR_131050', 'AGENT', 'IMPORT', 'API')),
  -- The word, the payload, or Meta's own text.
  evidence text,
  wamid text,
  occurred_at timestamptz not null,
  primary key (workspace_id, id)
);
create index consent_events__identity on consent_events (workspace_id, identity_kind, identity_value);

-- The thread of one contact with one phone number. `last_*` and the window are folds by Meta's time.
create table conversations (
  workspace_id uuid not null references workspaces (id),
  id uuid not null,
  phone_number_id uuid not null,
  contact_id uuid not null,
  status text not null default 'OPEN' check (status in ('OPEN', 'PENDING', 'RESOLVED')),
  assignee_id uuid,
  -- Live inbound messages that appeared after `read_at`.
  unread_count integer not null default 0,
  read_at timestamptz,
  -- By (sent_at, wamid_hash).
  last_message_at timestamptz,
  last_message_id uuid,
  last_message_hash uuid,
  last_inbound_at timestamptz,
  -- Newest inbound + 24 h by Meta's clock; window_closures may have closed it before.
  window_expires_at timestamptz,
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  -- Also finds a contact's threads.
  unique (workspace_id, contact_id, phone_number_id),
  foreign key (workspace_id, phone_number_id) references phone_numbers (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts (workspace_id, id)
) with (fillfactor = 80);
-- The Inbox's list: newest first within a status, by keyset; over all statuses it merges three of these. Every message
-- moves its thread to the top, and each further index would be written with it.
create index conversations__status__last_message_at on conversations (workspace_id, status, last_message_at desc, id desc);

-- When Meta last refused a message of ours because the recipient's window was closed (error 131047): by the identity
-- that the status names, so that it may arrive before the thread, and stays true when identities change hands.
create table window_closures (
  workspace_id uuid not null,
  phone_number_id uuid not null,
  identity_kind text not null,
  identity_value text not null,
  closed_at timestamptz not null,
  primary key (workspace_id, phone_number_id, identity_kind, identity_value)
);

-- Written once. What happens to a message later (status, edit, revoke, reaction) is folded in tables keyed by the
-- wamid, so that it may arrive before the message itself. Whoever adds a message holds its thread's row locked; no foreign
-- key asks again, row by row (docs/decisions/0009).
create table messages (
  workspace_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  direction text not null check (direction in ('INBOUND', 'OUTBOUND')),
  source text not null check (source in ('CUSTOMER', 'AGENT', 'CAMPAIGN', 'AUTOMATION', 'API', 'PHONE_APP')),
  -- Which kind of event told of it. A wamid told twice (live and in the history) is written as the first of these
  -- kinds says, then as the least event id says: not as the first to arrive.
  origin text not null check (origin in ('message', 'echo', 'system', 'history', 'sent')),
  -- The event; for what we send, the message's own id.
  event_id uuid not null,
  type text not null,
  wamid text,
  -- The first 16 bytes of SHA-256 of the wamid (base/ids.ts `idOf`), a third of the size of the text; of a line without
  -- a wamid, the event's id; null while what we send has none yet.
  wamid_hash uuid,
  -- The identity that the event gave: the contact follows from it (contact_identities).
  identity_kind text not null,
  identity_value text not null,
  -- Who spoke in a group; null in a thread of two.
  author_kind text,
  author_value text,
  -- For search and preview: the body, the caption, or the title of what was tapped.
  text text,
  -- Meta's own object for the type, and what else came with the message.
  content jsonb not null,
  -- The message replied to, if any.
  context_wamid text,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index messages__wamid_hash on messages (workspace_id, wamid_hash);
create index messages__conversation_id__sent_at on messages (workspace_id, conversation_id, sent_at desc, id desc);

-- The fold of a message's status events. `status` is the greatest of 0 QUEUED, 1 ACCEPTED, 2 SENT, 3 FAILED,
-- 4 DELIVERED, 5 READ, 6 PLAYED (src/inbox/ladder.ts): a failure counts only at SENT or below, in whichever order it
-- came. Narrow, with no index on a status or time, and room for updates in place.
create table message_statuses (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  status smallint not null,
  accepted_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  played_at timestamptz,
  failed_at timestamptz,
  -- Of the first failure, by (failed_at, event id).
  failed_event uuid,
  error jsonb,
  -- Of the highest status that names one, then the least event id.
  pricing_status smallint,
  pricing_event uuid,
  pricing jsonb,
  primary key (workspace_id, wamid_hash)
) with (fillfactor = 60);

-- The newest edit of a message by its own time, and whether it was revoked. Meta lets only the author do either (in a
-- group, its admins may revoke), so who did it is not asked.
create table message_amendments (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  edited_at timestamptz,
  edit_event uuid,
  edited_text text,
  edited_content jsonb,
  -- The first time.
  revoked_at timestamptz,
  primary key (workspace_id, wamid_hash)
);

-- The newest reaction of each person to a message; emoji null: taken back.
create table message_reactions (
  workspace_id uuid not null,
  wamid_hash uuid not null,
  actor_kind text not null,
  actor_value text not null,
  emoji text,
  reacted_at timestamptz not null,
  event_id uuid not null,
  primary key (workspace_id, wamid_hash, actor_kind, actor_value)
);
