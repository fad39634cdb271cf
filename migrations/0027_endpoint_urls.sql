-- A URL is stored as it is sent. Letters beyond ASCII count as one of the 512 characters that it may have, and become
-- up to twelve there.
alter table endpoints drop constraint endpoints_url_check;
alter table endpoints add constraint endpoints_url_check check (length(url) <= 8192);
