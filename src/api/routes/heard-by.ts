import { LIVE_NEEDS, type LiveEventName, read } from "../../contract/contract.ts";
import type { Queryable } from "../../db/db.ts";
import { seesThing, visibleConversations } from "../../inbox/inbox.ts";
import { hideNumbers, may } from "../http/http.ts";
import type { Caller } from "../people/people.ts";

export interface LiveEvent {
  seq: number;
  name: string;
  data: unknown;
}
/** Whose stream it is, as far as it decides what is heard. */
export type Hearer = Pick<Caller, "workspace_id" | "role" | "permissions" | "sees_numbers" | "viewer">;

/** The same for all who hear the same. */
export const hearingOf = ({ role, permissions, sees_numbers, viewer }: Hearer): string =>
  JSON.stringify([role, permissions, sees_numbers, viewer]);

const OF_CONVERSATIONS = new Set([
  "ConversationMessageCreated",
  "ConversationUpdated",
  "MessageStatusUpdated",
]);

/**
 * What one may hear of events: those of other areas and of conversations outside of one's scope have no data, so that only
 * the cursor moves. That a conversation changed which one doesn't see is told as if it were gone: it may be given away just now.
 */
export async function heardBy(
  db: Queryable,
  hearer: Hearer,
  events: readonly LiveEvent[],
): Promise<LiveEvent[]> {
  const { workspace_id, viewer } = hearer;
  const allowed = events.map((event) =>
    event.data !== null && may(hearer, LIVE_NEEDS[event.name as LiveEventName])
      ? event
      : { ...event, data: null },
  );
  const seen = await visibleConversations(db, workspace_id, viewer, [
    ...new Set(allowed.filter(isOfConversation).map(conversationOf)),
  ]);
  const heard: LiveEvent[] = [];
  for (const event of allowed) {
    if (isOfConversation(event) && !seen.has(conversationOf(event))) heard.push(unseen(event));
    else if (
      event.name === "ContactUpdated" &&
      event.data !== null &&
      !(await seesContact(db, hearer, event))
    )
      heard.push({ ...event, data: null });
    else heard.push(event);
  }
  return hearer.sees_numbers ? heard : heard.map((event) => ({ ...event, data: hideNumbers(event.data) }));
}

const isOfConversation = ({ name, data }: LiveEvent) => data !== null && OF_CONVERSATIONS.has(name);
const conversationOf = ({ data }: LiveEvent) => (data as { conversation_id: string }).conversation_id;

function unseen(event: LiveEvent): LiveEvent {
  if (event.name !== "ConversationUpdated") return { ...event, data: null };
  return { ...event, data: { conversation_id: conversationOf(event), conversation: null } };
}

async function seesContact(db: Queryable, hearer: Hearer, { data }: LiveEvent): Promise<boolean> {
  if (hearer.viewer.scope === "all" || may(hearer, read("audience"))) return true;
  const { contact_id } = data as { contact_id: string };
  return seesThing(db, hearer.workspace_id, hearer.viewer, { shown: "contact", id: contact_id });
}
