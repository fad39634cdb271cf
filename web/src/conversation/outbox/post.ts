import { randomKey } from "../../lib/server/api.ts";
import { serverNow } from "../../lib/words/clock.ts";
import { NOTHING_YET } from "../../lib/words/message.ts";
import { add } from "./outbox.ts";
import { messagesQuery, queryClient } from "../../lib/server/queries.ts";
import { sentForm } from "../model/templates.ts";
import type { Message, NewMessage } from "../../lib/types.ts";

/** Shows the message at once and sends it. `text` is what one reads of it in the thread. */
export function post(
  conversation_id: string,
  body: NewMessage,
  {
    text,
    context = null,
    media = null,
  }: { text: string | null; context?: Message["context"]; media?: Message["media"] },
): void {
  const thread = queryClient.getQueryData(messagesQuery(conversation_id).queryKey);
  add({
    key: randomKey(),
    body,
    shown: draftOf(conversation_id, body, { text, context, media }),
    known: new Set((thread?.pages ?? []).flatMap((page) => page.data.map((message) => message.id))),
    message_id: null,
    held: false,
    problem: null,
  });
}

/** How a message looks before the server has it. */
function draftOf(
  conversation_id: string,
  { content }: NewMessage,
  said: Pick<Message, "text" | "context" | "media">,
): Message {
  const now = new Date(serverNow()).toISOString();
  return {
    ...NOTHING_YET,
    id: `letter-${randomKey()}`,
    conversation_id,
    direction: "OUTBOUND",
    source: "AGENT",
    type: content.type === "buttons" || content.type === "list" ? "interactive" : content.type,
    wamid: null,
    content: contentOf(content),
    ...said,
    status: "QUEUED",
    sent_at: now,
    received_at: now,
  };
}

/** What is drawn of it, in the form that Meta is sent. */
function contentOf(content: NewMessage["content"]): Message["content"] {
  switch (content.type) {
    case "reaction":
      return { reaction: { message_id: content.target_wamid, emoji: content.emoji ?? "" } };
    case "buttons":
      return {
        interactive: {
          body: { text: content.body },
          action: { buttons: content.buttons.map((reply) => ({ type: "reply", reply })) },
        },
      };
    case "list":
      return {
        interactive: {
          body: { text: content.body },
          action: { button: content.button, sections: content.sections },
        },
      };
    case "template":
      return { template: sentForm(content) };
    default:
      return {};
  }
}
