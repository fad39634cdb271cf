import { isolate } from "../lib/words/isolate.ts";
import type { ConversationStatus } from "../lib/types.ts";

export const STATUS: Record<ConversationStatus, string> = {
  OPEN: "Open",
  PENDING: "Pending",
  RESOLVED: "Resolved",
};

export const ROW = {
  none: "No messages",
  you: "You: ",
  other_app: "Another app: ",
  said_by: (name: string) => `${isolate(name)}: `,
  not_sent: "Not sent: ",
  not_sent_yet: "Not sent yet: ",
  failed: "Not delivered",
  failed_hint: "Your newest message did not reach the customer",
  stopped: "Stop",
  stopped_hint: "Unsubscribed from marketing",
  late: "Late",
  late_hint: (sent_at: string, arrived_at: string) =>
    `A message of ${sent_at} arrived late, at ${arrived_at}`,
  unread: (count: number) => `${count} unread`,
};

export const VIEW = {
  conversation: "Conversation",
  with: (name: string) => `Conversation with ${name}`,
  panel: "The conversation",
  no_number: "No number shown",
  gone: {
    title: "This conversation does not exist",
    text: "It was deleted or merged with another one, or the link is wrong.",
    back: "Back to the Inbox",
  },
  status: (status: string) => `Status: ${status}. Change`,
  now: "now",
};
