-- What later modules of the pipeline are told of a message's status, and what a send was made for.

-- The status that a row had before the statement that wrote it last: that statement answers what rose by it, under the
-- row's lock, so that each status of a message is told once. Null: the row was new.
alter table message_statuses add column status_before smallint;

-- The campaign or automation that asked for a message; both null where an agent or the API did. What is told of the
-- message's status names it. No foreign key: a send outlives what asked for it.
alter table sends add column origin_kind text;
alter table sends add column origin_id uuid;
alter table sends add constraint sends_origin_check
  check (origin_kind in ('campaign', 'automation') and origin_id is not null or origin_kind is null and origin_id is null);
