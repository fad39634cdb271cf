-- A failure may come with several errors: `message_statuses.error` holds all of them, a list in Meta's order (a lone object
-- in rows from before). Which one is shown is decided when it is read. Rows whose event had more than one get them all.
update message_statuses s set error = told.errors
from (
  select e.workspace_id, e.id, jsonb_agg(jsonb_build_object(
      'code', case when one ->> 'code' ~ '^[0-9]{1,9}$' then to_jsonb((one ->> 'code')::integer) end,
      'title', one ->> 'title', 'message', one ->> 'message',
      'details', coalesce(one #>> '{error_data,details}', one ->> 'details'), 'href', one ->> 'href') order by place) as errors
  from events e
  cross join lateral jsonb_array_elements(case jsonb_typeof(e.payload -> 'errors') when 'array' then e.payload -> 'errors' else '[]' end)
    with ordinality as told (one, place)
  where e.kind = 'status' and e.payload ->> 'status' = 'failed' and jsonb_typeof(one) = 'object'
  group by e.workspace_id, e.id having count(*) > 1) told
where s.workspace_id = told.workspace_id and s.failed_event = told.id;
