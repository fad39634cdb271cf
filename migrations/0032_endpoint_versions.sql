-- Two people may edit one endpoint: a change names the version that it is based on, and what came between is kept with
-- who did it, so that changes of different settings merge and others are asked about.
alter table endpoints
  -- Counts the changes that people made to the settings. Health and secrets are not settings.
  add column version integer not null default 1,
  -- The custom headers that the last change removed, sealed as `headers` is, for as long as they can be put back
  -- (src/delivery/removed-headers.ts); then both are cleared.
  add column removed_headers bytea,
  add column removed_headers_at timestamptz;
-- What is to be cleared: seldom more than one.
create index endpoints__removed_headers_at on endpoints (removed_headers_at) where removed_headers_at is not null;

alter table endpoint_history
  -- Of a change of settings: the version that it made, and [{setting, before, after}]. No header's value is among them.
  add column version integer,
  add column changes jsonb;
-- What came after the version that an edit is based on.
create index endpoint_history__version on endpoint_history (workspace_id, endpoint_id, version) where version is not null;
