import type { MessageContent } from "../../meta/events.ts";
import { messageHash } from "../../meta/meta.ts";
import type { RoutedEvent } from "../../meta/routed.ts";
import type { Facts, Line } from "../facts/facts.ts";
import { numberOf, stampOf } from "./read-people.ts";

/** Why an event has no effect of its own. */
export const NO_PERSON = "nothing in it says who it is about";
const NO_NUMBER = "it names no phone number of ours, so there is no thread to put it in";

/** Adds a line; the reason when there is no thread for it. */
export function addLine(
  facts: Facts,
  event: RoutedEvent,
  line: Omit<
    Line,
    "workspace_id" | "event_id" | "phone_number" | "sent_at_ms" | "position" | "received_at" | "wamid_hash"
  >,
): string | null {
  if (event.phone_number === null) return NO_NUMBER;
  const { phone_number, received_at } = event;
  const { workspace_id, event_id, at_ms } = stampOf(event);
  facts.lines.push({
    ...line,
    workspace_id,
    event_id,
    phone_number,
    received_at,
    sent_at_ms: at_ms,
    position: event.event.position,
    wamid_hash: line.wamid === null ? event_id : messageHash(phone_number, line.wamid),
  });
  return null;
}

/** What a line takes from its message. */
export function lineOf(message: MessageContent, wamid: string) {
  const { type, text, content, reply, context_wamid, context_from: from = null } = message;
  return { type, text, content, reply, context_wamid, context_from: from && numberOf(from), wamid };
}
