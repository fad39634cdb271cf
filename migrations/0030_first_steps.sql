-- When Meta last checked the callback URL with the verify token; null: never, as far as Wharf has seen.
alter table connections add column verified_at timestamptz;
-- Who made a key in the page; null: the terminal, another key, or WHARF_API_KEY.
alter table api_keys add column created_by uuid references users (id) on delete set null;
-- The list of first steps was hidden; null: it is shown until all are done.
alter table workspaces add column setup_dismissed_at timestamptz;
