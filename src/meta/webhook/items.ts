import { readCall } from "./call-items.ts";
import type { Subscription } from "../events.ts";
import { fieldOf } from "./webhook-fields.ts";
import { readGroup } from "./group-items.ts";
import { readHistory, readHistoryMedia } from "./history-items.ts";
import { asObject, asText, asTime_ms, type JsonObject } from "../json/json.ts";
import { readEcho, readMessage, readUserIdUpdate } from "./message-items.ts";
import { asName, completed, isIdentified, personOf } from "./people.ts";
import { type ItemReader, type Reading, type Surroundings, unreadable } from "./reading.ts";
import { inStandby, readHandover } from "./standby-items.ts";
import { readStatus } from "./status-items.ts";
import { readTemplate } from "./template-items.ts";

export const readUserPreference: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const own = personOf(asText(item["wa_id"]), asText(item["user_id"]), asText(item["parent_user_id"]));
  const person = completed(own, around.contacts, around.item_count);
  const value = asText(item["value"])?.toLowerCase() ?? null;
  const problem = !isIdentified(person)
    ? "The preference names no person."
    : value === null
      ? "The preference has no value."
      : null;
  if (problem !== null || value === null) {
    return [unreadable("user_preferences", "user_preferences", problem ?? "", occurred_at_ms)];
  }
  const { category, detail } = item;
  return [
    {
      data: { kind: "user_preference", person, category: asText(category), value, detail: asText(detail) },
      subscription: "user_preferences",
      occurred_at_ms,
    },
  ];
};

export const readContactSync: ItemReader = (item) => {
  const contact = asObject(item["contact"]);
  const action = asText(item["action"])?.toLowerCase() ?? null;
  const occurred_at_ms = asTime_ms(asObject(item["metadata"])?.["timestamp"]);
  if (!contact || action === null) {
    return [unreadable("state_sync", "echoes", "The entry has no contact or no action.", occurred_at_ms)];
  }
  return [
    {
      data: {
        kind: "contact_sync",
        action,
        phone_number: asText(contact["phone_number"]),
        full_name: asName(contact["full_name"]),
        first_name: asName(contact["first_name"]),
      },
      subscription: "echoes",
      occurred_at_ms,
    },
  ];
};

/** `user_actions[]`: it names no one by itself, in most accounts of it; the contact beside it does. */
const readUserAction: ItemReader = (item, { contacts, item_count }) => {
  const own = personOf(asText(item["wa_id"]), asText(item["user_id"]), asText(item["parent_user_id"]));
  return [
    {
      data: {
        kind: "user_action",
        subject: "user_actions",
        person: completed(own, contacts, item_count),
        action: asText(item["action_type"])?.toLowerCase() ?? null,
      },
      subscription: "other",
      occurred_at_ms: asTime_ms(item["timestamp"]),
    },
  ];
};

/** Items that are kept, shown and delivered, with no rule of ours behind them. */
function kept(kind: "error" | "other", subject: string, subscription: Subscription) {
  return (item: JsonObject): Reading[] => [
    { data: { kind, subject }, subscription, occurred_at_ms: asTime_ms(item["timestamp"]) },
  ];
}

/** The reader of a list's items, by the list's name; `messages` mean something else in `history`. */
export function readerOf(list: string, field: string): ItemReader {
  const reader = readerOfList(list, field);
  return field === "standby" ? inStandby(reader) : reader;
}

function readerOfList(list: string, field: string): ItemReader {
  switch (list) {
    case "messages":
      return field === "history" ? readHistoryMedia : readMessage;
    case "statuses":
      return readStatus;
    case "message_echoes":
      return readEcho;
    case "history":
      return readHistory;
    case "state_sync":
      return readContactSync;
    case "user_preferences":
      return readUserPreference;
    case "user_id_update":
      return readUserIdUpdate;
    case "calls":
      return readCall;
    case "groups":
      return readGroup;
    case "user_actions":
      return readUserAction;
    case "errors":
      return kept("error", field, fieldOf(field).subscription);
    default:
      return kept("other", list, "other");
  }
}

/** Whose subscription an item of a list is when it can't be read. */
export function subscriptionOf(list: string, field: string): Subscription {
  if (field === "standby") return "other";
  if (list === "statuses") return field === "calls" ? "calls" : "statuses";
  if (list === "messages") return field === "history" ? "echoes" : "messages";
  if (list === "message_echoes" || list === "history" || list === "state_sync") return "echoes";
  if (list === "user_preferences" || list === "calls" || list === "groups") {
    return list;
  }
  return list === "errors" ? fieldOf(field).subscription : "other";
}

/** A value that is one event as a whole. */
export function readWhole(value: JsonObject, around: Surroundings): Reading {
  const { field } = around;
  const { whole: kind = "other", subscription } = fieldOf(field);
  const occurred_at_ms = asTime_ms(value["timestamp"]) ?? around.entry_time_ms;
  switch (kind) {
    case "template_status":
    case "template_quality":
    case "template_category":
    case "template_components":
      return readTemplate(value, around);
    case "phone_number":
      return {
        data: {
          kind,
          display_phone_number: asText(value["display_phone_number"]),
          event: asText(value["event"]) ?? asText(value["decision"]),
        },
        subscription,
        occurred_at_ms,
      };
    case "account":
    case "flow":
      return { data: { kind, subject: field }, subscription, occurred_at_ms };
    case "handover":
      return readHandover(value);
    default:
      return { data: { kind: "other", subject: field }, subscription, occurred_at_ms };
  }
}
