import { serverNow } from "../../lib/words/clock.ts";
import { isMedia, NOTHING_YET } from "../../lib/words/message.ts";
import type { Message } from "../../lib/types.ts";
import type { Play, Preview } from "./plays.ts";

/** How the message looks on the sender's phone before the business has it; null for what changes another. */
export function draftOf(
  key: string,
  play: Play,
  preview: Preview | null,
  shown: readonly Message[],
): Message | null {
  const content = contentOf(play);
  if (content === null) return null;
  const quoted = play.context_wamid
    ? shown.find((message) => message.wamid === play.context_wamid)
    : undefined;
  const now = new Date(serverNow()).toISOString();
  return {
    ...NOTHING_YET,
    id: key,
    conversation_id: "",
    direction: "INBOUND",
    source: "CUSTOMER",
    wamid: null,
    ...content,
    content: {
      ...content.content,
      ...(play.forwarded ? { forwarded: true } : {}),
      ...(play.referral ? { referral: play.referral } : {}),
    },
    context: quoted?.wamid
      ? {
          wamid: quoted.wamid,
          message_id: quoted.id,
          text: quoted.text,
          type: quoted.type,
          direction: quoted.direction,
          revoked_at: quoted.revoked_at,
        }
      : null,
    status: null,
    media: preview && isMedia(content.type) ? fileOf(key, preview) : null,
    sent_at: now,
    received_at: now,
  };
}

/** The file that the customer chose, as their phone has it, before and after the business has fetched it. */
export function fileOf(key: string, preview: Preview): NonNullable<Message["media"]> {
  return { ...preview, id: key, state: "stored", sha256: null, error: null };
}

type Said = Pick<Message, "type" | "text" | "content">;

function contentOf(play: Play): Said | null {
  if (play.text !== undefined) return { type: "text", text: play.text, content: {} };
  for (const type of ["image", "video", "audio", "document", "sticker"] as const) {
    const file = play[type];
    if (file)
      return { type, text: ("caption" in file ? file.caption : undefined) ?? null, content: { ...file } };
  }
  if (play.location) return { type: "location", text: null, content: { ...play.location } };
  if (play.contacts) return { type: "contacts", text: null, content: { contacts: play.contacts } };
  if (play.order) return { type: "order", text: play.order.text ?? null, content: { ...play.order } };
  if (play.unsupported) return { type: "unsupported", text: null, content: { type: play.unsupported } };
  if (play.button) return { type: "button", text: play.button.text, content: { ...play.button } };
  if (play.button_reply) return tap("button_reply", play.button_reply.title, play.button_reply);
  if (play.list_reply) return tap("list_reply", play.list_reply.title, play.list_reply);
  if (play.flow_reply)
    return tap("nfm_reply", "Sent", { name: "flow", response_json: JSON.stringify(play.flow_reply) });
  if (play.call_permission) return tap("call_permission_reply", null, { response: play.call_permission });
  return null;
}

const tap = (type: string, text: string | null, body: object): Said => ({
  type: "interactive",
  text,
  content: { type, [type]: body },
});
