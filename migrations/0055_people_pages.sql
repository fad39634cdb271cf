-- What the pages of contacts are sorted and filtered by, and what stays known of people who were erased.

-- The day of the last message that a person wrote, so that the list by it has an index: only the first message of a day
-- changes an indexed column, the others stay HOT. Within a day an incremental sort puts them in order.
alter table contact_activity add column last_inbound_day date
  generated always as ((last_inbound_at at time zone 'UTC')::date) stored;
create index contact_activity__last_inbound_day on contact_activity (workspace_id, last_inbound_day desc)
  where last_inbound_day is not null;

-- By name: those without one last, in the order in which they came.
create index contacts__name on contacts (workspace_id, (coalesce(name, book_name, profile_name, username) is null),
  (lower(left(coalesce(name, book_name, profile_name, username, ''), 100))), id);

-- By what they said about marketing, newest first.
create index contacts__marketing_state on contacts (workspace_id, marketing_state, created_at desc, id desc);

-- A person who was erased keeps a contact, so that counts stay true, under one identity that tells nothing: the kind
-- `erased`, and the contact's own id.
alter table contact_identities drop constraint contact_identities_kind_check;
alter table contact_identities add constraint contact_identities_kind_check
  check (kind in ('wa_id', 'phone', 'bsuid', 'parent_bsuid', 'username', 'group', 'erased'));

-- The messages of people who were erased, by our id and by the hash of Meta's: what Meta still tells of them counts, but
-- whose they were is not learnt again from it.
create table erased_messages (
  workspace_id uuid not null,
  name uuid not null,
  primary key (workspace_id, name)
);
