import type { EventKind, Subscription } from "../events.ts";

/**
 * Kinds of items that are one subscription's wherever they come. The others (`system`, `error`, `other`) go where
 * their field says, which only the webhook's bytes tell.
 */
export const SUBSCRIPTION_OF_KIND: Readonly<Partial<Record<EventKind, Subscription>>> = {
  message: "messages",
  reaction: "messages",
  message_edit: "messages",
  message_revoke: "messages",
  status: "statuses",
  payment_status: "statuses",
  echo: "echoes",
  echo_edit: "echoes",
  echo_revoke: "echoes",
  history_message: "echoes",
  contact_sync: "echoes",
  user_preference: "user_preferences",
  template_status: "template_status",
  template_quality: "template_quality",
  template_category: "template_quality",
  template_components: "template_quality",
  phone_number: "phone_number",
  account: "account",
  flow: "flows",
  group: "groups",
  call: "calls",
  user_action: "other",
  // A receiver must not take another responder's thread for its own.
  standby: "other",
  handover: "other",
};

/** What a reader of the journal calls the kinds. */
const GROUP_OF_KIND = {
  message: "messages",
  reaction: "messages",
  message_edit: "messages",
  message_revoke: "messages",
  system: "messages",
  status: "statuses",
  payment_status: "statuses",
  template_status: "templates",
  template_quality: "templates",
  template_category: "templates",
  template_components: "templates",
  call: "calls",
  group: "groups",
  echo: "echoes",
  echo_edit: "echoes",
  echo_revoke: "echoes",
  history_message: "echoes",
  contact_sync: "echoes",
  user_preference: "preferences",
  account: "account",
  phone_number: "account",
  flow: "other",
  handover: "other",
  standby: "other",
  error: "other",
  user_action: "other",
  other: "other",
} as const satisfies Record<EventKind, string>;
export type EventGroup = (typeof GROUP_OF_KIND)[EventKind];

/** The kinds of a group; without one, all. */
export function kindsOf(group?: EventGroup): string[] {
  const kinds = Object.entries(GROUP_OF_KIND);
  return kinds.flatMap(([kind, own]) => (group === undefined || own === group ? kind : []));
}
