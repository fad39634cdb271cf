-- A notice may end without another word about it: at a time that Meta named, or by what ends several situations at once,
-- as a reinstatement ends an account's restrictions. Decided when it is read, so that neither the order of the webhooks
-- nor a process that slept matters.
alter table notices
  -- It is over by itself from then on.
  add column until timestamptz,
  -- What ends it, as `notice_ends` names it: when that happened at its time or later.
  add column ended_by text,
  -- What it says when it is over; null: its title.
  add column ended_title text;

-- When what ends notices last happened, by Meta's clock. Few rows: one an account that was ever reinstated.
create table notice_ends (
  workspace_id uuid not null references workspaces (id),
  name text not null,
  ended_at timestamptz not null,
  primary key (workspace_id, name)
);

-- A reinstatement is a fact of its own: a ban that is announced after it does not bring back what it had ended.
insert into account_facts (workspace_id, subject_kind, subject, aspect, value, at, rank, event_id)
select workspace_id, subject_kind, subject, 'reinstated', '{}', at, 0, event_id
from account_facts where aspect = 'ban' and value ->> 'state' = 'REINSTATE';

insert into notice_ends (workspace_id, name, ended_at)
select workspace_id, 'account:' || subject || ':reinstated', at from account_facts
where subject_kind = 'account' and aspect = 'reinstated';

update notices n set
  ended_by = split_part(key, ':', 1) || ':' || split_part(key, ':', 2) || ':reinstated',
  ended_title = 'A restriction by Meta is over',
  until = (
    select f.until from account_facts f
    where f.workspace_id = n.workspace_id and f.subject_kind = 'account' and f.subject = split_part(n.key, ':', 2)
      and f.aspect = 'restriction:' || split_part(n.key, ':', 4))
where key like 'account:%:restriction:%';
