-- Taps of ordinary buttons ("Cancel", "End", "Start") used to be read as statements about marketing. What they wrote stays
-- in the ledger with its evidence, and counts no more.
alter table consent_events
  -- Why the statement does not count: it was found to have been misread. Null: it counts.
  add column voided_reason text;

-- Only where the evidence shows it: a word that businesses put on buttons, and none that means marketing beside it.
with tapped as (
  select e.workspace_id, e.id, array_agg(btrim(regexp_replace(
      regexp_replace(lower(normalize(part, NFKD)), '[\u0300-\u036f]', '', 'g'),
      '[\s!-/:-@\[-`{-~¡¿\u2000-\u206f\u2190-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff]+', ' ', 'g'))) as parts
  from consent_events e cross join lateral unnest(string_to_array(e.evidence, ' / ')) as part
  where e.source = 'BUTTON'
  group by e.workspace_id, e.id),
words as (
  select array(select normalize(word, NFKD) from unnest(array[
      'cancel', 'end', 'quit', 'revoke', 'remove', 'remove me', 'baja', 'cancelar', 'no mas', 'sair', 'remover',
      'abmelden', 'annulla', 'cancellami', 'afmelden', 'iptal', 'ret', 'anuluj', 'отмена', 'Отмена', 'ОТМЕНА',
      'الغاء', 'إلغاء', 'הסר', 'הסרה', 'لغو', 'بند کرو', 'बंद', 'बंद करो', 'बंद करें', 'रुको', 'বন্ধ', 'বন্ধ করুন',
      'batal', 'huy', 'ยกเลิก', '取消', '解除', '그만', 'start', 'resume', 'alta', 'iniciar', 'comecar', 'inscrever',
      'demarrer', 'anmelden', 'starten', 'aanmelden', 'basla', 'baslat', 'zapisz', 'старт', 'Старт', 'СТАРТ',
      'почати', 'Почати', 'ПОЧАТИ', 'ابدأ', 'ابدا', 'اشتراك', 'התחל', 'شروع', 'शुरू', 'शुरू करें', 'শুরু', 'mulai',
      'mula', 'bat đau', 'Bat đau', 'BAT ĐAU', 'เริ่ม', '开始', '開始', 'スタート', '시작'
    ]) as word) as ordinary,
    array(select normalize(word, NFKD) from unnest(array[
      'stop', 'stop all', 'stopall', 'stop promotions', 'stop marketing', 'stop messages', 'stop please',
      'unsubscribe', 'unsubscribe me', 'opt out', 'optout', 'darme de baja', 'dar de baja', 'detener', 'parar',
      'cancelar suscripcion', 'pare', 'descadastrar', 'cancelar inscricao', 'parar promocoes', 'detener promociones',
      'arret', 'arreter', 'desabonner', 'se desabonner', 'desinscription', 'stopper', 'abbestellen', 'stopp',
      'keine werbung', 'disiscrivi', 'disiscriviti', 'uitschrijven', 'dur', 'durdur', 'wypisz', 'стоп', 'Стоп',
      'СТОП', 'отписаться', 'Отписаться', 'ОТПИСАТЬСЯ', 'отписка', 'Отписка', 'ОТПИСКА', 'зупинити', 'Зупинити',
      'ЗУПИНИТИ', 'توقف', 'إيقاف', 'ايقاف', 'إلغاء الاشتراك', 'قف', 'עצור', 'توقف کن', 'रोको', 'நிறுத்து',
      'berhenti', 'henti', 'dung', 'ngung', 'หยุด', 'simama', '停止', '退订', '退訂', '取消订阅', '取消訂閱', '配信停止',
      'ストップ', '수신거부', '중지', 'unstop', 'subscribe', 'resubscribe', 'opt in', 'optin', 'start promotions',
      'darme de alta', 'suscribir', 'suscribirme', 's abonner', 'abonnieren', 'iscriviti', 'подписаться',
      'Подписаться', 'ПОДПИСАТЬСЯ', '订阅', '訂閱', '配信再開', '수신동의'
    ]) as word) as meant)
update consent_events e
  set voided_reason = 'The tap of an ordinary button; it says nothing of marketing.'
from tapped, words
where e.workspace_id = tapped.workspace_id and e.id = tapped.id
  and tapped.parts && words.ordinary and not tapped.parts && words.meant;

-- The contacts that are no longer what such a tap made of them: by the newest statement that counts, as the inbox folds it.
update contacts c set marketing_state = now_so.state, updated_at = now()
from (
  select distinct i.workspace_id, i.contact_id, coalesce((
      select e.state from contact_identities own
      join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (own.workspace_id, own.kind, own.value)
      where own.workspace_id = i.workspace_id and own.contact_id = i.contact_id and e.voided_reason is null
      order by e.occurred_at desc, (e.state = 'UNSUBSCRIBED') desc, e.id desc limit 1), 'UNKNOWN') as state
  from consent_events v
  join contact_identities i on (i.workspace_id, i.kind, i.value) = (v.workspace_id, v.identity_kind, v.identity_value)
  where v.voided_reason is not null) now_so
where c.workspace_id = now_so.workspace_id and c.id = now_so.contact_id and c.marketing_state <> now_so.state;
