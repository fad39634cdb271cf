import { tableOf } from "../table-of.ts";
import { isolate } from "./isolate.ts";

/** Words for what Meta's webhooks tell: rows of the Journal and of deliveries. */

export const KINDS = tableOf<string>({
  message: "Message",
  reaction: "Reaction",
  message_edit: "Edited message",
  message_revoke: "Deleted message",
  system: "WhatsApp notice",
  status: "Message status",
  payment_status: "Payment status",
  template_status: "Template status",
  template_quality: "Template quality",
  template_category: "Template category",
  template_components: "Template content",
  call: "Call",
  group: "Group",
  echo: "Sent from the phone",
  echo_edit: "Edited on the phone",
  echo_revoke: "Deleted on the phone",
  history_message: "Older message",
  contact_sync: "Phone address book",
  user_preference: "Marketing preference",
  account: "Account",
  phone_number: "Phone number",
  flow: "Flow",
  handover: "Handover",
  standby: "Standby copy",
  error: "Error",
  user_action: "User action",
  other: "Other event",
});

/** One that we have no word for as Meta calls it. */
export const kindLabel = (kind: string) => KINDS[kind] ?? kind;

export const STATUS_WORDS = tableOf<string>({
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  failed: "Failed",
  deleted: "Deleted",
});

export const CALL_WORDS = tableOf<string>({
  created: "Call created",
  ringing: "Ringing",
  accepted: "Call accepted",
  rejected: "Call declined",
  recording: "Call recording is ready",
  transcription: "Call transcript is ready",
});

export const GROUP_WORDS = tableOf<string>({
  group_create: "Group created",
  group_delete: "Group deleted",
  group_participants_add: "Joined the group",
  group_participants_remove: "Left the group",
  group_join_request_created: "Asks to join the group",
  group_join_request_revoked: "No longer asks to join the group",
  group_settings_update: "Group settings changed",
  group_suspend: "Group suspended by WhatsApp",
  group_suspend_cleared: "Group suspension ended",
});

export const PREFERENCE_WORDS = tableOf<string>({
  stop: "Stopped marketing messages",
  resume: "Allows marketing messages again",
});

export const HANDOVER_WORDS = tableOf<string>({
  control_passed: "Conversation passed to you",
  control_taken: "Conversation taken over by another app",
});

export const BOOK_WORDS = tableOf<string>({
  add: "Saved in the phone’s address book",
  edit: "Changed in the phone’s address book",
  remove: "Removed from the phone’s address book",
});

export const OUTGOING_CALL = "Outgoing call";
export const INCOMING_CALL = "Incoming call";
export const MISSED_CALL = "Missed call";
export const UNANSWERED_CALL = "Call not answered";
export const CALL_FAILED = "Call failed";
export const REACTION_REMOVED = "Removed a reaction";
export const MESSAGE_EDITED = "Edited a message";
export const MESSAGE_DELETED = "Deleted a message";
export const TEMPLATE_CHANGED = "Template content changed";
export const UNKNOWN_TEMPLATE = "A template";

export const callEnded = (length: string | null) => (length === null ? "Call ended" : `Call, ${length}`);
export const reacted = (emoji: string) => `Reacted ${emoji}`;
export const templateIs = (status: string) => `Template ${status}`;
export const qualityIs = (quality: string) => `Template quality: ${quality}`;
export const categoryIs = (category: string) => `Template category: ${category}`;
export const payment = (status: string) => `Payment ${status}`;
export const inGroup = (name: string, group: string) => `${isolate(name)} in ${isolate(group)}`;
export const more = (count: number) => `+${count} more`;
