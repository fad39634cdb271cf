-- What the business did in its groups is its own line (src/inbox/read-threads.ts); all system lines were the customer's.
update messages set direction = 'OUTBOUND', source = 'OTHER_APP'
where origin = 'system' and identity_kind = 'group'
  and (content ->> 'type' in ('group_create', 'group_delete', 'group_settings_update')
    or content ->> 'initiated_by' = 'business');
