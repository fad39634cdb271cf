import * as texts from "./event-texts.ts";
import { typeLabel } from "./message.ts";
import { plainText } from "./rich-text.ts";
import { duration } from "./time.ts";
import type { EventSummary } from "../types.ts";

/** A line about an event: **who** · what: text. */
export interface EventWords {
  who: string | null;
  /** Null where the text says it all. */
  what: string | null;
  /** What a customer or the business wrote, or Meta's reason. */
  text: string | null;
  tone: "good" | "bad" | null;
}

/** What an event says, in words; one of a kind that we have no words for as Meta calls it. */
export function wordsOfEvent(event: EventSummary): EventWords {
  const text = event.text === null ? null : readable(event.text);
  const said = { who: whoOf(event), what: null, text, tone: null };
  const value = event.value ?? "";
  switch (event.kind) {
    case "message":
    case "echo":
    case "history_message":
    case "standby":
      return { ...said, ...saidOf(event, text) };
    case "reaction":
      return { ...said, what: event.value === null ? texts.REACTION_REMOVED : texts.reacted(value) };
    case "message_edit":
    case "echo_edit":
      return { ...said, what: texts.MESSAGE_EDITED };
    case "message_revoke":
    case "echo_revoke":
      return { ...said, what: texts.MESSAGE_DELETED };
    case "system":
      return { ...said, what: text === null ? texts.KINDS["system"]! : null };
    case "status":
      return { ...said, ...statusOf(event, text) };
    case "payment_status":
      return { ...said, what: texts.payment(spelt(value).toLowerCase()) };
    case "call":
      return { ...said, ...callOf(event) };
    case "user_preference":
      return { ...said, what: texts.PREFERENCE_WORDS[value] ?? spelt(value), text: null };
    case "handover":
      return { ...said, what: texts.HANDOVER_WORDS[value] ?? spelt(value) };
    case "contact_sync":
      return { ...said, what: texts.BOOK_WORDS[value] ?? spelt(value), text: null };
    case "group":
      // Its name stands before it.
      return { ...said, what: texts.GROUP_WORDS[value] ?? spelt(value), text: null, ...errorOf(event) };
    default:
      return { ...said, ...aboutAccount(event) };
  }
}

function whoOf({ contact, group, template, kind, text }: EventSummary): string | null {
  if (template) return template.name ?? texts.UNKNOWN_TEMPLATE;
  if (kind === "contact_sync") return text ?? contact?.display_name ?? null;
  if (kind === "phone_number") return text;
  if (group && contact) return texts.inGroup(contact.display_name, group.display_name);
  return group?.display_name ?? contact?.display_name ?? null;
}

function saidOf(event: EventSummary, text: string | null): Partial<EventWords> {
  // A copy for a listener may be of anything that happens to a message.
  if (event.kind === "standby" && event.type === null && event.value !== null)
    return { what: texts.STATUS_WORDS[event.value] ?? spelt(event.value) };
  const type = event.type ?? "text";
  const what = type === "text" && text !== null ? null : typeLabel(type);
  return { what: what === text ? null : what, ...(event.error && errorOf(event)) };
}

function statusOf(event: EventSummary, text: string | null): Partial<EventWords> {
  const value = event.value ?? "";
  const what = texts.STATUS_WORDS[value] ?? spelt(value);
  if (event.error) return { what, text: event.error.title, tone: "bad" };
  const about = text ?? (event.type === null || event.type === "text" ? null : typeLabel(event.type));
  return { what, text: about, tone: value === "failed" ? "bad" : null };
}

function callOf({ value, direction, call, error }: EventSummary): Partial<EventWords> {
  if (value === "connect")
    return { what: direction === "OUTBOUND" ? texts.OUTGOING_CALL : texts.INCOMING_CALL };
  if (value !== "terminate") return { what: texts.CALL_WORDS[value ?? ""] ?? spelt(value ?? "call") };
  if (error || call?.failed) return { what: texts.CALL_FAILED, text: error?.title ?? null, tone: "bad" };
  if (call?.picked_up)
    return { what: texts.callEnded(call.duration_s === null ? null : duration(call.duration_s * 1_000)) };
  return { what: direction === "OUTBOUND" ? texts.UNANSWERED_CALL : texts.MISSED_CALL };
}

const GOOD = new Set(["APPROVED", "REINSTATED", "GREEN"]);
const BAD = new Set(["REJECTED", "DISABLED", "PAUSED", "RED", "FLAGGED"]);

function aboutAccount(event: EventSummary): Partial<EventWords> {
  const value = event.value ?? "";
  const word = spelt(value);
  const tone = GOOD.has(value) ? "good" : BAD.has(value) ? "bad" : null;
  switch (event.kind) {
    case "template_status":
      return { what: texts.templateIs(word.toLowerCase()), tone };
    case "template_quality":
      return { what: texts.qualityIs(word.toLowerCase()), tone };
    case "template_category":
      return { what: texts.categoryIs(word.toLowerCase()) };
    case "template_components":
      return { what: texts.TEMPLATE_CHANGED };
    case "error":
      return { what: texts.KINDS["error"]!, ...errorOf(event) };
    default:
      return { what: word === "" ? (texts.KINDS[event.kind] ?? spelt(event.kind)) : word, text: null };
  }
}

const errorOf = ({ error }: EventSummary): Partial<EventWords> =>
  error ? { text: error.title, tone: "bad" } : {};

/** Without the signs of formats; Meta's own words for reasons as words. */
const readable = (text: string) =>
  /^[A-Z]+(?:_[A-Z]+)*$/.test(text) && text.includes("_")
    ? spelt(text)
    : plainText(text).replace(/\s+/g, " ");

/** `ACCOUNT_RESTRICTION` → `Account restriction` */
const spelt = (word: string) =>
  word
    .replaceAll("_", " ")
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase());
