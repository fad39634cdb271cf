import { readCall, readCallStatus } from "./call-items.ts";
import type { EventData, EventKind } from "../events.ts";
import { readGroup } from "./group-items.ts";
import { readHistoryMedia } from "./history-items.ts";
import { readContactSync, readUserPreference, readWhole } from "./items.ts";
import { asObject, type JsonObject, readJson } from "../json/json.ts";
import { readEcho, readMessage, readUserIdUpdate } from "./message-items.ts";
import { type ItemReader, NOTHING_AROUND, type Reading } from "./reading.ts";
import { inStandby } from "./standby-items.ts";
import { readStatus } from "./status-items.ts";

/** An event as it is kept: its kind, its item, and the business number that its webhook named. */
export interface StoredEvent {
  kind: string;
  key: string;
  /** `events.payload`, as text. */
  payload: string;
  display_phone_number: string | null;
}

/**
 * What a stored event says, read again from its item alone: names that stood beside the item are not in it. Null where
 * the item could not be read when it came, or is of a kind that says nothing but its name (`error`, `other`).
 */
export function readStored({ kind, key, payload, display_phone_number }: StoredEvent): EventData | null {
  const reader = Object.hasOwn(READERS, kind) ? READERS[kind as EventKind] : undefined;
  const read = reader && readJson(Buffer.from(payload));
  const item = read?.ok ? asObject(read.value) : null;
  if (!reader || !item) return null;
  const around = { ...NOTHING_AROUND, value: item, display_phone_number };
  const data = reader(item, around).find((one) => one.data.kind === kind)?.data ?? null;
  // The stand-in for an id follows from more than the item: the key has it.
  const stand_in = STAND_IN.exec(key)?.[0];
  return stand_in !== undefined && data !== null && "wamid" in data ? { ...data, wamid: stand_in } : data;
}

const STAND_IN = /no-id\.[0-9a-f]{32}/;

/** A value that is one event as a whole, of one of these fields. */
const whole =
  (...fields: string[]): ItemReader =>
  (item, around): Reading[] =>
    fields.map((field) => readWhole(item, { ...around, field }));

const readAnyCall: ItemReader = (item, around) =>
  item["event"] === undefined ? readCallStatus(item, around) : readCall(item, around);

/** `messages` and `user_id_update` both announce a new number or id. */
const readSystem: ItemReader = (item, around) =>
  asObject(item["system"]) ? readMessage(item, around) : readUserIdUpdate(item, around);

/** A copy for a listener: of a status, of what the business sent, or of what a customer wrote. */
const readStandby: ItemReader = (item, around) =>
  inStandby(standbyReaderOf(item))(item, { ...around, field: "standby" });
const standbyReaderOf = (item: JsonObject): ItemReader =>
  item["status"] !== undefined ? readStatus : isSent(item) ? readEcho : readMessage;
const isSent = (item: JsonObject) =>
  ["to", "to_user_id", "message"].some((name) => item[name] !== undefined && item[name] !== null);

const READERS: Readonly<Partial<Record<EventKind, ItemReader>>> = {
  message: readMessage,
  reaction: readMessage,
  message_edit: readMessage,
  message_revoke: readMessage,
  system: readSystem,
  status: readStatus,
  payment_status: readStatus,
  call: readAnyCall,
  group: readGroup,
  handover: whole("messaging_handovers"),
  standby: readStandby,
  echo: readEcho,
  echo_edit: readEcho,
  echo_revoke: readEcho,
  history_message: readHistoryMedia,
  contact_sync: readContactSync,
  user_preference: readUserPreference,
  template_status: whole("message_template_status_update"),
  template_quality: whole("message_template_quality_update"),
  template_category: whole("template_category_update"),
  template_components: whole("message_template_components_update"),
  phone_number: whole("phone_number_quality_update"),
};
