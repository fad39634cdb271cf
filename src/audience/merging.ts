import { appendTo } from "../base/base.ts";
import type { Reply } from "../contract/contract.ts";
import { found, sql, type Database } from "../db/db.ts";
import { contactsByIds, measureContact, mergeContacts, whyApart } from "../inbox/inbox.ts";
import { publish } from "../live/live.ts";
import { followJoins, type FollowJoin } from "./joining.ts";

/** What merging two contacts would do, without doing it. Throws NOT_FOUND. */
export async function previewMerge(
  db: Database,
  workspace_id: string,
  id: string,
  from_id: string,
): Promise<Reply<"GET /api/v1/contacts/:id/merge">> {
  const ids = [id, from_id] as const;
  const refused = await whyApart(db, workspace_id, ids);
  const contacts = await contactsByIds(db, workspace_id, ids);
  // UUIDv7: the lesser was there first, and is the one that stays.
  const [stays_id, goes_id] = [...ids].toSorted() as [string, string];
  const named = (one: string) => {
    const contact = found(contacts.find((each) => each.id === one));
    return { id: one, display_name: contact.display_name };
  };
  const { messages } = await measureContact(db, workspace_id, goes_id);
  const comes = await db.first<{ conversations: number; tags: number; lists: number }>(sql`
    select (select count(*)::integer from conversations where workspace_id = ${workspace_id} and contact_id = ${goes_id}) as conversations,
      (select count(*)::integer from contact_tags where workspace_id = ${workspace_id} and contact_id = ${goes_id}) as tags,
      (select count(*)::integer from list_contacts where workspace_id = ${workspace_id} and contact_id = ${goes_id}) as lists`);
  return { refused, stays: named(stays_id), goes: named(goes_id), messages, ...comes! };
}

/** Makes them one, with all that hangs on either, here and in the modules of `others`. Answers which of the two it is. Throws NOT_FOUND and MERGE_REFUSED. */
export async function merge(
  db: Database,
  workspace_id: string,
  id: string,
  from_id: string,
  { now_ms, others }: { now_ms: number; others: readonly FollowJoin[] },
): Promise<{ id: string }> {
  return db.transaction(async (tx) => {
    const merged = await mergeContacts(tx, workspace_id, [id, from_id], now_ms);
    // Other joins may wait before this one.
    const changes = [...merged.changes];
    for (let followed; (followed = await followJoins(tx, others)).count > 0;)
      appendTo(changes, followed.changes);
    await publish(tx, changes);
    return { id: merged.id };
  });
}
