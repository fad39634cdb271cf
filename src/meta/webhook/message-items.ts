import { readContent, typeOf } from "./message-content.ts";
import type { EventData, Person } from "../events.ts";
import { asObject, asText, asTime_ms, hashOf, type JsonObject } from "../json/json.ts";
import { asId, completed, isIdentified, personOf, readParty } from "./people.ts";
import { type ItemReader, type Reading, type Surroundings, unreadable } from "./reading.ts";

/** `value.messages[]` of the field `messages`: what people write, and what WhatsApp itself says in their threads. */
export const readMessage: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const type = typeOf(item);
  const wamid = asText(item["id"]);
  const data =
    type === null
      ? "The message has neither a type nor a body."
      : type === "system"
        ? readSystem(item, wamid, around)
        : readFromPerson(item, type, wamid, around);
  if (typeof data === "string") return [unreadable("messages", "messages", data, occurred_at_ms)];
  return [keyed({ data, subscription: "messages", occurred_at_ms })];
};

/** `value.message_echoes[]`: what the business wrote on its own phone. */
export const readEcho: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const type = typeOf(item);
  const wamid = asText(item["id"]);
  const data =
    type === null ? "The echo has neither a type nor a body." : readEchoOf(item, type, wamid, around);
  if (typeof data === "string") return [unreadable("message_echoes", "echoes", data, occurred_at_ms)];
  return [keyed({ data, subscription: "echoes", occurred_at_ms })];
};

/** An id for a message that came without one: the same message again gets the same. */
export function standInId(item: JsonObject, around: Surroundings): string {
  return `no-id.${hashOf([around.phone_number_id, around.waba_id], item)}`;
}

function keyed(reading: Reading): Reading {
  const wamid = "wamid" in reading.data ? reading.data.wamid : null;
  return wamid === null ? reading : { ...reading, key: `message:${wamid}` };
}

function readFromPerson(
  item: JsonObject,
  type: string,
  wamid: string | null,
  around: Surroundings,
): EventData | string {
  const from = completed(readParty(item, "from"), around.contacts, around.item_count);
  if (!isIdentified(from)) return "The message names no sender.";
  const group_id = asId(item["group_id"]);
  switch (type) {
    case "reaction": {
      const reaction = asObject(item["reaction"]);
      const target_wamid = asText(reaction?.["message_id"]);
      if (target_wamid === null) return "The reaction names no message.";
      return { kind: "reaction", wamid, from, group_id, target_wamid, emoji: asText(reaction?.["emoji"]) };
    }
    case "edit": {
      const edit = readEdit(item);
      return typeof edit === "string" ? edit : { kind: "message_edit", wamid, from, group_id, ...edit };
    }
    case "revoke": {
      const target_wamid = asText(asObject(item["revoke"])?.["original_message_id"]);
      if (target_wamid === null) return "The revoke names no message.";
      return { kind: "message_revoke", wamid, from, group_id, target_wamid };
    }
    default: {
      const message = readContent(item, type);
      return { kind: "message", wamid: wamid ?? standInId(item, around), from, group_id, message };
    }
  }
}

function readEchoOf(
  item: JsonObject,
  type: string,
  wamid: string | null,
  around: Surroundings,
): EventData | string {
  // The contacts beside an echo may name the business itself.
  const others = around.contacts.filter(
    (contact) => contact.wa_id === null || contact.wa_id !== asText(item["from"]),
  );
  const to = completed(readParty(item, "to"), others, around.item_count);
  if (!isIdentified(to)) return "The echo names no recipient.";
  switch (type) {
    case "edit": {
      const edit = readEdit(item);
      return typeof edit === "string" ? edit : { kind: "echo_edit", wamid, to, ...edit };
    }
    case "revoke": {
      const target_wamid = asText(asObject(item["revoke"])?.["original_message_id"]);
      if (target_wamid === null) return "The revoke names no message.";
      return { kind: "echo_revoke", wamid, to, target_wamid };
    }
    default:
      return { kind: "echo", wamid: wamid ?? standInId(item, around), to, message: readContent(item, type) };
  }
}

function readEdit(item: JsonObject) {
  const edit = asObject(item["edit"]);
  const target_wamid = asText(edit?.["original_message_id"]);
  if (target_wamid === null) return "The edit names no message.";
  const inner = asObject(edit?.["message"]);
  const type = inner && typeOf(inner);
  if (!inner || type === null) return "The edit holds no new content.";
  return { target_wamid, message: readContent(inner, type) };
}

/**
 * A person's new number or id comes in several spellings: `wa_id` or `new_wa_id`; with the old ids in
 * `previous_user_id`, in `from`, in `customer`, or nowhere; and since August 2026 with no `from` at all.
 */
function readSystem(item: JsonObject, wamid: string | null, around: Surroundings): EventData | string {
  const system = asObject(item["system"]) ?? {};
  const system_type = asText(system["type"]) ?? "unknown";
  const body = asText(system["body"]);
  if (!/changed_(?:number|user_id)/.test(system_type)) {
    const person = completed(readParty(item, "from"), around.contacts, around.item_count);
    if (!isIdentified(person)) return "The system message names no person.";
    return { kind: "system", wamid, person, system_type, body, moved: null };
  }
  const before = personOf(
    asText(item["from"]) ?? asText(system["customer"]),
    asText(system["previous_user_id"]) ?? asText(item["from_user_id"]),
    asText(system["previous_parent_user_id"]) ?? asText(item["from_parent_user_id"]),
  );
  const after = personOf(
    asText(system["wa_id"]) ?? asText(system["new_wa_id"]),
    asText(system["user_id"]),
    asText(system["parent_user_id"]),
  );
  return moveOf(wamid, system_type, body, before, after, around) ?? "The system message names no person.";
}

function moveOf(
  wamid: string | null,
  system_type: string,
  body: string | null,
  before: Person,
  after: Person,
  around: Surroundings,
): EventData | null {
  // Only contacts that share an id: a single contact may be the old person as well as the new one.
  const from = completed(before, around.contacts, 0);
  const to = completed(after, around.contacts, 0);
  const person = isIdentified(from) ? from : to;
  if (!isIdentified(person)) return null;
  const moved = isIdentified(from) && isIdentified(to) ? { from, to } : null;
  return { kind: "system", wamid, person, system_type, body, moved };
}

/** `value.user_id_update[]`: the same announcement in a field of its own (early 2026, since retired). */
export const readUserIdUpdate: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const user_id = asObject(item["user_id"]);
  const parent = asObject(item["parent_user_id"]);
  const wa_id = asText(item["wa_id"]);
  const before = personOf(wa_id, asText(user_id?.["previous"]), asText(parent?.["previous"]));
  const after = personOf(wa_id, asText(user_id?.["current"]), asText(parent?.["current"]));
  const data = moveOf(null, "user_id_update", asText(item["detail"]), before, after, around);
  if (!data) return [unreadable("user_id_update", "other", "The update names no person.", occurred_at_ms)];
  return [{ data, subscription: "other", occurred_at_ms }];
};
