import type { EventData, Person, Subscription } from "../events.ts";
import type { Json, JsonObject } from "../json/json.ts";

/**
 * Items of one webhook. Meta sends a thousand at most, and 3 MiB hold fewer real ones than this; a body of a million
 * tiny ones would hold up everything behind it for as long as they take.
 */
export const MAX_ITEMS = 20_000;

/** What stands around an item. */
export interface Surroundings {
  field: string;
  value: JsonObject;
  contacts: readonly Person[];
  /** How many items the list holds. */
  item_count: number;
  waba_id: string | null;
  phone_number_id: string | null;
  display_phone_number: string | null;
  /** `entry.time` as text: a part of keys. Only template and account fields have it. */
  entry_time: string | null;
  entry_time_ms: number | null;
}

/** Of an item that stands alone. */
export const NOTHING_AROUND: Surroundings = {
  field: "",
  value: {},
  contacts: [],
  item_count: 0,
  waba_id: null,
  phone_number_id: null,
  display_phone_number: null,
  entry_time: null,
  entry_time_ms: null,
};

/** One event of an item. A missing key means: the hash of the item. */
export interface Reading {
  data: EventData;
  subscription: Subscription;
  occurred_at_ms: number | null;
  key?: string;
  /** When the event is only a part of its item (one message of a chunk of history). */
  part?: Json;
  /** Why it could not be read; its data is then of kind `other`. */
  problem?: string;
}

/** Reads one item into its events: one, but for history. What is wrong with it comes back as `unreadable`. */
export type ItemReader = (item: JsonObject, around: Surroundings) => Reading[];

export function unreadable(
  subject: string,
  subscription: Subscription,
  problem: string,
  occurred_at_ms: number | null = null,
): Reading {
  return { data: { kind: "other", subject }, subscription, occurred_at_ms, problem };
}
