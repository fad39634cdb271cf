import { asObject, asText, asTime_ms, type JsonObject } from "../json/json.ts";
import { isIdentified, personOf } from "./people.ts";
import { type ItemReader, type Reading, unreadable } from "./reading.ts";

/**
 * Items of the field `standby`: copies of what another responder of the number receives and sends. They have keys of
 * their own, as the same item may come again in the field `messages` once the thread is ours.
 */
export const inStandby =
  (read: ItemReader): ItemReader =>
  (item, around) =>
    read(unwrapped(item), around).map((reading): Reading => {
      if (reading.problem !== undefined) return { ...reading, subscription: "other" };
      const { key, ...rest } = reading;
      const told = { ...rest, data: { kind: "standby", told: reading.data }, subscription: "other" } as const;
      return key === undefined ? told : { ...told, key: `standby:${key}` };
    });

/** An echo of a message that was sent by the API holds that request's body in `message`. */
function unwrapped(item: JsonObject): JsonObject {
  const message = asObject(item["message"]);
  if (!message) return item;
  const answered = asText(asObject(message["context"])?.["message_id"]);
  return {
    ...message,
    ...(answered === null ? {} : { context: { id: answered } }),
    ...(asText(message["recipient"]) === null ? {} : { to_user_id: message["recipient"]! }),
    id: item["id"] ?? null,
    timestamp: item["timestamp"] ?? null,
  };
}

/** The value of the field `messaging_handovers`. It has no id: the same again is told by its hash. */
export function readHandover(value: JsonObject): Reading {
  const occurred_at_ms = asTime_ms(value["timestamp"]);
  const sender = asObject(value["sender"]);
  const handover_type = asText(value["type"])?.toLowerCase() ?? null;
  const person = personOf(
    asText(sender?.["phone_number"]) ?? asText(sender?.["wa_id"]),
    asText(sender?.["user_id"]),
    asText(sender?.["parent_user_id"]),
  );
  if (handover_type === null || !isIdentified(person)) {
    const problem = handover_type === null ? "The handover has no type." : "The handover names no person.";
    return unreadable("messaging_handovers", "other", problem, occurred_at_ms);
  }
  const detail = asObject(value[handover_type]);
  const context = asObject(detail?.["conversation_context"]);
  return {
    data: {
      kind: "handover",
      person,
      handover_type,
      // The app's role was its name before there were roles.
      from_role: asText(detail?.["previous_owner_role"]) ?? asText(detail?.["previous_owner_app_role"]),
      to_role: asText(detail?.["new_owner_role"]),
      note: asText(detail?.["metadata"]),
      summary: asText(asObject(context?.["summary"])?.["text"]),
    },
    subscription: "other",
    occurred_at_ms,
  };
}
