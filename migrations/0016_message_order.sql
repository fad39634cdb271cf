-- One order for the thread and for the last message of a conversation (docs/decisions/0014): Meta's time, which has
-- whole seconds, then the place in its webhook, then the event's id. None of them depends on when anything arrived.
alter table messages
  -- Which event of its webhook told of it; 0 for what we send.
  add column position integer not null default 0;

-- What shared a second stood in the order in which it was written.
update messages m set position = ranked.position
from (
  select workspace_id, id, row_number() over (partition by workspace_id, conversation_id, sent_at order by id) - 1 as position
  from messages) ranked
where m.workspace_id = ranked.workspace_id and m.id = ranked.id and ranked.position > 0;

alter table messages
  -- The position and the event's id, as one value to sort and page by (src/inbox/lines.ts `orderKey`).
  add column order_key uuid generated always as (
    (lpad(to_hex(position), 8, '0') || substr(translate(event_id::text, '-', ''), 9))::uuid) stored;
drop index messages__conversation_id__sent_at;
create index messages__conversation_id__sent_at on messages (workspace_id, conversation_id, sent_at desc, order_key desc);

-- By (sent_at, order_key).
alter table conversations rename column last_message_hash to last_message_key;
update conversations c set last_message_at = last.sent_at, last_message_key = last.order_key, last_message_id = last.id
from conversations o
left join lateral (
  select m.sent_at, m.order_key, m.id from messages m
  where m.workspace_id = o.workspace_id and m.conversation_id = o.id and (m.type <> 'reaction' or m.origin <> 'sent')
  order by m.sent_at desc, m.order_key desc limit 1) last on true
where c.workspace_id = o.workspace_id and c.id = o.id
  and (c.last_message_id, c.last_message_key) is distinct from (last.id, last.order_key);
