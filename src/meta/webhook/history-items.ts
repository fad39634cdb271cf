import { readContent, typeOf } from "./message-content.ts";
import type { Person } from "../events.ts";
import { asList, asObject, asText, asTime_ms, type JsonObject } from "../json/json.ts";
import { asUsername, completed, personOf, readParty, sameNumber } from "./people.ts";
import { type ItemReader, MAX_ITEMS, type Reading, type Surroundings, unreadable } from "./reading.ts";
import { standInId } from "./message-items.ts";

/**
 * `value.history[]`: a chunk of what a phone app's number wrote and received before it was connected, as threads of
 * messages; or the error that its owner declined to share it. A chunk is one item of the webhook and gives one event
 * a message. History has keys of its own: the same message may also have come live.
 */
export const readHistory: ItemReader = (chunk, around) => {
  if (Array.isArray(chunk["errors"])) {
    return [{ data: { kind: "error", subject: "history" }, subscription: "echoes", occurred_at_ms: null }];
  }
  const readings: Reading[] = [];
  for (const entry of asList(chunk["threads"]) ?? []) {
    const thread = asObject(entry);
    for (const item of asList(thread?.["messages"]) ?? []) {
      if (readings.length > MAX_ITEMS) return readings;
      const message = asObject(item);
      readings.push({
        ...(thread && message
          ? readPast(message, around, threadPerson(thread))
          : unreadable("history", "echoes", "A message of the history is not an object.")),
        part: item,
      });
    }
  }
  // A chunk without messages still tells how far the sharing has come.
  if (readings.length > 0) return readings;
  return [{ data: { kind: "other", subject: "history" }, subscription: "echoes", occurred_at_ms: null }];
};

/** `value.messages[]` in the field `history`: the media of messages whose places the chunks left open. */
export const readHistoryMedia: ItemReader = (item, around) => {
  const reading = readPast(item, around, null);
  return [reading.key === undefined ? reading : { ...reading, key: `${reading.key}:media` }];
};

function threadPerson(thread: JsonObject): Person {
  const context = asObject(thread["context"]);
  return {
    ...personOf(
      asText(thread["id"]) ?? asText(context?.["wa_id"]),
      asText(context?.["user_id"]),
      asText(context?.["parent_user_id"]),
    ),
    username: asUsername(context?.["username"]),
  };
}

function readPast(item: JsonObject, around: Surroundings, thread: Person | null): Reading {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const type = typeOf(item);
  if (type === null) {
    return unreadable("history", "echoes", "The message has neither a type nor a body.", occurred_at_ms);
  }
  const context = asObject(item["history_context"]);
  const from = readParty(item, "from");
  const from_me = context?.["from_me"];
  const from_business =
    typeof from_me === "boolean"
      ? from_me
      : asText(item["to"]) !== null ||
        asText(item["to_user_id"]) !== null ||
        sameNumber(from.wa_id, around.display_phone_number);
  const person = thread ?? (from_business ? readParty(item, "to") : from);
  const wamid = asText(item["id"]) ?? standInId(item, around);
  return {
    data: {
      kind: "history_message",
      wamid,
      person: completed(person, around.contacts, 0),
      from_business,
      status: asText(context?.["status"])?.toLowerCase() ?? null,
      message: readContent(item, type),
    },
    subscription: "echoes",
    occurred_at_ms,
    key: `history:${wamid}`,
  };
}
