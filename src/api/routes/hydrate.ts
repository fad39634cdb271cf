import type { Logger } from "../../base/base.ts";
import type { LiveEventData, LiveEventName } from "../../contract/contract.ts";
import { LiveEvents } from "../../contract/shapes.ts";
import type { Database } from "../../db/db.ts";
import { contactsByIds, conversationsByIds, messagesByIds } from "../../inbox/inbox.ts";
import type { LiveRow } from "../../live/live.ts";
import { templatesByIds } from "../../templates/templates.ts";

/**
 * What the feed names by id, as the pages want it: one query a kind of thing for the whole batch. A thing that has
 * vanished since is null where the event's shape allows it; else nothing is left to tell, and data is null.
 */
export async function hydrate(
  deps: { db: Database; log: Logger },
  workspace_id: string,
  rows: readonly LiveRow[],
): Promise<{ seq: number; name: string; data: unknown }[]> {
  const { db, log } = deps;
  const wanted = (key: string, names: LiveEventName[]) => [
    ...new Set(
      rows.filter((row) => names.includes(row.name as LiveEventName)).map((row) => String(row.data[key])),
    ),
  ];
  const read = async <Row extends { id: string }>(
    find: (db: Database, workspace_id: string, ids: string[]) => Promise<Row[]>,
    ids: string[],
  ) => new Map((ids.length === 0 ? [] : await find(db, workspace_id, ids)).map((row) => [row.id, row]));

  const [conversations, messages, contacts, templates] = await Promise.all([
    read(
      conversationsByIds,
      wanted("conversation_id", ["ConversationMessageCreated", "ConversationUpdated"]),
    ),
    read(messagesByIds, wanted("message_id", ["ConversationMessageCreated", "MessageStatusUpdated"])),
    read(contactsByIds, wanted("contact_id", ["ContactUpdated"])),
    read(templatesByIds, wanted("template_id", ["TemplateStatusChanged"])),
  ]);
  const fill: { [Name in LiveEventName]: (ids: Record<string, unknown>) => object } = {
    ConversationMessageCreated: (ids) => ({
      ...ids,
      conversation: conversations.get(String(ids["conversation_id"])),
      message: messages.get(String(ids["message_id"])),
    }),
    ConversationUpdated: (ids) => ({
      ...ids,
      conversation: conversations.get(String(ids["conversation_id"])) ?? null,
    }),
    MessageStatusUpdated: (ids) => {
      const message = messages.get(String(ids["message_id"]));
      return { ...ids, conversation_id: message?.conversation_id, message };
    },
    TemplateStatusChanged: (ids) => ({ template: templates.get(String(ids["template_id"])) }),
    ContactUpdated: (ids) => ({ ...ids, contact: contacts.get(String(ids["contact_id"])) ?? null }),
    CampaignProgressed: (ids) => ids,
    PhoneNumberUpdated: (ids) => ids,
    NoticeUpdated: (ids) => ids,
    EndpointUpdated: (ids) => ids,
    DeliveryUpdated: (ids) => ids,
    ImportProgressed: (ids) => ids,
    AutomationActivityRecorded: (ids) => ids,
  };

  return rows.map(({ seq, name, data }) => {
    const nothing = { seq, name, data: null };
    if (!isLiveEvent(name)) return nothing;
    const filled = fill[name](data);
    if (Object.values(filled).includes(undefined)) return nothing;
    const shaped = LiveEvents[name].safeParse(filled);
    if (shaped.success) return { seq, name, data: shaped.data satisfies LiveEventData<LiveEventName> };
    log.error({ name, issues: shaped.error.issues }, "a live event does not have its shape");
    return nothing;
  });
}

function isLiveEvent(name: string): name is LiveEventName {
  return Object.hasOwn(LiveEvents, name);
}
