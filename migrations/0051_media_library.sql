-- The media library: files for headers, uploaded once and used again. The bytes are those of the row of media with the
-- same id, which sends name like any other upload.
create table media_library (
  workspace_id uuid not null references workspaces (id),
  -- The row of media.
  id uuid not null,
  name text not null,
  -- What its bytes are, whatever its name says: image, video, document.
  kind text not null check (kind in ('image', 'video', 'document')),
  -- Hex: the same file is in the library once.
  sha256 text not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  -- Taken out of the library; the bytes stay for the messages that show them.
  deleted_at timestamptz,
  primary key (workspace_id, id)
);
create index media_library__created_at on media_library (workspace_id, created_at desc, id desc) where deleted_at is null;
create unique index media_library__sha256 on media_library (workspace_id, sha256) where deleted_at is null;
