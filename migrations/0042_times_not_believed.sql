-- Times in the future that were taken for Meta's word: they stay the newest of their kind until they have passed, so that a
-- STOP said since does not count. From now on the pipeline puts the time of arrival in their place (meta/believed-time.ts).
-- Here the rows that are there get it: their event names its webhook, and a webhook's id begins with when it arrived.

create function pg_temp.arrived_at(event_workspace uuid, event uuid) returns timestamptz language sql stable as $$
  -- The first 48 bits of a UUIDv7: Unix milliseconds.
  select to_timestamp((('x' || substr(translate(journal_id::text, '-', ''), 1, 12))::bit(48)::bigint) / 1000.0)
  from events where workspace_id = event_workspace and id = event
$$;

-- Consent: every statement that is ahead of its own webhook, also one whose time has passed meanwhile.
update consent_events e set occurred_at = r.arrived_at
from (
  select c.workspace_id, c.id, pg_temp.arrived_at(c.workspace_id, c.id) as arrived_at
  from consent_events c where c.source not in ('AGENT', 'IMPORT', 'API')) r
where e.workspace_id = r.workspace_id and e.id = r.id and e.occurred_at > r.arrived_at + interval '1 minute';

-- Without its event it is not known when it was said: a stop counts from now on, and a start counts no more.
update consent_events set
  occurred_at = case when state = 'UNSUBSCRIBED' then now() else occurred_at end,
  voided_reason = case when state = 'UNSUBSCRIBED' then voided_reason
    else 'Its time was in the future, and when it was said is no longer known.' end
where occurred_at > now() + interval '1 minute';

-- By the newest statement that counts, as the inbox folds it.
update contacts c set marketing_state = now_so.state, updated_at = now()
from (
  select distinct i.workspace_id, i.contact_id, coalesce((
      select e.state from contact_identities own
      join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (own.workspace_id, own.kind, own.value)
      where own.workspace_id = i.workspace_id and own.contact_id = i.contact_id and e.voided_reason is null
      order by e.occurred_at desc, (e.state = 'UNSUBSCRIBED') desc, e.id desc limit 1), 'UNKNOWN') as state
  from consent_events v
  join contact_identities i on (i.workspace_id, i.kind, i.value) = (v.workspace_id, v.identity_kind, v.identity_value)) now_so
where c.workspace_id = now_so.workspace_id and c.id = now_so.contact_id and c.marketing_state <> now_so.state;

-- Of everything else the newest alone is kept: it is corrected where it is still ahead, so that what is told next counts.
update contact_identities set profile_at = coalesce(pg_temp.arrived_at(workspace_id, profile_event), now())
where profile_at > now() + interval '1 minute';
update contact_identities set username_at = coalesce(pg_temp.arrived_at(workspace_id, username_event), now())
where username_at > now() + interval '1 minute';
update contact_identities set book_at = coalesce(pg_temp.arrived_at(workspace_id, book_event), now())
where book_at > now() + interval '1 minute';
update identity_links set occurred_at = now() where occurred_at > now() + interval '1 minute';
update account_facts set at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where at > now() + interval '1 minute';
update group_facts set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where occurred_at > now() + interval '1 minute';
update group_participants set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where occurred_at > now() + interval '1 minute';
update call_events set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where occurred_at > now() + interval '1 minute';
update message_payments set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where occurred_at > now() + interval '1 minute';
update message_reactions set reacted_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where reacted_at > now() + interval '1 minute';
update notices set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, event_id), now())
where occurred_at > now() + interval '1 minute';
update template_events set occurred_at = coalesce(pg_temp.arrived_at(workspace_id, id), now())
where occurred_at > now() + interval '1 minute';

drop function pg_temp.arrived_at(uuid, uuid);
