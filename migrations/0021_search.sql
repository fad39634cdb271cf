-- What is searched (docs/decisions/0015): a text folded to what its spellings have in common, and the grams in it (three
-- characters in a row, hashed), whose index finds the rows that may hold what is looked for. Both are made by
-- src/inbox/search-text.ts whenever the text beside them is written; null where there is none. An edited message's words
-- are those of its amendment.
alter table messages add column search_text text, add column search_grams integer[];
alter table message_amendments add column search_text text, add column search_grams integer[];
-- Of a contact: every name that it shows. Of an identity: the digits or letters themselves.
alter table contacts add column search_text text, add column search_grams integer[];
alter table contact_identities add column search_grams integer[];

create index messages__search_grams on messages using gin (search_grams);
create index message_amendments__search_grams on message_amendments using gin (search_grams);
create index contacts__search_grams on contacts using gin (search_grams);
create index contact_identities__search_grams on contact_identities using gin (search_grams);

-- The rule by which what is stored was folded: after an update that changes it, all is folded again.
create table search_rules (
  one boolean primary key default true check (one),
  rule integer not null
);
insert into search_rules (rule) values (0);

-- Who wrote what is quoted, as Meta names them: a number or an id. Says whose it is where we don't have it.
alter table messages add column context_from text;

-- The business's own name for a contact goes before the name in the profile, and no longer hides it.
alter table contacts add column book_name text;

-- A name that shows nothing is no name; a username is kept without its @. What was there before it, is not known.
create function pg_temp.shows_nothing(name text) returns boolean language sql immutable as $$
  select name !~ U&'[^[:space:]\0001-\001f\007f-\009f\00a0\00ad\034f\061c\115f\1160\1680\17b4\17b5\180b-\180f\2000-\200f\2028-\202f\205f-\206f\2800\3000\3164\fe00-\fe0f\feff\ffa0\fff0-\fffb\+0e0000-\+0e0fff]'
$$;
update contact_identities set profile_name = null, profile_at = null, profile_event = null where pg_temp.shows_nothing(profile_name);
update contact_identities set book_name = null where pg_temp.shows_nothing(book_name);
update contact_identities set username = nullif(ltrim(username, '@ '), '') where username like '@%' or pg_temp.shows_nothing(username);
update contact_identities set username_at = null, username_event = null where username is null and username_at is not null;
update contacts set name = null where pg_temp.shows_nothing(name);
update contacts c set
  profile_name = (
    select i.profile_name from contact_identities i
    where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.profile_at is not null
    order by i.profile_at desc, i.profile_event desc limit 1),
  book_name = (
    select i.book_name from contact_identities i
    where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.book_at is not null
    order by i.book_at desc, i.book_event desc limit 1),
  username = (
    select i.username from contact_identities i
    where i.workspace_id = c.workspace_id and i.contact_id = c.id and i.username_at is not null
    order by i.username_at desc, i.username_event desc limit 1);
drop function pg_temp.shows_nothing(text);
