import { named, rowsOf, sql, type Tx } from "../../db/db.ts";
import { CONFIRM_SLACK_MS } from "../folds/folds.ts";
import type { Profile } from "./evidence.ts";
import type { ContactRef, ShownContact } from "./identity-rows.ts";
import { foldNamesForSearch } from "../search/search.ts";

/** A name that came with a contact. */
export interface Named extends ContactRef {
  profile: Profile;
}

/**
 * Brings the columns of contacts to what their identities and consent events say: the newest name of the profile and
 * of the business's address book, the newest username, and the newest statement about marketing (a stop wins a tie; who was
 * asked and said yes is subscribed). A
 * contact of which only names came, and which shows them already, is left alone: nothing older can replace them. Answers
 * which have changed.
 * All of them are locked already, so that the fold sees what the last holder wrote.
 */
export async function refreshContacts(
  tx: Tx,
  contacts: readonly ContactRef[],
  names: readonly Named[],
  shown: readonly ShownContact[],
): Promise<ContactRef[]> {
  const by_id = new Map(shown.map((row) => [row.id, row]));
  const stale = [
    ...contacts,
    ...names.filter(({ id, profile: { profile_name, username, book_name } }) => {
      const contact = by_id.get(id);
      return (
        (book_name !== null && book_name.value !== contact?.book_name) ||
        (profile_name !== null && profile_name.value !== contact?.profile_name) ||
        (username !== null && username.value !== contact?.username)
      );
    }),
  ];
  if (stale.length === 0) return [];
  const due = columnsOf(stale);
  const changed = await tx.rows<ContactRef>(named("refresh contacts")`
    with folds as (
      select due.workspace_id, due.id,
        (select i.profile_name from contact_identities i
          where i.workspace_id = due.workspace_id and i.contact_id = due.id and i.profile_at is not null
          order by i.profile_at desc, i.profile_event desc limit 1) as profile_name,
        (select i.book_name from contact_identities i
          where i.workspace_id = due.workspace_id and i.contact_id = due.id and i.book_at is not null
          order by i.book_at desc, i.book_event desc limit 1) as book_name,
        (select i.username from contact_identities i
          where i.workspace_id = due.workspace_id and i.contact_id = due.id and i.username_at is not null
          order by i.username_at desc, i.username_event desc limit 1) as username,
        case when confirmed.id is not null then 'SUBSCRIBED' else coalesce(told.state, 'UNKNOWN') end as marketing_state,
        coalesce(confirmed.id, told.id) as marketing_event, coalesce(confirmed.occurred_at, told.occurred_at) as marketing_at
      from ${due}
      left join lateral (
        select e.id, e.state, e.occurred_at from ${statements}
        where ${theirs} and e.source <> 'DOUBLE_OPT_IN'
        order by e.occurred_at desc, (e.state = 'UNSUBSCRIBED') desc, e.id desc limit 1) told on true
      -- The answer to the question that was asked last; a statement that came between ends the asking.
      left join lateral (
        select e.id, e.occurred_at from ${statements}
        where ${theirs} and e.source = 'DOUBLE_OPT_IN' and told.state = 'PENDING'
          and e.occurred_at >= told.occurred_at - ${CONFIRM_SLACK_MS} * interval '1 millisecond'
        order by e.occurred_at, e.id limit 1) confirmed on true
    )
    update contacts c
      set profile_name = f.profile_name, book_name = f.book_name, username = f.username,
        marketing_state = f.marketing_state, marketing_event = f.marketing_event, marketing_at = f.marketing_at, updated_at = now()
    from folds f
    where c.workspace_id = f.workspace_id and c.id = f.id
      and (c.profile_name, c.book_name, c.username, c.marketing_state, c.marketing_event)
        is distinct from (f.profile_name, f.book_name, f.username, f.marketing_state, f.marketing_event)
    returning c.workspace_id, c.id`);
  await foldNamesForSearch(tx, changed);
  return changed;
}

const statements = sql`contact_identities i
  join consent_events e on (e.workspace_id, e.identity_kind, e.identity_value) = (i.workspace_id, i.kind, i.value)`;
const theirs = sql`i.workspace_id = due.workspace_id and i.contact_id = due.id and e.voided_reason is null`;

function columnsOf(contacts: readonly ContactRef[]) {
  const unique = [...new Map(contacts.map((contact) => [contact.id, contact])).values()];
  return rowsOf(unique, { workspace_id: "uuid", id: "uuid" });
}
