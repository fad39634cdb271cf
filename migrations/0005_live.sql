-- The change feed to browsers. `seq` is drawn from the workspace's row here and that row stays locked until the
-- commit: so seq has no gaps and commits become visible in its order, however many write.
create table live_feeds (
  workspace_id uuid primary key references workspaces (id),
  last_seq bigint not null default 0
);

create table live_events (
  workspace_id uuid not null,
  seq bigint not null,
  name text not null,
  data jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, seq)
);
-- Retention walks each feed from its beginning, so the key serves it and the hot insert keeps one index.
