-- Files lie below the data directory or, where one is configured, in a bucket; each row says where its bytes are, so that
-- those from before a bucket was configured are still found.

-- folder: `<data directory>/media/<storage_key>`. bucket: under storage_key, behind the configured prefix. Which folder
-- or bucket that is, the configuration says: both can be copied elsewhere as they are. Null until the file is stored.
-- What was stored before this lies in the folder; as a default it costs no rewriting of the rows that are there.
alter table media
  add column stored_in text default 'folder' check (stored_in in ('folder', 'bucket')),
  add constraint media_located check (state <> 'stored' or (stored_in is not null and storage_key is not null));
alter table media alter column stored_in drop default;
