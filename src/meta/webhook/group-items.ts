import { visible, tableOf } from "../../base/base.ts";
import type { GroupChange, Person } from "../events.ts";
import { asFailures, asList, asObject, asText, asTime_ms, type JsonObject } from "../json/json.ts";
import { asId, asName, isIdentified, personOf } from "./people.ts";
import { type ItemReader, unreadable } from "./reading.ts";

/** Two pages of Meta's name the same events differently. */
const EVENTS = tableOf<string>({
  group_add_participants: "group_participants_add",
  group_remove_participants: "group_participants_remove",
});

/** `value.groups[]` of the four fields `group_*_update`. */
export const readGroup: ItemReader = (item, around) => {
  const occurred_at_ms = asTime_ms(item["timestamp"]);
  const group_id = asId(item["group_id"]);
  const named = asText(item["type"])?.toLowerCase() ?? null;
  if (group_id === null || named === null) {
    return [unreadable("groups", "groups", "The event names no group, or no type.", occurred_at_ms)];
  }
  const event = Object.hasOwn(EVENTS, named) ? EVENTS[named]! : named;
  const change = readChange(item, asText(item["initiated_by"]) ?? asText(around.value["initiated_by"]));
  return [{ data: { kind: "group", group_id, event, change }, subscription: "groups", occurred_at_ms }];
};

function readChange(item: JsonObject, initiated_by: string | null): GroupChange {
  const asking = participantOf(item);
  return {
    subject: asName(item["subject"]) ?? visible(settingOf(item["group_subject"])),
    description: asText(item["description"]) ?? settingOf(item["group_description"]),
    join_approval_mode: asText(item["join_approval_mode"]),
    invite_link: asText(item["invite_link"]),
    picture: asObject(item["profile_picture"])?.["update_successful"] === true,
    joined: participantsOf(item["added_participants"]),
    left: participantsOf(item["removed_participants"]),
    asking: isIdentified(asking) ? asking : null,
    initiated_by,
    reason: asText(item["reason"]),
    errors: asFailures(item["errors"]),
  };
}

/** A new text, unless WhatsApp did not take it. */
function settingOf(value: JsonObject[string] | undefined): string | null {
  const setting = asObject(value);
  return setting?.["update_successful"] === false ? null : asText(setting?.["text"]);
}

function participantsOf(value: JsonObject[string] | undefined): Person[] {
  return (asList(value) ?? []).flatMap((entry) => {
    const item = asObject(entry);
    const person = item && participantOf(item);
    return person && isIdentified(person) ? [person] : [];
  });
}

/** `input` is what the business itself wrote: a number or an id. */
function participantOf(item: JsonObject): Person {
  const person = personOf(
    asText(item["wa_id"]) ?? asText(item["input"]),
    asText(item["user_id"]),
    asText(item["parent_user_id"]),
  );
  return { ...person, username: asText(item["username"]) };
}
