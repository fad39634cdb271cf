/**
 * Meta's language: what a webhook's bytes say, whether Meta signed them, and the same webhook with only some of its
 * items; what may be sent, what Meta's errors mean, and a client of its Graph API. All but the client are pure
 * functions; nothing here knows of a database.
 */
export { checkMedium, checkSize, mediaLimit_bytes, mediaTypeOf, type MediaType } from "./check-medium.ts";
export { checkMessage } from "./check-message.ts";
export {
  type Behaviour,
  BEHAVIOURS,
  CATALOGUE,
  explainFailure,
  type GraphError,
  type MetaError,
  retryDelay_ms,
  tellingFailure,
} from "./errors.ts";
export {
  type Called,
  createGraph,
  type Failed,
  type Graph,
  GRAPH_VERSION,
  type GraphOptions,
  type NewTemplate,
  type Sent,
} from "./graph.ts";
export type { GraphGroup, GraphTemplate } from "./graph-shapes.ts";
export { type Outgoing, type OutgoingContent, wireOf } from "./outgoing.ts";
export { judgeNumber, readNumber, searchedNumbers } from "./phone-numbers.ts";
export { SUBSCRIPTIONS } from "./events.ts";
export { kindsOf, SUBSCRIPTION_OF_KIND } from "./kinds.ts";
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
export { commonNumber, dialledToday, variantsOf, type NumberPart } from "./number-variants.ts";
export { failureOf, itemOf, readWebhook } from "./read-webhook.ts";
export { readStored, type StoredEvent } from "./read-stored.ts";
export { signBody, verifySignature } from "./signature.ts";
export { sliceWebhook } from "./slice-webhook.ts";
export { messageHash, readWamid, wamidOver } from "./wamid.ts";
