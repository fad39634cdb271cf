-- What webhooks tell of a number is taken by their own time, so that an old one that is repeated changes nothing. What
-- is known was told by the last webhook at the latest.
alter table phone_numbers
  add column waba_id_at timestamptz,
  add column display_phone_number_at timestamptz;
update phone_numbers set
  waba_id_at = case when waba_id is not null then last_webhook_at end,
  display_phone_number_at = case when display_phone_number is not null then last_webhook_at end;
