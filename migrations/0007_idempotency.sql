-- Answers to requests that carried an Idempotency-Key, kept for a day. `status` null: still under way.
create table idempotency_keys (
  workspace_id uuid not null references workspaces (id),
  key text not null,
  -- SHA-256 of method, path and body: the same key with another request is refused.
  request_hash text not null,
  -- Who works on it: one that was taken for dead can't record its answer over its successor's.
  lease uuid not null,
  status smallint,
  -- Sealed by the secret box: an answer may hold a secret that is shown only once.
  response bytea,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index idempotency_keys__created_at on idempotency_keys (created_at);
