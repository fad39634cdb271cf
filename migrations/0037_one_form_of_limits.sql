-- A limit is kept as Meta's tiers spell it, also where a webhook told a number: TIER_250, TIER_1K, TIER_UNLIMITED (-1).
update account_facts set value = jsonb_build_object('limit', case
    when value ->> 'limit' = '-1' then 'TIER_UNLIMITED'
    when value ->> 'limit' ~ '^[1-9][0-9]*000$' then 'TIER_' || regexp_replace(value ->> 'limit', '000$', 'K')
    else 'TIER_' || (value ->> 'limit') end)
where aspect = 'limit' and value ->> 'limit' ~ '^(-1|[1-9][0-9]*)$';
