-- Which installation this database is, and whether it may send.
--
-- One row. A backup that was restored, and a database or a data directory that was copied, hold what another Wharf has
-- sent since, or is just about to send. So Wharf stays on hold until a person confirms it (decision 0024): webhooks are
-- taken and read, and nothing leaves.
create table installation (
  one boolean primary key default true check (one),
  -- Another one after each restore.
  id uuid not null,
  -- Where it was when it last started: {cluster, database, folder, machine}. Null: it has not started since it was made,
  -- restored or confirmed elsewhere.
  home jsonb,
  -- Counted up at each start and every ten minutes. Each host keeps the highest in its data directory: a database that
  -- knows less than that went back in time.
  beats bigint not null default 0,
  -- Null: it sends.
  held_at timestamptz,
  held_reason text check (held_reason in ('restored', 'copied', 'older')),
  -- Of which moment its rows are, when that is known: the moment of the backup.
  snapshot_at timestamptz,
  confirmed_at timestamptz,
  -- The end of the last good backup, and how the last one failed since; null: it did not.
  backed_up_at timestamptz,
  backup_failed_at timestamptz,
  backup_error text,
  check ((held_at is null) = (held_reason is null))
);
insert into installation (id) values (gen_random_uuid());
