/**
 * Meta's language: what a webhook's bytes say, whether Meta signed them, and the same webhook with only some of its
 * items. Pure functions; nothing here knows of a database or a socket.
 */
export { SUBSCRIPTIONS } from "./events.ts";
export type {
  EventData,
  EventKind,
  Failure,
  ItemPath,
  MessageContent,
  MetaEvent,
  Person,
  ReadWebhook,
  Subscription,
  TemplateRef,
} from "./events.ts";
export type { RoutedEvent } from "./routed.ts";
export { readWebhook } from "./read-webhook.ts";
export { signBody, verifySignature } from "./signature.ts";
export { sliceWebhook } from "./slice-webhook.ts";
