-- Messages are found by the token in their ids, within their business number (src/meta/wamid.ts `messageHash`), and no
-- longer by the hash of the whole id: docs/decisions/0013. This brings what is stored to the new hashes. The functions
-- are those of wamid.ts and base/ids.ts; they and the tables here last as long as the transaction.

create function pg_temp.id_of(source text) returns uuid language sql immutable as $$
  select (substr(h, 1, 12) || '8' || substr(h, 14, 3) || substr('89ab', (('x' || substr(h, 17, 1))::bit(4)::integer & 3) + 1, 1)
    || substr(h, 18, 15))::uuid
  from encode(sha256(convert_to(source, 'UTF8')), 'hex') as h
$$;

-- The token of an id whose form is known, else null.
create function pg_temp.token_of(wamid text) returns text language plpgsql immutable as $$
declare
  base64 text := substring(wamid from '^wamid\.([A-Za-z0-9+/]{20,255})={0,2}$');
  bytes bytea;
  at integer;
  identity text;
  token text;
begin
  if base64 is null or length(base64) % 4 = 1 then return null; end if;
  bytes := decode(rpad(base64, (length(base64) + 3) / 4 * 4, '='), 'base64');
  if substr(bytes, 1, 2) <> '\x1c18' then return null; end if;
  at := 3 + get_byte(bytes, 2);
  if at + 6 > length(bytes) then return null; end if;
  identity := encode(substr(bytes, 4, get_byte(bytes, 2)), 'escape');
  if identity !~ '^(\d{5,20}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128})$' or get_byte(bytes, 2) > 127
    or get_byte(bytes, at) <> 21 or get_byte(bytes, at + 1) > 127 or get_byte(bytes, at + 2) <> 0
    or get_byte(bytes, at + 3) not in (17, 18) or get_byte(bytes, at + 4) <> 24
    or length(bytes) <> at + 6 + get_byte(bytes, at + 5) + 1 or get_byte(bytes, length(bytes) - 1) <> 0
  then return null; end if;
  token := encode(substr(bytes, at + 7, get_byte(bytes, at + 5)), 'escape');
  return substring(token from '^[A-Za-z0-9]{16,64}$');
exception when others then
  return null;
end $$;

-- An id of the same message over another identity.
create function pg_temp.wamid_over(identity text, from_business boolean, token text) returns text language sql immutable as $$
  select 'wamid.' || translate(encode(
    '\x1c18' || set_byte('\x00', 0, length(identity)) || convert_to(identity, 'UTF8')
    || case when identity ~ '^\d' then '\x1502'::bytea else '\x1514' end || '\x00'
    || case when from_business then '\x11'::bytea else '\x12' end || '\x18' || set_byte('\x00', 0, length(token))
    || convert_to(token, 'UTF8') || '\x00', 'base64'), E'\n', '')
$$;

-- What happened to messages that we don't have, as far as their hash tells: some of it was told by another id.
create temporary table unmatched on commit drop as
select k.workspace_id, k.wamid_hash
from (select workspace_id, wamid_hash from message_statuses
  union select workspace_id, wamid_hash from message_amendments
  union select workspace_id, wamid_hash from message_reactions
  union select workspace_id, wamid_hash from media where wamid_hash is not null) k
where not exists (select from messages m where m.workspace_id = k.workspace_id and m.wamid_hash = k.wamid_hash);

create temporary table tokens on commit drop as
select m.workspace_id, m.id, m.wamid_hash as old_hash, c.phone_number_id, c.contact_id, pg_temp.token_of(m.wamid) as token
from messages m join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
where m.wamid is not null and m.wamid_hash is not null;
delete from tokens where token is null;

create temporary table moves on commit drop as
select workspace_id, old_hash, pg_temp.id_of(phone_number_id || ' ' || token) as new_hash from tokens
union
select t.workspace_id, u.wamid_hash, pg_temp.id_of(t.phone_number_id || ' ' || t.token)
from tokens t
cross join lateral (
  select i.value from contact_identities i
  where i.workspace_id = t.workspace_id and i.contact_id = t.contact_id and i.kind in ('wa_id', 'bsuid')
  union
  select regexp_replace(n.display_phone_number, '\D', '', 'g') from phone_numbers n
  where n.workspace_id = t.workspace_id and n.id = t.phone_number_id and n.display_phone_number is not null) as identity
cross join (values (true), (false)) as side (from_business)
join unmatched u on u.workspace_id = t.workspace_id
  and u.wamid_hash = pg_temp.id_of(pg_temp.wamid_over(identity.value, side.from_business, t.token));
delete from moves where old_hash = new_hash;
create index on moves (workspace_id, old_hash);
analyze moves;

-- Messages that stood there under both ids: the best account stays (src/inbox/lines.ts).
create temporary table doubles on commit drop as
select workspace_id, id, conversation_id, is_unread from (
  select m.workspace_id, m.id, m.conversation_id,
    m.origin = 'message' and m.received_at > coalesce(c.read_at, '-infinity') as is_unread,
    row_number() over (partition by m.workspace_id, v.new_hash order by
      array_position(array['sent', 'message', 'echo', 'system', 'history'], m.origin),
      m.type = 'media_placeholder', m.event_id) as rank
  from messages m join moves v on v.workspace_id = m.workspace_id and v.old_hash = m.wamid_hash
  join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id) ranked
where rank > 1;
delete from messages m using doubles d where m.workspace_id = d.workspace_id and m.id = d.id;
update conversations c set unread_count = greatest(0, c.unread_count - d.unread)
from (select workspace_id, conversation_id, count(*) filter (where is_unread) as unread from doubles group by 1, 2) d
where c.workspace_id = d.workspace_id and c.id = d.conversation_id;
delete from conversations c using doubles d
where c.workspace_id = d.workspace_id and c.id = d.conversation_id
  and not exists (select from messages m where m.workspace_id = c.workspace_id and m.conversation_id = c.id);
update messages m set wamid_hash = v.new_hash
from moves v where v.workspace_id = m.workspace_id and v.old_hash = m.wamid_hash;

-- Several folds of one message become one, as if its events had come under one id.
create temporary table status_folds on commit drop as
select s.workspace_id, v.new_hash, min(s.wamid_hash::text)::uuid as kept, max(s.status) as status,
  min(s.accepted_at) as accepted_at, min(s.sent_at) as sent_at, min(s.delivered_at) as delivered_at,
  min(s.read_at) as read_at, min(s.played_at) as played_at, min(s.failed_at) as failed_at,
  (array_agg(s.failed_event order by coalesce(s.failed_at, 'infinity'), s.failed_event) filter (where s.failed_event is not null))[1] as failed_event,
  (array_agg(s.error order by coalesce(s.failed_at, 'infinity'), s.failed_event) filter (where s.failed_event is not null))[1] as error,
  (array_agg(s.pricing_status order by s.pricing_status desc, s.pricing_event) filter (where s.pricing_event is not null))[1] as pricing_status,
  (array_agg(s.pricing_event order by s.pricing_status desc, s.pricing_event) filter (where s.pricing_event is not null))[1] as pricing_event,
  (array_agg(s.pricing order by s.pricing_status desc, s.pricing_event) filter (where s.pricing_event is not null))[1] as pricing,
  (array_agg(s.conversation_status order by s.conversation_status, s.conversation_event) filter (where s.conversation_event is not null))[1] as conversation_status,
  (array_agg(s.conversation_event order by s.conversation_status, s.conversation_event) filter (where s.conversation_event is not null))[1] as conversation_event,
  (array_agg(s.conversation order by s.conversation_status, s.conversation_event) filter (where s.conversation_event is not null))[1] as conversation
from message_statuses s join moves v on v.workspace_id = s.workspace_id and v.old_hash = s.wamid_hash
group by s.workspace_id, v.new_hash having count(*) > 1;
delete from message_statuses s using moves v, status_folds f
where v.workspace_id = s.workspace_id and v.old_hash = s.wamid_hash
  and f.workspace_id = v.workspace_id and f.new_hash = v.new_hash and s.wamid_hash <> f.kept;
update message_statuses s set status = f.status, accepted_at = f.accepted_at, sent_at = f.sent_at,
  delivered_at = f.delivered_at, read_at = f.read_at, played_at = f.played_at, failed_at = f.failed_at,
  failed_event = f.failed_event, error = f.error, pricing_status = f.pricing_status, pricing_event = f.pricing_event,
  pricing = f.pricing, conversation_status = f.conversation_status, conversation_event = f.conversation_event,
  conversation = f.conversation
from status_folds f where f.workspace_id = s.workspace_id and f.kept = s.wamid_hash;
update message_statuses s set wamid_hash = v.new_hash
from moves v where v.workspace_id = s.workspace_id and v.old_hash = s.wamid_hash;

create temporary table amendment_folds on commit drop as
select a.workspace_id, v.new_hash, min(a.revoked_at) as revoked_at,
  (array_agg(a.wamid_hash order by a.edited_at desc nulls last, a.edit_event desc, a.wamid_hash))[1] as kept
from message_amendments a join moves v on v.workspace_id = a.workspace_id and v.old_hash = a.wamid_hash
group by a.workspace_id, v.new_hash having count(*) > 1;
delete from message_amendments a using moves v, amendment_folds f
where v.workspace_id = a.workspace_id and v.old_hash = a.wamid_hash
  and f.workspace_id = v.workspace_id and f.new_hash = v.new_hash and a.wamid_hash <> f.kept;
update message_amendments a set revoked_at = f.revoked_at
from amendment_folds f where f.workspace_id = a.workspace_id and f.kept = a.wamid_hash;
update message_amendments a set wamid_hash = v.new_hash
from moves v where v.workspace_id = a.workspace_id and v.old_hash = a.wamid_hash;

delete from message_reactions r using moves v, moves w, message_reactions newer
where v.workspace_id = r.workspace_id and v.old_hash = r.wamid_hash
  and w.workspace_id = v.workspace_id and w.new_hash = v.new_hash
  and newer.workspace_id = w.workspace_id and newer.wamid_hash = w.old_hash
  and newer.actor_kind = r.actor_kind and newer.actor_value = r.actor_value
  and (newer.reacted_at, newer.event_id) > (r.reacted_at, r.event_id);
update message_reactions r set wamid_hash = v.new_hash
from moves v where v.workspace_id = r.workspace_id and v.old_hash = r.wamid_hash;

update media f set wamid_hash = v.new_hash
from moves v where v.workspace_id = f.workspace_id and v.old_hash = f.wamid_hash;

drop table moves, tokens, unmatched, doubles, status_folds, amendment_folds;
drop function pg_temp.id_of(text), pg_temp.token_of(text), pg_temp.wamid_over(text, boolean, text);
