import type { Failure, ItemPath, MetaEvent, ReadWebhook, Subscription } from "../events.ts";
import { fieldOf, inferField, isBox, ITEM_LISTS, listsOf } from "./webhook-fields.ts";
import { readerOf, readWhole, subscriptionOf } from "./items.ts";
import {
  asFailures,
  asList,
  asObject,
  asRecord,
  asText,
  asTime_ms,
  describe,
  encode,
  hashOf,
  type Json,
  type JsonObject,
  readJson,
} from "../json/json.ts";
import { readContacts } from "./people.ts";
import { MAX_ITEMS, NOTHING_AROUND, type Reading, type Surroundings, unreadable } from "./reading.ts";

const OURS = "whatsapp_business_account";
/** Meta's fields are lower-case names; `__proto__` is not one. */
const FIELD_NAME = /^[a-z][a-z0-9_]{0,99}$/;

/**
 * What a body holds, as events. Pure; never throws. One bad item becomes an event that says what is wrong with it
 * and harms nothing beside it; only a body in which nothing at all can be a change is malformed as a whole.
 */
export function readWebhook(body: Buffer): ReadWebhook {
  const read = readJson(body);
  if (!read.ok) return read;
  const root = asObject(read.value);
  if (!root) return { ok: false, reason: `The body is ${describe(read.value)}, not an object.` };
  // Relays drop the object's name; the shape then speaks for itself.
  const object = asText(root["object"]) ?? OURS;
  if (object !== OURS) {
    return { ok: true, object, events: [], note: `The object "${object.slice(0, 100)}" is not WhatsApp's.` };
  }
  const entries = root["entry"];
  if (!Array.isArray(entries)) return { ok: false, reason: `"entry" is ${describe(entries)}, not an array.` };
  if (entries.length === 0) return { ok: true, object, events: [], note: "The webhook has no entries." };

  const reader = new Reader(read.lossless);
  for (const [at, entry] of entries.entries()) {
    if (reader.too_many) break;
    reader.readEntry(entry, at);
  }
  const { events, usable, first_problem } = reader;
  if (reader.too_many) return { ok: false, reason: TOO_MANY };
  if (!usable) return { ok: false, reason: first_problem ?? "The webhook holds no changes." };
  return { ok: true, object, events, note: events.length === 0 ? "The webhook holds no items." : null };
}

const TOO_MANY = `The webhook holds more than ${MAX_ITEMS.toLocaleString("en")} items, which Meta never sends; none was taken.`;

/** Collects the events of one body. */
class Reader {
  readonly events: MetaEvent[] = [];
  /** Something in the body is a change of Meta's. */
  usable = false;
  first_problem: string | null = null;
  /** It holds more than is read: nothing of it counts, and nothing more is looked at. */
  too_many = false;
  readonly #lossless: boolean;

  constructor(lossless: boolean) {
    this.#lossless = lossless;
  }

  readEntry(value: Json, at: number): void {
    const path: ItemPath = { entry: at, change: 0, list: null, index: 0 };
    const entry = asObject(value);
    if (!entry) return this.#reject(`entry[${at}] is ${describe(value)}, not an object.`, value, path, null);
    const waba_id = wabaOf(asText(entry["id"]));
    const changes = entry["changes"];
    if (!Array.isArray(changes) || changes.length === 0) {
      const problem = `entry[${at}].changes is ${describe(changes)}, where a list of changes should be.`;
      return this.#reject(problem, value, path, waba_id);
    }
    for (const [index, change] of changes.entries()) {
      if (this.too_many) return;
      this.#readChange(change, entry, waba_id, { ...path, change: index });
    }
  }

  #readChange(item: Json, entry: JsonObject, waba_id: string | null, path: ItemPath): void {
    const where = `entry[${path.entry}].changes[${path.change}]`;
    const change = asObject(item);
    if (!change) return this.#reject(`${where} is ${describe(item)}, not an object.`, item, path, waba_id);
    const value = asObject(change["value"]);
    const named = asText(change["field"]);
    const field = named ?? (value && inferField(Object.keys(value)));
    if (field === null) {
      return this.#reject(`${where} names no field, and its value does not tell it.`, item, path, waba_id);
    }
    if (!FIELD_NAME.test(field)) {
      return this.#reject(`${where} has "${field.slice(0, 100)}" for a field.`, item, path, waba_id);
    }
    if (!Object.hasOwn(change, "value")) {
      return this.#reject(`${where} has no value.`, item, path, waba_id);
    }
    this.usable = true;
    if (this.#holdsTooManyContacts(value)) return;
    const around = surroundingsOf(field, value ?? {}, entry, waba_id);
    if (!value) {
      const problem = `The value is ${describe(change["value"])}, not an object.`;
      this.#add(unreadable(field, fieldOf(field).subscription, problem), change["value"]!, path, around);
      return;
    }
    this.#readValue(value, path, around);
  }

  #readValue(value: JsonObject, path: ItemPath, around: Surroundings): void {
    const { field } = around;
    const nested = field === "standby" ? asObject(value["standby"]) : null;
    if (this.#holdsTooManyContacts(nested)) return;
    if (nested && this.#readNested(nested, path, { ...around, contacts: readContacts(nested) })) return;
    const lists = listsOf(
      field,
      Object.keys(value).filter((key) => Array.isArray(value[key])),
    );
    let items = 0;
    for (const list of lists) {
      const members = value[list] as Json[];
      around.item_count = members.length;
      items += members.length;
      for (const [index, item] of members.entries()) {
        if (this.too_many) return;
        for (const reading of readItem(item, list, around)) {
          this.#add(reading, reading.part ?? item, { ...path, list, index }, around);
        }
      }
    }
    const misshapen = isBox(field) || lists.length > 0 ? misshapenList(value) : null;
    if (items > 0 && misshapen === null) return;
    // What no list holds is kept as the value itself.
    const { subscription } = fieldOf(field);
    const reading =
      misshapen !== null
        ? unreadable(field, subscription, `"${misshapen}" is ${describe(value[misshapen])}, not an array.`)
        : field === "messages"
          ? unreadable(field, subscription, "The value holds no messages, statuses or errors.")
          : readWhole(value, around);
    this.#add(reading, value, path, around);
  }

  /** Lists a level deeper: a path does not lead there, so their items come and go with the whole value. */
  #readNested(value: JsonObject, path: ItemPath, around: Surroundings): boolean {
    const before = this.events.length;
    for (const [list, members] of Object.entries(value)) {
      if (!Array.isArray(members) || !ITEM_LISTS.some((name) => name === list)) continue;
      around.item_count = members.length;
      for (const item of members) {
        if (this.too_many) return true;
        for (const reading of readItem(item, list, around))
          this.#add(reading, reading.part ?? item, path, around);
      }
    }
    return this.events.length > before;
  }

  #holdsTooManyContacts(value: JsonObject | null): boolean {
    this.too_many ||= (asList(value?.["contacts"])?.length ?? 0) > MAX_ITEMS;
    return this.too_many;
  }

  #add(reading: Reading, item: Json, path: ItemPath, around: Surroundings): void {
    if (this.events.length >= MAX_ITEMS || peopleIn(reading) > MAX_ITEMS) {
      this.too_many = true;
      return;
    }
    const { data, subscription, occurred_at_ms, problem = null } = reading;
    const { waba_id, phone_number_id, display_phone_number, field } = around;
    // A value without an id of its own is told from the next one like it by the time of its entry.
    const scope = [field, path.list, waba_id, phone_number_id, around.entry_time];
    this.events.push({
      data,
      subscription,
      key: reading.key ?? `${data.kind}:${hashOf(scope, item)}`,
      occurred_at_ms,
      path,
      position: this.events.length,
      waba_id,
      phone_number_id,
      display_phone_number,
      payload: encode(item, this.#lossless),
      problem,
    });
  }

  /** A part of the envelope that can't be a change. */
  #reject(problem: string, item: Json, path: ItemPath, waba_id: string | null): void {
    this.first_problem ??= problem;
    this.#add(unreadable("webhook", "other", problem), item, path, { ...NOWHERE, waba_id });
  }
}

/** Of one event: people come and go many at once in a group alone. */
const peopleIn = ({ data }: Reading): number =>
  data.kind === "group" ? data.change.joined.length + data.change.left.length : 0;

const NOWHERE: Surroundings = { ...NOTHING_AROUND, field: "webhook" };

/** A list of items that is no list. */
function misshapenList(value: JsonObject): string | null {
  const name = ITEM_LISTS.find((list) => (value[list] ?? null) !== null && !Array.isArray(value[list]));
  return name ?? null;
}

function readItem(item: Json, list: string, around: Surroundings): Reading[] {
  const subscription: Subscription = subscriptionOf(list, around.field);
  const object = asObject(item);
  if (!object) return [unreadable(list, subscription, `The item is ${describe(item)}, not an object.`)];
  try {
    return readerOf(list, around.field)(object, around);
  } catch (error) {
    // A mistake of ours must cost this item only, and be seen.
    const message = error instanceof Error ? error.message : String(error);
    return [unreadable(list, subscription, `The item could not be read: ${message}`)];
  }
}

function surroundingsOf(
  field: string,
  value: JsonObject,
  entry: JsonObject,
  waba_id: string | null,
): Surroundings {
  const metadata = asObject(value["metadata"]) ?? asObject(value["recipient"]);
  return {
    field,
    value,
    contacts: readContacts(value),
    item_count: 0,
    // A partner's webhook has the partner's own business in `entry.id`, and the account it is about inside.
    waba_id: asText(asObject(value["waba_info"])?.["waba_id"]) ?? waba_id,
    phone_number_id:
      asText(metadata?.["phone_number_id"]) ??
      asText(asObject(value["phone_number_settings"])?.["phone_number_id"]),
    display_phone_number: asText(metadata?.["display_phone_number"]) ?? asText(value["display_phone_number"]),
    entry_time: asText(entry["time"]),
    entry_time_ms: asTime_ms(entry["time"]),
  };
}

/** The test button of Meta's dashboard says "0". */
function wabaOf(id: string | null): string | null {
  return id === "0" ? null : id;
}

/** The item of an event again, in Meta's own names; of a field that is one event as a whole: its value. */
export function itemOf({ payload }: Pick<MetaEvent, "payload">): Record<string, unknown> {
  const read = readJson(Buffer.from(payload));
  return (read.ok ? asRecord(read.value) : null) ?? {};
}

/** The error that an event of kind `error` is. */
export function failureOf({ payload }: Pick<MetaEvent, "payload">): Failure | null {
  const read = readJson(Buffer.from(payload));
  return read.ok ? (asFailures([read.value])[0] ?? null) : null;
}
