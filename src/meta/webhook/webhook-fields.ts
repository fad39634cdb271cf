import { tableOf } from "../../base/base.ts";
import type { EventKind, Subscription } from "../events.ts";

/**
 * Meta's webhook fields: whose subscription each is, and whether its value is the item or a box of lists of items.
 * A new field of Meta's is one line here (and a reader, when we want to understand it).
 */
interface Field {
  subscription: Subscription;
  /** The value as a whole is the event; the arrays in it are its parts. */
  whole?: EventKind;
}

const FIELDS = tableOf<Field>({
  messages: { subscription: "messages" },
  message_echoes: { subscription: "echoes" },
  smb_message_echoes: { subscription: "echoes" },
  smb_app_state_sync: { subscription: "echoes" },
  history: { subscription: "echoes" },
  user_preferences: { subscription: "user_preferences" },
  user_id_update: { subscription: "other" },
  calls: { subscription: "calls" },
  group_lifecycle_update: { subscription: "groups" },
  group_participants_update: { subscription: "groups" },
  group_settings_update: { subscription: "groups" },
  group_status_update: { subscription: "groups" },

  message_template_status_update: { subscription: "template_status", whole: "template_status" },
  message_template_quality_update: { subscription: "template_quality", whole: "template_quality" },
  message_template_components_update: { subscription: "template_quality", whole: "template_components" },
  template_category_update: { subscription: "template_quality", whole: "template_category" },
  template_correct_category_detection: { subscription: "template_quality", whole: "template_category" },

  phone_number_name_update: { subscription: "phone_number", whole: "phone_number" },
  phone_number_quality_update: { subscription: "phone_number", whole: "phone_number" },
  security: { subscription: "phone_number", whole: "phone_number" },

  account_alerts: { subscription: "account", whole: "account" },
  account_review_update: { subscription: "account", whole: "account" },
  account_settings_update: { subscription: "account", whole: "account" },
  account_update: { subscription: "account", whole: "account" },
  business_capability_update: { subscription: "account", whole: "account" },
  business_username_update: { subscription: "account", whole: "account" },
  business_username_updates: { subscription: "account", whole: "account" },
  partner_solutions: { subscription: "account", whole: "account" },
  payment_configuration_update: { subscription: "account", whole: "account" },

  flows: { subscription: "flows", whole: "flow" },
  messaging_handovers: { subscription: "other", whole: "handover" },
  // Its lists stand in the value, or, as in older webhooks, in `value.standby`.
  standby: { subscription: "other" },
  automatic_events: { subscription: "other", whole: "other" },
  consumer_profile: { subscription: "other", whole: "other" },
  tracking_events: { subscription: "other", whole: "other" },
  template_performance_metrics: { subscription: "other", whole: "other" },
});

/** The lists that hold items wherever they stand: fields may share one value. */
export const ITEM_LISTS = [
  "messages",
  "statuses",
  "message_echoes",
  "state_sync",
  "history",
  "user_preferences",
  "user_id_update",
  "user_actions",
  "calls",
  "groups",
] as const;

export function fieldOf(name: string): Field {
  return Object.hasOwn(FIELDS, name) ? FIELDS[name]! : { subscription: "other" };
}

/** A field of Meta's whose value is a box of lists. */
export function isBox(name: string): boolean {
  return Object.hasOwn(FIELDS, name) && FIELDS[name]!.whole === undefined;
}

/**
 * Which keys of a value are lists of items, given the keys that hold arrays. None: the value itself is the item.
 * Reader and slicer share this rule, so a path means the same to both.
 */
export function listsOf(field: string, array_keys: readonly string[]): string[] {
  if (fieldOf(field).whole) return [];
  const boxed = isBox(field) || array_keys.some((key) => ITEM_LISTS.some((list) => list === key));
  return boxed ? array_keys.filter((key) => key !== "contacts") : [];
}

/** Relays leave the field out; the value's own keys tell it. Null when they don't. */
export function inferField(keys: readonly string[]): string | null {
  if (keys.includes("messages") || keys.includes("statuses") || keys.includes("errors")) return "messages";
  if (keys.includes("message_echoes")) return "smb_message_echoes";
  if (keys.includes("state_sync")) return "smb_app_state_sync";
  for (const field of ["history", "user_preferences", "user_id_update", "calls", "standby"]) {
    if (keys.includes(field)) return field;
  }
  if (keys.includes("message_template_id")) return "message_template_status_update";
  return null;
}
