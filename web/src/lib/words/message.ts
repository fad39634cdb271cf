import { plainText } from "./rich-text.ts";
import type { Message } from "../types.ts";
import { MESSAGE, TYPES, UNSUPPORTED } from "./texts.ts";

type Content = Record<string, unknown>;

/** Meta's object for the message's own type: `content.image` of an image, else the content itself. */
export function partOf(message: Pick<Message, "type" | "content">): Content {
  return record(message.content[message.type]) ?? message.content;
}

export function record(value: unknown): Content | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Content) : null;
}
export const list = (value: unknown): Content[] =>
  Array.isArray(value) ? value.map(record).filter((each) => each !== null) : [];
export const text = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;
export const number = (value: unknown): number | null => {
  const read = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : null;
};

/** What was tapped, when the message is a tap on a button or a list row. */
export function tappedOf(message: Pick<Message, "type" | "content" | "text">): string | null {
  const part = partOf(message);
  if (message.type === "button") return text(part["text"]) ?? message.text ?? text(part["payload"]);
  if (message.type !== "interactive") return null;
  for (const kind of ["button_reply", "list_reply"]) {
    const reply = record(part[kind]);
    if (reply) return text(reply["title"]) ?? message.text ?? text(reply["id"]);
  }
  const calls = record(part["call_permission_reply"]);
  if (calls) return calls["response"] === "accept" ? MESSAGE.calls_allowed : MESSAGE.calls_refused;
  return message.text;
}

/**
 * The thread without our own reactions, which stand at the messages that they are about. Those that Meta has taken are
 * there already, by "business"; of those on their way the last one counts.
 */
export function withOwnReactions(messages: readonly Message[]): Message[] {
  const ours = new Map<string, string | null>();
  for (const message of messages) {
    if (!isOwnReaction(message) || message.wamid !== null) continue;
    if (message.status === "FAILED" || message.send?.state === "cancelled") continue;
    const part = partOf(message);
    const target = text(part["message_id"]);
    if (target !== null) ours.set(target, text(part["emoji"]));
  }
  return messages
    .filter((message) => !isOwnReaction(message))
    .map((message) => {
      const others = message.reactions.filter(({ actor }) => actor !== "business");
      const taken = message.reactions.find(({ actor }) => actor === "business")?.emoji;
      const emoji = message.wamid !== null && ours.has(message.wamid) ? ours.get(message.wamid) : taken;
      if (!emoji && taken === undefined) return message;
      return { ...message, reactions: emoji ? [...others, { emoji, actor: MESSAGE.you }] : others };
    });
}
export const isOwnReaction = (message: Message) =>
  message.direction === "OUTBOUND" && message.type === "reaction";

export const MEDIA_TYPES = ["image", "video", "audio", "voice", "document", "sticker"] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];
export const isMedia = (type: string): type is MediaType => (MEDIA_TYPES as readonly string[]).includes(type);

export const unsupportedLabel = (name: string | null): string =>
  UNSUPPORTED[name ?? ""] ?? (name === null || name === "unknown" ? TYPES["unsupported"]! : typeLabel(name));

/** A type in words: `Photo`, `Contact card`; one that we have no word for as Meta calls it. */
export function typeLabel(type: string): string {
  return TYPES[type] ?? type.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

/** What Meta says is wrong with a message that came in: of several errors one that has details. */
export function problemOf({ content }: Pick<Message, "content">): Record<string, unknown> | undefined {
  const errors = list(content["errors"]);
  return errors.find((error) => text(error["details"]) !== null) ?? errors[0];
}

/** The one line of a list or a quote. */
export function previewOf(message: {
  type: string | null;
  text: string | null;
  revoked_at?: string | null;
}): string {
  if (message.revoked_at) return MESSAGE.deleted;
  if (message.text !== null && message.text.trim() !== "")
    return plainText(message.text).replace(/\s+/g, " ");
  return typeLabel(message.type ?? "text");
}

/** Who is quoted; null where not even Meta says whose it is. */
export function quotedName({ context }: Message, ours: string, theirs: string): string | null {
  if (!context?.direction) return null;
  return context.direction === "OUTBOUND" ? ours : theirs;
}

/** What has not happened yet to a message that the server doesn't have. */
export const NOTHING_YET = {
  standby: false,
  call: null,
  payment: null,
  author: null,
  reactions: [],
  order_key: "",
  edited_at: null,
  revoked_at: null,
  pruned_at: null,
  delivered_at: null,
  read_at: null,
  played_at: null,
  pricing: null,
  billed_to: null,
  failed_at: null,
  error: null,
  errors: [],
  webhook_id: null,
  send: null,
} satisfies Partial<Message>;
