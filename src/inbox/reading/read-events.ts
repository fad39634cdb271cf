import { visible } from "../../base/base.ts";
import type { EventData, MessageContent } from "../../meta/events.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import {
  BUSINESS,
  type Consent,
  type Facts,
  type Handle,
  noFacts,
  type Reaction,
  readHistoryStatus,
  type Reading,
  readMeaning,
  readStatus,
  stateOf,
} from "../facts/facts.ts";
import { addLine, lineOf, NO_PERSON } from "./read-lines.ts";
import {
  about,
  addMoves,
  identitiesOf,
  numberOf,
  readRecipient,
  see,
  seeGroup,
  seeRecipient,
  seeSharedNumber,
  sightingOf,
  stampOf,
  tell,
} from "./read-people.ts";
import { addParticipation, readThreadEvent } from "./read-threads.ts";

type Data<Kind extends EventData["kind"]> = Extract<EventData, { kind: Kind }>;

/** "User stopped marketing messages": what Meta answers to a marketing message after a stop. */
const STOPPED_MARKETING = 131050;
/** "Re-engagement message": the recipient last wrote more than 24 hours ago. */
const WINDOW_CLOSED = 131047;
/** Replies that are taps of what a business wrote on a button or a row. */
const TAPS: ReadonlySet<string> = new Set(["button", "button_reply", "list_reply"]);

/** Events to facts. Pure: what an event says does not depend on what came before it. */
export function readEvents(
  events: readonly RoutedEvent[],
  readingOf: (event: RoutedEvent) => Reading,
): Facts {
  const facts = noFacts();
  for (const event of events) {
    const reason = readEvent(event, facts, readingOf);
    if (reason !== null) facts.ignored.push({ id: event.id, reason });
  }
  return facts;
}

/** Adds what one event says; the reason when it has no effect of its own. Kinds of other rooms are passed over. */
function readEvent(
  event: RoutedEvent,
  facts: Facts,
  readingOf: (event: RoutedEvent) => Reading,
): string | null {
  const { data } = event.event;
  switch (data.kind) {
    case "message":
      return readMessage(event, data, facts, readingOf(event));
    case "reaction": {
      const actor = see(event, data.from, facts);
      if (!actor) return NO_PERSON;
      const party = groupOf(data.group_id) ?? actor;
      facts.reactions.push({ ...about(event, data.target_wamid), party, actor, emoji: data.emoji || null });
      return null;
    }
    case "message_edit": {
      const author = see(event, data.from, facts);
      readEdit(event, data, groupOf(data.group_id) ?? author, facts);
      if (author && !data.group_id) say(event, author, data.message, data.wamid, facts, readingOf(event));
      return null;
    }
    case "echo_edit":
      readEdit(event, data, see(event, data.to, facts), facts);
      return null;
    case "message_revoke":
    case "echo_revoke": {
      const seen = see(event, data.kind === "echo_revoke" ? data.to : data.from, facts);
      const party = data.kind === "message_revoke" ? (groupOf(data.group_id) ?? seen) : seen;
      facts.revokes.push({ ...about(event, data.target_wamid), party });
      return null;
    }
    case "system":
      return readSystem(event, data, facts);
    case "status":
      return readStatusEvent(event, data, facts);
    case "echo": {
      const identity = seeRecipient(event, data.to, data.wamid, facts);
      if (!identity) return NO_PERSON;
      if (addReaction(event, data.message, identity, facts)) return null;
      tell(event, data.wamid, identity, facts);
      return addLine(facts, event, {
        ...lineOf(data.message, data.wamid),
        origin: "echo",
        direction: "OUTBOUND",
        source: "PHONE_APP",
        identity,
        author: null,
      });
    }
    case "history_message":
      return readHistory(event, data, facts, readingOf(event));
    case "contact_sync":
      return readContactSync(event, data, facts);
    case "user_preference":
      return readPreference(event, data, facts);
    default: {
      const read = (inner: RoutedEvent) => readEvent(inner, facts, readingOf);
      return readThreadEvent(event, facts, read) ?? null;
    }
  }
}

function readMessage(
  event: RoutedEvent,
  data: Data<"message">,
  facts: Facts,
  reading: Reading,
): string | null {
  const author = see(event, data.from, facts);
  if (author) seeSharedNumber(event, author, data.message, facts);
  const group = data.group_id === null ? null : seeGroup(event, data.group_id, facts);
  const identity = group ?? author;
  if (!identity) return NO_PERSON;
  if (author && data.group_id !== null) addParticipation(event, data.group_id, author, true, facts);
  if (author && !group) say(event, author, data.message, data.wamid, facts, reading);
  return addLine(facts, event, {
    ...lineOf(data.message, data.wamid),
    origin: "message",
    direction: "INBOUND",
    source: "CUSTOMER",
    identity,
    author: group && author,
  });
}

function readHistory(
  event: RoutedEvent,
  data: Data<"history_message">,
  facts: Facts,
  reading: Reading,
): string | null {
  const identity = data.from_business
    ? seeRecipient(event, data.person, data.wamid, facts)
    : see(event, data.person, facts);
  if (!identity) return NO_PERSON;
  const actor = data.from_business ? BUSINESS : identity;
  if (addReaction(event, data.message, identity, facts, actor)) return null;
  if (data.from_business) tell(event, data.wamid, identity, facts);
  const status = data.from_business && data.status !== null ? readHistoryStatus(data.status) : null;
  if (status) {
    // When it got there is not told; the times of the ladder are for what Meta timed.
    const step = { ...about(event, data.wamid), at_ms: null, status };
    facts.statuses.push({ ...step, failures: [], pricing: null, conversation: null });
  }
  if (!data.from_business) say(event, identity, data.message, data.wamid, facts, reading);
  return addLine(facts, event, {
    ...lineOf(data.message, data.wamid),
    ...(data.from_business
      ? ({ direction: "OUTBOUND", source: "PHONE_APP" } as const)
      : ({ direction: "INBOUND", source: "CUSTOMER" } as const)),
    origin: "history",
    identity,
    author: null,
  });
}

function readSystem(event: RoutedEvent, data: Data<"system">, facts: Facts): string | null {
  let identity = see(event, data.person, facts);
  if (data.moved) {
    const from = see(event, data.moved.from, facts);
    const to = see(event, data.moved.to, facts);
    if (from && to) addMoves(event, data.moved.from, data.moved.to, facts);
    identity ??= to ?? from;
  }
  if (!identity) return NO_PERSON;
  return addLine(facts, event, {
    origin: "system",
    direction: "INBOUND",
    source: "CUSTOMER",
    type: "system",
    wamid: data.wamid,
    identity,
    author: null,
    text: data.body,
    context_wamid: null,
    context_from: null,
    reply: null,
    content: { type: data.system_type, ...(data.body === null ? {} : { body: data.body }) },
  });
}

function readStatusEvent(event: RoutedEvent, data: Data<"status">, facts: Facts): string | null {
  const stopped = data.errors.some((error) => error.code === STOPPED_MARKETING);
  const recipient = readRecipient(event, data, stopped, facts);
  if (stopped && recipient) {
    const error = data.errors.find(({ code }) => code === STOPPED_MARKETING);
    facts.consents.push({
      ...statementOf(event, recipient, data.wamid),
      state: "UNSUBSCRIBED",
      source: "META_ERROR_131050",
      evidence: error?.details ?? error?.message ?? error?.title ?? null,
    });
  }
  const [closed] = identitiesOf(data.recipient);
  if (
    closed &&
    event.phone_number !== null &&
    data.group_id === null &&
    data.errors.some(({ code }) => code === WINDOW_CLOSED)
  ) {
    const { workspace_id, wamid_hash, at_ms } = about(event, data.wamid);
    facts.closures.push({
      workspace_id,
      phone_number: event.phone_number,
      identity: closed,
      wamid_hash,
      at_ms,
    });
  }
  const status = readStatus(data.status);
  if (!status) return `\`${data.status}\` is no step of a message's status`;
  facts.statuses.push({
    ...about(event, data.wamid),
    status,
    failures: status === "FAILED" ? data.errors : [],
    pricing: data.pricing,
    conversation: data.conversation,
  });
  return null;
}

function readContactSync(event: RoutedEvent, data: Data<"contact_sync">, facts: Facts): string | null {
  const value = data.phone_number === null ? "" : numberOf(data.phone_number);
  if (value === "") return NO_PERSON;
  const book_name = data.action.toLowerCase() === "remove" ? null : (data.full_name ?? data.first_name);
  facts.sightings.push({
    ...sightingOf(event, [{ kind: "wa_id", value }]),
    book_name,
  });
  return null;
}

function readPreference(event: RoutedEvent, data: Data<"user_preference">, facts: Facts): string | null {
  const identity = see(event, data.person, facts);
  if (!identity) return NO_PERSON;
  if (data.category !== null && data.category !== "marketing_messages")
    return `we keep no preference of the category \`${data.category}\``;
  const value = data.value.toLowerCase();
  const state =
    value === "stop" ? "UNSUBSCRIBED" : value === "resume" || value === "signup" ? "SUBSCRIBED" : null;
  if (!state) return `the preference \`${data.value}\` is not known`;
  facts.consents.push({
    ...statementOf(event, identity, null),
    state,
    source: "META_PREFERENCE",
    evidence: data.detail ?? data.value,
  });
  return null;
}

function readEdit(
  event: RoutedEvent,
  data: Data<"message_edit" | "echo_edit">,
  party: Handle | null,
  facts: Facts,
): void {
  const { type, content } = data.message;
  const { phone_number, received_at } = event;
  const text = visible(data.message.text);
  const edited = about(event, data.target_wamid);
  facts.edits.push({ ...edited, party, type, text, content, phone_number, received_at });
}

function groupOf(group_id: string | null | undefined): Handle | null {
  return group_id ? { kind: "group", value: group_id } : null;
}

/** Echoes and history know no kind of their own for reactions; they are messages of that type. */
function addReaction(
  event: RoutedEvent,
  { type, content }: MessageContent,
  party: Handle,
  facts: Facts,
  actor: Reaction["actor"] = BUSINESS,
): boolean {
  const { message_id, emoji } = content;
  if (type !== "reaction" || typeof message_id !== "string") return false;
  facts.reactions.push({
    ...about(event, message_id),
    party,
    actor,
    emoji: typeof emoji === "string" && emoji !== "" ? emoji : null,
  });
  return true;
}

/** STOP, START and the answer to a double opt-in, typed or tapped, and said to us alone: in a group it is said to all who are in it. */
function say(
  event: RoutedEvent,
  identity: Handle,
  message: MessageContent,
  wamid: string | null,
  facts: Facts,
  reading: Reading,
): void {
  const { reply } = message;
  // A caption is a text, too; what a card, a place, a flow or a permission holds is not.
  if (reply !== null && !TAPS.has(reply.kind)) return;
  const meaning = readMeaning({ text: message.text, tap: reply }, reading.lists);
  if (!meaning || (meaning === "CONFIRM" && !reading.confirms)) return;
  const texts = reply ? [reply.payload, reply.title] : [message.text];
  facts.consents.push({
    ...statementOf(event, identity, wamid),
    state: stateOf[meaning],
    source: meaning === "CONFIRM" ? "DOUBLE_OPT_IN" : reply ? "BUTTON" : `${meaning}_KEYWORD`,
    evidence: texts.filter((text) => text !== null).join(" / "),
  });
}

function statementOf(
  event: RoutedEvent,
  identity: Handle,
  wamid: string | null,
): Pick<Consent, "workspace_id" | "event_id" | "identity" | "wamid" | "at_ms"> {
  return { ...stampOf(event), identity, wamid };
}
