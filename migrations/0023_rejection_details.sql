-- Why Meta rejected a template, in its own sentences, beside its word for it and what it recommends.
alter table templates
  add column reason_details text;

-- What was told before stands in the events that told it.
update template_events t
  set detail = t.detail || jsonb_build_object('reason_details', e.payload #>> '{rejection_info,reason}')
from events e
where t.subject = 'status' and e.workspace_id = t.workspace_id and e.id = t.id
  and e.payload #>> '{rejection_info,reason}' is not null;

update templates t
  set reason_details = told.reason_details, updated_at = now()
from (
  select distinct on (workspace_id, template_id) workspace_id, template_id, occurred_at, value,
    detail ->> 'reason_details' as reason_details
  from template_events where subject = 'status' and value = 'REJECTED' and detail ->> 'reason_details' is not null
  order by workspace_id, template_id, occurred_at desc, id desc) told
where t.workspace_id = told.workspace_id and t.template_id = told.template_id
  and t.status = told.value and t.status_at = told.occurred_at;
