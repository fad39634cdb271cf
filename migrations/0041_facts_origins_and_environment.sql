-- What later modules of the pipeline are told of a status, what a send was made for, and which connection is the environment's.

-- The status that a row had before the statement that wrote it last: that statement answers what rose by it, under the
-- row's lock, so that each status of a message is told once. Null: the row was new.
alter table message_statuses add column status_before smallint;

-- The campaign or automation that asked for a message; both null where an agent or the API did. What is told of the
-- message's status names it. No foreign key: a send outlives what asked for it.
alter table sends add column origin_kind text;
alter table sends add column origin_id uuid;
alter table sends add constraint sends_origin_check
  check (origin_kind in ('campaign', 'automation') and origin_id is not null or origin_kind is null and origin_id is null);

-- The one connection that the environment configures (META_APP_SECRET and the like, or the sandbox): webhooks that come
-- without a connection's id are its. Until now that was the oldest connection of the first workspace.
alter table connections add column from_environment boolean not null default false;
create unique index connections__from_environment on connections (from_environment) where from_environment;
update connections set from_environment = true where id = (
  select c.id from connections c
  where c.workspace_id = (select w.id from workspaces w order by w.created_at, w.id limit 1)
  order by c.created_at, c.id limit 1);
