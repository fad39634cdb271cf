-- Who came in by a one-time link chooses a password, also when there is one already: it may be forgotten.
alter table sessions add column entered_by_link boolean not null default false;
