import type { MessageContent } from "../events.ts";
import { asBody, asFailures, asObject, asRecord, asText, type JsonObject, plain } from "../json/json.ts";

const BODY_KEYS = [
  "text",
  "image",
  "video",
  "audio",
  "voice",
  "document",
  "sticker",
  "location",
  "contacts",
  "interactive",
  "button",
  "reaction",
  "order",
  "system",
  "edit",
  "revoke",
];

/** Meta's type; where it is left out, the body that is there tells it. */
export function typeOf(item: JsonObject): string | null {
  const type = asText(item["type"]);
  if (type !== null) return type;
  const body = BODY_KEYS.find((key) => item[key] !== undefined && item[key] !== null);
  return body ?? (Array.isArray(item["errors"]) ? "unsupported" : null);
}

/**
 * The content of a message of any kind. A body that is missing or of a new type leaves `content` short, never the
 * message unread: a person did write something.
 */
export function readContent(item: JsonObject, type: string): MessageContent {
  const context = asObject(item["context"]);
  const content: Record<string, unknown> = { ...bodyOf(item, type) };
  const referral = asRecord(item["referral"]);
  if (referral) content["referral"] = referral;
  const failures = asFailures(item["errors"]);
  if (failures.length > 0) content["errors"] = failures;
  const product = asRecord(context?.["referred_product"]);
  if (product) content["referred_product"] = product;
  if (context?.["forwarded"] === true || context?.["frequently_forwarded"] === true)
    content["forwarded"] = true;
  if (context?.["frequently_forwarded"] === true) content["frequently_forwarded"] = true;
  const reply = replyOf(item, type);
  const [context_wamid, context_from] = [asText(context?.["id"]), asText(context?.["from"])];
  return { type, text: textOf(item, type, reply), content, reply, context_wamid, context_from };
}

function bodyOf(item: JsonObject, type: string): Record<string, unknown> {
  const body = Object.hasOwn(item, type) ? item[type] : undefined;
  if (body === undefined || body === null) return {};
  return asRecord(body) ?? { [type]: plain(body) };
}

function textOf(item: JsonObject, type: string, reply: MessageContent["reply"]): string | null {
  const body = asObject(item[type]);
  if (type === "text") return asBody(body?.["body"]);
  if (type === "order") return asText(body?.["text"]);
  // "Sent" is what WhatsApp says of every flow; what was filled in stands in its fields.
  if (reply && reply.kind !== "other")
    return reply.kind === "nfm_reply" && reply.title === "Sent" ? null : reply.title;
  // Beside a type that is not passed on, WhatsApp may pass the words.
  return (
    asText(body?.["caption"]) ??
    asText(asObject(body?.["body"])?.["text"]) ??
    asText(asObject(item["text"])?.["body"])
  );
}

function replyOf(item: JsonObject, type: string): MessageContent["reply"] {
  if (type === "button") {
    const button = asObject(item["button"]);
    if (!button) return null;
    const title = asText(button["text"]);
    const payload = asText(button["payload"]);
    return { kind: "button", payload: payload ?? title, title: title ?? payload };
  }
  const interactive = type === "interactive" ? asObject(item["interactive"]) : null;
  if (!interactive) return null;
  const kind = asText(interactive["type"]) ?? "";
  const body = asObject(interactive[kind]);
  switch (kind) {
    case "button_reply":
    case "list_reply":
      return { kind, payload: asText(body?.["id"]), title: asText(body?.["title"]) };
    case "nfm_reply":
      // The answers of a Flow are a JSON text, which people's flows may break: it is passed on as it came.
      return { kind, payload: asText(body?.["response_json"]), title: asText(body?.["body"]) };
    case "call_permission_reply":
      return { kind, payload: asText(body?.["response"]), title: null };
    default:
      return { kind: "other", payload: null, title: null };
  }
}
